import type { Ctx } from '../../../platform/http';
import { percentText } from '../../../platform/http';
import { type Action, type Facts, type PageHead, stateLabel, type Table } from '../../../platform/views';
import { EDIT_BOMS } from '../use-cases/save-bom';
import { bomHref } from './bom.routes';
import type { ProductView } from '../queries/product-page';
import { PRODUCTS } from './products.page';

export interface ProductModel {
  head: PageHead;
  facts: Facts;
  skus: Table;
  picture: { src: string | null; alt: string; action: string | null; problem: string | null };
}

export function productPage(ctx: Ctx, row: ProductView, pictureProblem: string | null = null): ProductModel {
  const { t, f } = ctx;
  const mayEdit = ctx.can('catalog.product.edit');
  const actions: Action[] = [];
  if (ctx.can('pricing.price.view'))
    actions.push({ label: t('catalog:product.prices'), href: `/pricing/prices?product=${row.id}`, icon: 'tag' });
  if (ctx.can('inventory.stock.view'))
    actions.push({
      label: t('catalog:product.movements'),
      href: `/inventory/movements?product=${row.id}`,
      icon: 'arrows-exchange',
    });
  if (row.tracking === 'serial' && ctx.can('inventory.device.view'))
    actions.push({
      label: t('catalog:product.devices'),
      href: `/inventory/devices?view=all&product=${row.id}`,
      icon: 'device-mobile',
    });
  if (mayEdit) {
    actions.push({ label: t('common:action.edit'), href: `${PRODUCTS}/${row.id}/edit`, icon: 'edit' });
    actions.push({
      label: t('catalog:sku.generate'),
      href: `${PRODUCTS}/${row.id}/variants/new`,
      icon: 'plus',
      look: 'primary',
    });
  }
  return {
    head: {
      title: row.name,
      crumbs: [{ href: PRODUCTS, label: t('catalog:product.title') }],
      state: stateLabel(t, row.active ? 'active' : 'inactive', true),
      say: [row.brandName, row.categoryName].join(' · '),
      actions,
    },
    facts: {
      facts: [
        { label: t('catalog:product.modelNumber'), value: row.modelNumber ?? t('common:none') },
        { label: t('catalog:product.tracking'), value: t(`catalog:trackingLong.${row.tracking}`) },
        { label: t('catalog:product.taxRate'), value: `${percentText(row.taxRateBp)}%` },
        {
          label: t('catalog:product.warrantyMonths'),
          value:
            row.warrantyMonths > 0
              ? t('catalog:product.warrantyValue', { count: row.warrantyMonths })
              : t('common:none'),
        },
        { label: t('catalog:product.updated'), value: f.dateTime(row.updatedAt) },
        ...(row.tacs.length > 0
          ? [{ label: t('catalog:tac.title'), value: row.tacs.map((one) => one.code).join(t('catalog:separator')) }]
          : []),
      ],
    },
    skus: skuTable(ctx, row, mayEdit),
    picture: {
      src: row.pictureId === null ? null : `/attachments/${row.pictureId}`,
      alt: t('catalog:picture.alt', { name: row.name }),
      action: mayEdit ? `${PRODUCTS}/${row.id}/picture` : null,
      problem: pictureProblem,
    },
  };
}

function skuTable({ t, can }: Ctx, row: ProductView, mayEdit: boolean): Table {
  const mayAdd = can(EDIT_BOMS) && row.tracking !== 'service';
  const showsBoms = mayAdd || row.components.size > 0;
  const bomCell = (skuId: number) => {
    const count = row.components.get(skuId) ?? 0;
    if (count === 0 && !mayAdd) return '';
    return { text: count > 0 ? t('catalog:bom.count', { count }) : t('catalog:bom.add'), href: bomHref(skuId) };
  };
  return {
    id: 'skus',
    caption: t('catalog:sku.title'),
    columns: [
      { key: 'name', label: t('catalog:sku.name'), card: 'title' },
      { key: 'code', label: t('catalog:sku.code') },
      { key: 'memory', label: t('catalog:sku.memory') },
      { key: 'colour', label: t('catalog:sku.colour') },
      { key: 'network', label: t('catalog:sku.network') },
      { key: 'barcodes', label: t('catalog:sku.barcodes'), card: 'full' },
      ...(showsBoms ? [{ key: 'bom', label: t('catalog:bom.short'), card: 'full' as const }] : []),
      { key: 'state', label: t('catalog:state'), card: 'state' },
    ],
    rows: row.skus.map((one) => ({
      id: one.id,
      label: one.name,
      cells: [
        mayEdit ? { text: one.name, href: `/catalog/skus/${one.id}`, strong: true } : { text: one.name, strong: true },
        one.code,
        one.memory ?? '',
        one.colour ?? '',
        [one.network, one.variant].filter((part) => part).join(' '),
        one.barcodes.join(t('catalog:separator')),
        ...(showsBoms ? [bomCell(one.id)] : []),
        { state: stateLabel(t, one.active ? 'active' : 'inactive') },
      ],
    })),
  };
}
