import { z } from 'zod';
import { invalidField } from '../../../kernel';
import {
  type Ctx,
  emptyForm,
  type FormState,
  page,
  redirect,
  type Reply,
  type Route,
  submit,
} from '../../../platform/http';
import type { Field } from '../../../platform/views';
import { skusByIds } from '../../catalog';
import { orderView } from '../queries/order-page';
import { addOrderLines } from '../use-cases/order-lines';
import { id, newOperationKey, operationKey, optionalDate, optionalMoney, optionalQuantity, text } from './fields';
import { orderCrumbs, orderHref } from './order-words';
import { orderingStores, showOrder } from './show-order';
import { noticeOf } from './show-receipt';
import { theOnlySku } from './sku-choice';
import type { SupplierFormPage } from './supplier.page';

const edit = { permission: 'purchasing.order.edit' };
const PATH = '/purchasing/orders/:id/lines/spread';

export const orderSpreadRoutes: readonly Route[] = [
  { method: 'get', path: PATH, access: edit, handler: (ctx) => showSpread(ctx) },
  { method: 'post', path: PATH, access: edit, handler: spread },
];

/** One product for many stores: a quantity beside each. */
async function showSpread(ctx: Ctx, form: FormState = emptyForm(), status = 200): Promise<Reply> {
  const { t } = ctx;
  const order = await orderView(ctx.read, ctx.actor, ctx.id(), ctx.today);
  const href = orderHref(order.id);
  if (order.state !== 'draft')
    return status === 200 ? redirect(href) : showOrder(ctx, order.id, { status, notices: noticeOf(form) });
  const stores = await orderingStores(ctx);
  const { values, problems } = form;
  const field = (name: string, label: string, more: Partial<Field>): Field => ({
    name,
    label,
    value: values[name] ?? '',
    ...(problems[name] ? { error: problems[name] } : {}),
    ...more,
  });
  const model: SupplierFormPage = {
    head: {
      title: t('purchasing:order.spread'),
      say: t('purchasing:order.spreadSay'),
      crumbs: [...orderCrumbs(ctx), { label: order.number, href }],
    },
    action: `${href}/lines/spread`,
    cancelHref: href,
    submit: t('purchasing:line.add'),
    hidden: {
      operationKey: values['operationKey'] ?? newOperationKey(),
      ...Object.fromEntries(stores.map((store, index) => [`stores.${index}.id`, String(store.id)])),
    },
    message: form.message,
    fields: [
      field('sku', t('purchasing:line.sku'), {
        type: 'search',
        placeholder: t('purchasing:line.skuHint'),
        required: true,
        autofocus: true,
        wide: true,
      }),
      ...(order.money
        ? [
            field('unitPrice', t('purchasing:line.unitPrice'), {
              type: 'money',
              hint: t('purchasing:order.unitPriceHint'),
            }),
          ]
        : []),
      field('expectedOn', t('purchasing:order.expectedOn'), { type: 'date', optional: true }),
      ...stores.map((store, index) =>
        field(`stores.${index}.quantity`, store.name, { inputmode: 'numeric', autocomplete: 'off', optional: true }),
      ),
    ],
  };
  return page('purchasing/form', t('purchasing:order.spread'), model, { status });
}

const spreadSchema = z.object({
  operationKey,
  sku: text(100),
  unitPrice: optionalMoney,
  expectedOn: optionalDate,
  stores: z
    .array(z.object({ id, quantity: z.string().optional().pipe(optionalQuantity) }))
    .max(1000, 'errors:field.invalid'),
});

function spread(ctx: Ctx): Promise<Reply> {
  const orderId = ctx.id();
  /** The places on the form of the stores that get something. */
  let places: number[] = [];
  return submit(
    ctx,
    spreadSchema,
    async ({ operationKey: key, sku, unitPrice, expectedOn, stores }) => {
      const skuId = await theOnlySku(ctx.read, sku);
      if (skuId === null) throw invalidField('sku', 'purchasing:error.order_sku_many', { text: sku });
      places = stores.flatMap(({ quantity }, index) => (quantity === null ? [] : [index]));
      const lines = stores
        .filter(({ quantity }) => quantity !== null)
        .map(({ id: storeId, quantity }) => ({
          skuId,
          storeId,
          quantity,
          expectedOn,
          unitPriceFen: unitPrice ?? undefined,
        }));
      await addOrderLines(ctx.uow, ctx.actor, { orderId, lines }, { operationKey: key });
      const name = (await skusByIds(ctx.read, [skuId])).get(skuId)?.name;
      return redirect(orderHref(orderId), { kind: 'ok', text: ctx.t('purchasing:line.added', { name }) });
    },
    (form, status) => {
      // `lines.0.quantity` of the use case is the first store with a quantity; what is wrong with the product is said once.
      const problems = Object.fromEntries(
        Object.entries(form.problems).map(([path, problem]) => {
          const [, line, field] = /^lines\.(\d+)\.(\w+)$/.exec(path) ?? [];
          if (line === undefined) return [path, problem];
          return [
            field === 'quantity' || field === 'storeId' ? `stores.${places[Number(line)]}.quantity` : field,
            problem,
          ];
        }),
      ) as Record<string, string>;
      return showSpread(ctx, { ...form, problems }, status);
    },
  );
}
