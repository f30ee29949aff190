import type { Ctx } from '../../../platform/http';
import { listHref, type ListPage, type ListQuery, sortLink } from '../../../platform/lists';
import { type FilterBar, type List, type PageHead, stateLabel } from '../../../platform/views';
import { TRACKINGS } from '../domain/tracking';
import type { CategoryNode } from '../queries/categories';
import type { ProductListRow } from '../queries/product-list';
import type { BrandRow } from '../queries/product-page';

export const PRODUCTS = '/catalog/products';

export interface CatalogChoices {
  brands: readonly BrandRow[];
  categories: readonly CategoryNode[];
}

export function productListPage(
  ctx: Ctx,
  query: ListQuery,
  { rows, previousHref, nextHref }: ListPage<ProductListRow>,
  choices: CatalogChoices,
): { head: PageHead; list: List } {
  const { t, f } = ctx;
  const create = {
    label: t('catalog:product.create'),
    href: `${PRODUCTS}/new`,
    icon: 'plus' as const,
    look: 'primary' as const,
  };
  const mayEdit = ctx.can('catalog.product.edit');
  const exportHref = listHref(query, { sort: null, direction: null, size: null }).replace(
    PRODUCTS,
    `${PRODUCTS}/export`,
  );
  return {
    head: {
      title: t('catalog:product.title'),
      actions: [
        { label: t('common:action.exportExcel'), href: exportHref, icon: 'file-spreadsheet', wideOnly: true },
        ...(mayEdit ? [create] : []),
      ],
    },
    list: {
      filters: filterBar(ctx, query, choices),
      table: {
        id: 'products',
        caption: t('catalog:product.title'),
        sticky: true,
        columns: [
          { key: 'name', label: t('catalog:product.name'), card: 'title', sort: sortLink(query, 'name') },
          { key: 'brand', label: t('catalog:brand.one') },
          { key: 'category', label: t('catalog:category.one') },
          { key: 'model', label: t('catalog:product.modelNumber'), optional: true },
          { key: 'tracking', label: t('catalog:product.tracking'), optional: true },
          { key: 'skus', label: t('catalog:sku.count'), num: true, card: 'number' },
          {
            key: 'updated',
            label: t('catalog:product.updated'),
            num: true,
            card: 'hide',
            sort: sortLink(query, 'updated'),
          },
          { key: 'state', label: t('catalog:state'), card: 'state' },
        ],
        rows: rows.map((row) => ({
          id: row.id,
          label: row.name,
          cells: [
            {
              text: row.name,
              href: `${PRODUCTS}/${row.id}`,
              strong: true,
              ...(row.pictureId === null ? {} : { picture: `/attachments/${row.pictureId}` }),
            },
            row.brandName,
            row.categoryName,
            row.modelNumber ?? '',
            t(`catalog:tracking.${row.tracking}`),
            f.number(row.skus),
            f.dateTime(row.updatedAt),
            { state: stateLabel(t, row.active ? 'active' : 'inactive') },
          ],
        })),
      },
      pager: { ...(previousHref ? { previousHref } : {}), ...(nextHref ? { nextHref } : {}) },
      empty: {
        title: t('catalog:product.empty'),
        text: t('catalog:product.emptyHint'),
        ...(mayEdit ? { action: create } : {}),
      },
      filtered: Object.keys(query.filters).length > 0,
      clearHref: PRODUCTS,
    },
  };
}

function filterBar({ t }: Ctx, query: ListQuery, { brands, categories }: CatalogChoices): FilterBar {
  const { q = '', brand, category, tracking, active } = query.filters;
  const chips: FilterBar['chips'] = [];
  const chip = (label: string | undefined, name: string): void => {
    if (label) chips.push({ label, removeHref: listHref(query, { [name]: null }) });
  };
  chip(brands.find((row) => String(row.id) === brand)?.name, 'brand');
  chip(categories.find((row) => String(row.id) === category)?.path, 'category');
  if (TRACKINGS.some((one) => one === tracking)) chip(t(`catalog:tracking.${tracking}`), 'tracking');
  if (active === 'no' || active === 'all') chip(t(`catalog:active.${active}`), 'active');
  const options = <T extends { id: number }>(rows: readonly T[], label: (row: T) => string) =>
    rows.map((row) => ({ value: row.id, label: label(row) }));
  return {
    action: PRODUCTS,
    text: { name: 'q', value: q, label: t('catalog:product.searchFor') },
    chips,
    fields: [
      {
        name: 'brand',
        label: t('catalog:brand.one'),
        type: 'select',
        value: brand ?? '',
        options: options(brands, (row) => row.name),
      },
      {
        name: 'category',
        label: t('catalog:category.one'),
        type: 'select',
        value: category ?? '',
        options: options(categories, (row) => row.path),
      },
      {
        name: 'tracking',
        label: t('catalog:product.tracking'),
        type: 'select',
        value: tracking ?? '',
        options: TRACKINGS.map((value) => ({ value, label: t(`catalog:tracking.${value}`) })),
      },
      {
        name: 'active',
        label: t('catalog:state'),
        type: 'select',
        value: active ?? '',
        choose: t('catalog:active.yes'),
        options: ['no', 'all'].map((value) => ({ value, label: t(`catalog:active.${value}`) })),
      },
    ],
  };
}
