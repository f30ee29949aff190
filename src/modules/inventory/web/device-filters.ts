import type { Ctx } from '../../../platform/http';
import { listHref, type ListQuery } from '../../../platform/lists';
import type { Field } from '../../../platform/views';
import { AGE_BANDS } from '../domain/device-status';
import type { DeviceFilter } from '../queries/device-list';
import { STOCK_OWNERS } from './filters';

export interface DeviceChoices {
  brands: readonly { id: number; name: string }[];
  categories: readonly { id: number; path: string }[];
  /** None for readers who may not see suppliers. */
  suppliers: readonly { id: number; name: string }[];
  /** Of used devices, the best first. */
  grades: readonly string[];
}

export function chipsOf(
  ctx: Ctx,
  query: ListQuery,
  { brands, categories, suppliers }: DeviceChoices,
): { label: string; removeHref: string }[] {
  const { store, brand, category, age, ownership, sku, supplier, grade, battery, priceFrom, priceTo, product } =
    query.filters;
  const chip = (name: string, label: string) => ({ label, removeHref: listHref(query, { [name]: null }) });
  const supplierName = suppliers.find(({ id }) => String(id) === supplier)?.name;
  const categoryPath = categories.find(({ id }) => String(id) === category)?.path;
  const band = AGE_BANDS.find((known) => known === age);
  const owner = STOCK_OWNERS.find((known) => known === ownership);
  const storeName = ctx.stores.find(({ id }) => String(id) === store)?.name;
  const brandName = brands.find(({ id }) => String(id) === brand)?.name;
  return [
    ...(storeName ? [{ label: storeName, removeHref: listHref(query, { store: null }) }] : []),
    ...(brandName ? [{ label: brandName, removeHref: listHref(query, { brand: null }) }] : []),
    ...(categoryPath ? [{ label: categoryPath, removeHref: listHref(query, { category: null }) }] : []),
    ...(band ? [{ label: ctx.t(`inventory:device.band.${band}`), removeHref: listHref(query, { age: null }) }] : []),
    ...(supplierName ? [{ label: supplierName, removeHref: listHref(query, { supplier: null }) }] : []),
    ...(owner ? [chip('ownership', ctx.t(`ledger:ownership.${owner}`))] : []),
    ...(grade ? [chip('grade', grade)] : []),
    ...(battery ? [chip('battery', ctx.t('inventory:device.batteryFrom', { percent: battery }))] : []),
    ...(priceFrom ? [chip('priceFrom', ctx.t('inventory:device.priceFromChip', { price: priceFrom }))] : []),
    ...(priceTo ? [chip('priceTo', ctx.t('inventory:device.priceToChip', { price: priceTo }))] : []),
    ...(product ? [chip('product', ctx.t('inventory:device.oneProduct'))] : []),
    ...(sku ? [{ label: ctx.t('inventory:device.oneSku'), removeHref: listHref(query, { sku: null }) }] : []),
  ];
}

export function fieldsOf(ctx: Ctx, query: ListQuery, filter: DeviceFilter, choices: DeviceChoices): Field[] {
  const { t } = ctx;
  return [
    {
      name: 'store',
      label: t('inventory:device.store'),
      type: 'select',
      value: query.filters.store ?? '',
      options: ctx.stores.map(({ id, name }) => ({ value: id, label: name })),
      choose: t('common:frame.allStores'),
    },
    {
      name: 'brand',
      label: t('inventory:device.brand'),
      type: 'select',
      value: query.filters.brand ?? '',
      options: choices.brands.map(({ id, name }) => ({ value: id, label: name })),
      choose: t('inventory:device.allBrands'),
    },
    {
      name: 'category',
      label: t('inventory:device.category'),
      type: 'select',
      value: query.filters.category ?? '',
      options: choices.categories.map(({ id, path }) => ({ value: id, label: path })),
      choose: t('inventory:device.allCategories'),
    },
    {
      name: 'age',
      label: t('inventory:device.age'),
      type: 'select',
      value: filter.age ?? '',
      options: AGE_BANDS.map((band) => ({ value: band, label: t(`inventory:device.band.${band}`) })),
      choose: t('inventory:device.anyAge'),
    },
    {
      name: 'ownership',
      label: t('inventory:device.ownership'),
      type: 'select',
      value: filter.ownership ?? '',
      options: STOCK_OWNERS.map((owner) => ({ value: owner, label: t(`ledger:ownership.${owner}`) })),
      choose: t('inventory:device.anyOwner'),
    },
    {
      name: 'grade',
      label: t('inventory:device.grade'),
      type: 'select',
      value: filter.grade ?? '',
      options: choices.grades.map((grade) => ({ value: grade, label: grade })),
      choose: t('inventory:device.anyGrade'),
    },
    {
      name: 'battery',
      label: t('inventory:device.batteryAtLeast'),
      inputmode: 'numeric',
      maxlength: 3,
      value: query.filters.battery ?? '',
    },
    {
      name: 'priceFrom',
      label: t('inventory:device.priceFrom'),
      inputmode: 'numeric',
      maxlength: 9,
      value: query.filters.priceFrom ?? '',
    },
    {
      name: 'priceTo',
      label: t('inventory:device.priceTo'),
      inputmode: 'numeric',
      maxlength: 9,
      value: query.filters.priceTo ?? '',
    },
    ...(choices.suppliers.length > 0
      ? [
          {
            name: 'supplier',
            label: t('inventory:device.supplier'),
            type: 'select' as const,
            value: query.filters.supplier ?? '',
            options: choices.suppliers.map(({ id, name }) => ({ value: id, label: name })),
            choose: t('inventory:device.allSuppliers'),
          },
        ]
      : []),
  ];
}
