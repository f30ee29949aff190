import { BUCKETS } from '../../../ledger';
import { type Ctx, emptyForm } from '../../../platform/http';
import { editForm, type EditForm, type Field } from '../../../platform/views';
import type { ChangePageInput } from './change.page';
import { changeHref } from './change-words';

/** Goods without serial numbers: of which product, from or into which state, how many, at what cost. */
export function goodsForm({ t }: Ctx, { change, typed }: ChangePageInput): EditForm {
  const href = changeHref(change.id);
  const { effect } = change;
  const form = typed?.in === 'goods' ? typed.form : emptyForm({ pieces: '1' });
  const cost: Field = {
    name: 'unitCost',
    label: t(effect === 'value' ? 'inventory:change.costs.to' : 'inventory:change.goods.unitCost'),
    inputmode: 'decimal',
    maxlength: 14,
    ...(effect === 'value'
      ? { required: true, hint: t('inventory:change.goods.valueHint') }
      : { optional: true, hint: t('inventory:change.goods.unitCostHint') }),
  };
  return editForm(form, {
    action: `${href}/goods`,
    cancelHref: href,
    submit: t('inventory:change.goods.add'),
    columns: true,
    plain: true,
    fields: [
      { name: 'code', label: t('inventory:change.goods.code'), required: true, maxlength: 60 },
      {
        name: 'bucket',
        label: t(effect === 'gain' ? 'inventory:change.goods.into' : 'inventory:change.goods.bucket'),
        type: 'select',
        choose: false,
        options: BUCKETS.filter((bucket) => bucket !== 'in_transit' && bucket !== effect).map((bucket) => ({
          value: bucket,
          label: t(`inventory:bucket.${bucket}`),
        })),
      },
      {
        name: 'batch',
        label: t('inventory:import.column.batch'),
        optional: true,
        maxlength: 40,
        hint: t('inventory:change.goods.batchHint'),
      },
      ...(effect === 'value'
        ? []
        : [
            {
              name: 'pieces',
              label: t('inventory:stock.quantity'),
              required: true,
              inputmode: 'numeric' as const,
              maxlength: 9,
            },
          ]),
      ...(change.seesCost && (effect === 'gain' || effect === 'value') ? [cost] : []),
    ],
  });
}

/** What handsets of a correction shall cost: all of a product at once, or one. Null while there are none. */
export function costForm({ t, f }: Ctx, { change, lines, products, typed }: ChangePageInput): EditForm | null {
  if (change.effect !== 'value' || !change.seesCost || products.length === 0) return null;
  const href = changeHref(change.id);
  return editForm(typed?.in === 'costs' ? typed.form : emptyForm({}), {
    action: `${href}/costs`,
    cancelHref: href,
    submit: t('inventory:change.costs.set'),
    columns: true,
    plain: true,
    fields: [
      {
        name: 'costOf',
        label: t('inventory:change.costs.of'),
        type: 'select',
        required: true,
        options: [
          {
            label: t('inventory:change.costs.products'),
            options: products.map(({ skuId, skuName, lines: count }) => ({
              value: `sku:${skuId}`,
              label: t('inventory:change.costs.product', { name: skuName, count: f.number(count) }),
            })),
          },
          {
            label: t('inventory:change.costs.single'),
            options: lines.map(({ id, imei, skuName }) => ({ value: `line:${id}`, label: imei ?? skuName })),
          },
        ],
      },
      { name: 'costTo', label: t('inventory:change.costs.to'), required: true, inputmode: 'decimal', maxlength: 14 },
    ],
  });
}
