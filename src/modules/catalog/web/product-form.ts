import type { Ctx } from '../../../platform/http';
import type { Field } from '../../../platform/views';
import { TRACKINGS } from '../domain/tracking';
import type { CatalogChoices } from './products.page';
import { taxRateField } from './tax-rate-field';

/** Of a model; a new one may leave tracking, tax and warranty to its category. */
/** `taxRateBp` is what the model has; of a new one undefined. */
export async function productFields(
  ctx: Pick<Ctx, 't' | 'read'>,
  { brands, categories }: CatalogChoices,
  taxRateBp?: number,
): Promise<Field[]> {
  const { t } = ctx;
  const isNew = taxRateBp === undefined;
  const byCategory = t('catalog:product.byCategory');
  const activeOnly = <T extends { active: boolean }>(rows: readonly T[]): T[] =>
    rows.filter((row) => row.active || !isNew);
  return [
    {
      name: 'name',
      label: t('catalog:product.name'),
      required: true,
      maxlength: 120,
      hint: t('catalog:product.nameHint'),
      autocomplete: 'off',
    },
    {
      name: 'modelNumber',
      label: t('catalog:product.modelNumber'),
      optional: true,
      maxlength: 60,
      hint: t('catalog:product.modelHint'),
      autocomplete: 'off',
    },
    {
      name: 'brandId',
      label: t('catalog:brand.one'),
      type: 'select',
      required: true,
      options: activeOnly(brands).map((row) => ({ value: row.id, label: row.name })),
      aside: { href: '/catalog/brands', label: t('catalog:brand.manage') },
    },
    {
      name: 'categoryId',
      label: t('catalog:category.one'),
      type: 'select',
      required: true,
      options: activeOnly(categories).map((row) => ({ value: row.id, label: row.path })),
      aside: { href: '/catalog/categories', label: t('catalog:category.manage') },
    },
    {
      name: 'tracking',
      label: t('catalog:product.tracking'),
      type: 'select',
      choose: isNew ? byCategory : false,
      options: TRACKINGS.map((value) => ({ value, label: t(`catalog:trackingLong.${value}`) })),
    },
    {
      ...(await taxRateField(ctx, t('catalog:product.taxRate'), taxRateBp)),
      ...(isNew ? { choose: byCategory, optional: true } : { required: true }),
    },
    {
      name: 'warrantyMonths',
      label: t('catalog:product.warrantyMonths'),
      inputmode: 'numeric',
      after: t('catalog:months'),
      hint: t('catalog:product.warrantyHint'),
      ...(isNew ? { optional: true } : { required: true }),
    },
    ...(isNew ? [] : [{ name: 'active', label: t('catalog:product.active'), type: 'checkbox' as const, wide: true }]),
  ];
}

/** What makes the SKUs of a model: every memory in every colour and network. */
export function variantFields({ t }: Pick<Ctx, 't'>): Field[] {
  return [
    {
      name: 'memories',
      label: t('catalog:sku.memories'),
      optional: true,
      placeholder: '12+256G，12+512G，16+1T',
      hint: t('catalog:sku.listHint'),
      maxlength: 400,
    },
    {
      name: 'colours',
      label: t('catalog:sku.colours'),
      optional: true,
      placeholder: t('catalog:sku.coloursExample'),
      maxlength: 600,
    },
    {
      name: 'networks',
      label: t('catalog:sku.networks'),
      optional: true,
      placeholder: t('catalog:sku.networksExample'),
      maxlength: 200,
    },
    {
      name: 'codePrefix',
      label: t('catalog:sku.codePrefix'),
      optional: true,
      placeholder: 'MI17',
      hint: t('catalog:sku.codePrefixHint'),
      maxlength: 32,
      autocomplete: 'off',
    },
  ];
}

export function skuFields({ t }: Pick<Ctx, 't'>): Field[] {
  return [
    { name: 'memory', label: t('catalog:sku.memory'), optional: true, maxlength: 30 },
    { name: 'colour', label: t('catalog:sku.colour'), optional: true, maxlength: 30 },
    { name: 'network', label: t('catalog:sku.network'), optional: true, maxlength: 30 },
    {
      name: 'variant',
      label: t('catalog:sku.variant'),
      optional: true,
      maxlength: 60,
      hint: t('catalog:sku.variantHint'),
    },
    {
      name: 'barcodes',
      label: t('catalog:sku.barcodes'),
      type: 'textarea',
      optional: true,
      rows: 3,
      hint: t('catalog:sku.barcodesHint'),
      wide: true,
    },
    { name: 'active', label: t('catalog:sku.active'), type: 'checkbox', wide: true },
  ];
}
