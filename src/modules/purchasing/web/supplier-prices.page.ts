import type { Ctx } from '../../../platform/http';
import { exportAction, listHref, type ListPage, type ListQuery, sortLink } from '../../../platform/lists';
import type { List, PageHead } from '../../../platform/views';
import type { SupplierPriceListRow } from '../queries/supplier-prices';
import type { SupplierRow } from '../queries/suppliers';

export const pricesHref = (supplierId: number): string => `/purchasing/suppliers/${supplierId}/prices`;

export const priceCrumbs = ({ t }: Pick<Ctx, 't'>, supplier: SupplierRow) => [
  { label: t('purchasing:menu.suppliers'), href: '/purchasing/suppliers' },
  { label: supplier.name, href: `/purchasing/suppliers/${supplier.id}` },
];

export function supplierPricesPage(
  ctx: Ctx,
  supplier: SupplierRow,
  query: ListQuery,
  found: ListPage<SupplierPriceListRow>,
  counts: Record<'now' | 'later' | 'ended', number>,
): { head: PageHead; list: List } {
  const { t, f } = ctx;
  const { filters } = query;
  const href = pricesHref(supplier.id);
  const edits = ctx.can('purchasing.price.edit');
  const add = { label: t('purchasing:price.add'), href: `${href}/new`, icon: 'plus', look: 'primary' } as const;
  const bring = {
    label: t('purchasing:price.import'),
    href: '/imports/purchasing.prices',
    icon: 'file-upload',
    look: 'plain',
  } as const;
  const total = counts.now + counts.later + counts.ended;
  const tab = (valid: keyof typeof counts | null) => ({
    label: t(`purchasing:price.tab.${valid ?? 'all'}`),
    href: listHref(query, { valid }),
    count: valid ? counts[valid] : total,
    current: (filters['valid'] ?? null) === valid,
  });
  return {
    head: {
      title: t('purchasing:price.title'),
      say: supplier.name,
      crumbs: priceCrumbs(ctx, supplier),
      actions: [exportAction(ctx, query), ...(edits ? [bring, add] : [])],
    },
    list: {
      tabs: { label: t('common:list.views'), tabs: [tab(null), tab('now'), tab('later'), tab('ended')] },
      filters: {
        action: href,
        text: { name: 'q', value: filters['q'] ?? '', label: t('purchasing:price.find') },
        keep: filters['valid'] ? { valid: filters['valid'] } : {},
        chips: [],
      },
      table: {
        id: 'supplier-prices',
        caption: t('purchasing:price.title'),
        sticky: true,
        columns: [
          { key: 'product', label: t('purchasing:receipt.product'), card: 'title', sort: sortLink(query, 'product') },
          { key: 'from', label: t('purchasing:price.fromOn'), card: 'number', sort: sortLink(query, 'from') },
          { key: 'until', label: t('purchasing:price.untilOn'), card: 'number' },
          { key: 'min', label: t('purchasing:price.minQuantity'), num: true, card: 'number' },
          { key: 'pack', label: t('purchasing:price.packSize'), num: true, card: 'number' },
          {
            key: 'price',
            label: t('purchasing:receipt.price'),
            num: true,
            card: 'number',
            sort: sortLink(query, 'price'),
          },
          { key: 'by', label: t('purchasing:price.by'), card: 'hide' },
        ],
        rows: found.rows.map((row) => ({
          id: row.id,
          label: row.skuName,
          cells: [
            { text: row.skuName, sub: row.skuCode, strong: true, ...(edits ? { href: `${href}/${row.id}` } : {}) },
            f.date(row.fromOn),
            row.untilOn === null ? null : f.date(row.untilOn),
            f.number(row.minQuantity),
            f.number(row.packSize),
            f.money(row.unitPriceFen),
            row.createdByName,
          ],
        })),
      },
      pager: {
        say: t('common:list.rows', { count: total }),
        ...(found.previousHref ? { previousHref: found.previousHref } : {}),
        ...(found.nextHref ? { nextHref: found.nextHref } : {}),
      },
      empty: {
        title: t('purchasing:price.empty'),
        text: t('purchasing:price.emptyHint'),
        ...(edits ? { action: add } : {}),
      },
      filtered: Object.keys(filters).length > 0,
      clearHref: href,
    },
  };
}
