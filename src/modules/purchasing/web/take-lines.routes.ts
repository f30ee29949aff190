import { z } from 'zod';
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
import { listStores, locationsOf } from '../../organization';
import { openLinesFor } from '../queries/open-order-lines';
import { orderView } from '../queries/order-page';
import { readParameters } from '../queries/parameters';
import { receiptView } from '../queries/receipt-page';
import { receivingRule } from '../queries/receiving-rules';
import { getSupplier } from '../queries/suppliers';
import { receiveOrder, takeOrderLines } from '../use-cases/take-order-lines';
import { checkbox, date, id, newOperationKey, operationKey, optionalQuantity, text } from './fields';
import { orderCrumbs, orderHref } from './order-words';
import type { LinesPage } from './receipt-lines.page';
import { receiptHref } from './receipt-parts';
import { noticeOf, showReceipt } from './show-receipt';
import { showOrder } from './show-order';
import type { SupplierFormPage } from './supplier.page';

const edit = { permission: 'purchasing.receipt.edit' };
const create = { permission: 'purchasing.receipt.create' };

export const takeLinesRoutes: readonly Route[] = [
  { method: 'get', path: '/purchasing/receipts/:id/orders', access: edit, handler: (ctx) => showOpen(ctx) },
  { method: 'post', path: '/purchasing/receipts/:id/orders', access: edit, handler: take },
  { method: 'get', path: '/purchasing/orders/:id/receipts', access: create, handler: (ctx) => showReceive(ctx) },
  { method: 'post', path: '/purchasing/orders/:id/receipts', access: create, handler: receive },
];

/** What the store still gets from the supplier, to be ticked. A blind receipt says products and orders only. */
async function showOpen(ctx: Ctx, form: FormState = emptyForm(), status = 200): Promise<Reply> {
  const { t, f } = ctx;
  const receipt = await receiptView(ctx.read, ctx.actor, ctx.id());
  const href = receiptHref(receipt.id);
  const open = await openLinesFor(ctx.read, { ...receipt, receiptId: receipt.id });
  if (receipt.state !== 'draft' || open.length === 0)
    return status === 200 ? redirect(href) : showReceipt(ctx, receipt.id, { status, notices: noticeOf(form) });
  const { category } = await getSupplier(ctx.read, ctx.services.keys, receipt.supplierId);
  const blind = receipt.blind || (await receivingRule(ctx.read, category)).blind;
  const cards = await skusByIds(
    ctx.read,
    open.map(({ skuId }) => skuId),
  );
  const sent = form.message !== null;
  const model: LinesPage = {
    head: {
      title: t('purchasing:take.title'),
      say: t(blind ? 'purchasing:take.sayBlind' : 'purchasing:take.say', { supplier: receipt.supplierName }),
      crumbs: [
        { label: t('purchasing:receipt.title'), href: '/purchasing/receipts' },
        { label: receipt.number, href },
      ],
    },
    action: `${href}/orders`,
    cancelHref: href,
    operationKey: form.values['operationKey'] ?? newOperationKey(),
    message: form.message,
    submit: t('purchasing:take.take'),
    rows: open.map((line, index) => {
      const card = cards.get(line.skuId);
      const at = `lines.${index}`;
      const quantity: Field = {
        name: `${at}.quantity`,
        label: t('purchasing:take.quantity'),
        value: form.values[`${at}.quantity`] ?? String(line.pieces),
        inputmode: 'numeric',
        autocomplete: 'off',
        ...(form.problems[`${at}.quantity`] ? { error: form.problems[`${at}.quantity`] } : {}),
      };
      return {
        title: card?.name ?? '',
        sub: [
          card?.code,
          line.number,
          line.expectedOn && t('purchasing:take.expected', { date: f.date(line.expectedOn) }),
        ]
          .filter(Boolean)
          .join(' · '),
        hidden: { [`${at}.orderLineId`]: String(line.orderLineId) },
        fields: [
          {
            name: `${at}.take`,
            label: t('purchasing:take.came'),
            type: 'checkbox',
            value: '1',
            checked: sent ? form.values[`${at}.take`] === '1' : true,
          },
          ...(blind ? [] : [quantity]),
        ],
      };
    }),
  };
  return page('purchasing/lines', t('purchasing:take.title'), model, { status, styles: ['purchasing'] });
}

const takeSchema = z.object({
  operationKey,
  lines: z
    .array(z.object({ orderLineId: id, take: checkbox, quantity: optionalQuantity }))
    .max(500, 'errors:field.invalid')
    .optional()
    .default([]),
});

function take(ctx: Ctx): Promise<Reply> {
  const receiptId = ctx.id();
  let places: number[] = [];
  return submit(
    ctx,
    takeSchema,
    async ({ operationKey: key, lines }) => {
      places = lines.flatMap((line, index) => (line.take ? [index] : []));
      const taken = lines.filter((line) => line.take).map(({ orderLineId, quantity }) => ({ orderLineId, quantity }));
      const { lineIds } = await takeOrderLines(ctx.uow, ctx.actor, { receiptId, lines: taken }, { operationKey: key });
      return redirect(receiptHref(receiptId), {
        kind: 'ok',
        text: ctx.t('purchasing:take.taken', { count: lineIds.length }),
      });
    },
    (form, status) => {
      // `lines.0.quantity` of the use case is the first line that was ticked.
      const problems = Object.fromEntries(
        Object.entries(form.problems).map(([path, problem]) => [
          path.replace(/^lines\.(\d+)\./, (_, n) => `lines.${places[Number(n)] ?? n}.`),
          problem,
        ]),
      );
      return showOpen(ctx, { ...form, problems }, status);
    },
  );
}

/** The stores of an order in which the reader may receive, with their locations. */
async function showReceive(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const { t } = ctx;
  const order = await orderView(ctx.read, ctx.actor, ctx.id(), ctx.today);
  const href = orderHref(order.id);
  const open = new Set(order.lines.filter((line) => order.open > 0 && line.open > 0).map(({ storeId }) => storeId));
  const stores = (await listStores(ctx.read)).filter(
    (store) => open.has(store.id) && ctx.can('purchasing.receipt.create', store.id),
  );
  if (stores.length === 0)
    return status === 200 ? redirect(href) : showOrder(ctx, order.id, { status, notices: form ? noticeOf(form) : [] });
  stores.sort((a, b) => Number(b.id === ctx.store?.id) - Number(a.id === ctx.store?.id));
  const groups = [];
  for (const store of stores)
    groups.push({
      label: store.name,
      options: (await locationsOf(ctx.read, store.id)).map((place) => ({
        value: `${store.id}-${place.id}`,
        label: `${store.name} ${place.name}`,
      })),
    });
  const { invoiceAtOnce } = await readParameters(ctx.read);
  const { values, problems } =
    form ??
    emptyForm({ businessDate: ctx.today, withInvoice: invoiceAtOnce ? '1' : '', operationKey: newOperationKey() });
  const field = (name: string, more: Partial<Field>): Field => ({
    name,
    label: more.label ?? t(`purchasing:receipt.${name}`),
    value: values[name] ?? '',
    ...(problems[name] ? { error: problems[name] } : {}),
    ...more,
  });
  const model: SupplierFormPage = {
    head: {
      title: t('purchasing:take.receiveTitle', { number: order.number }),
      say: t('purchasing:take.receiveSay'),
      crumbs: [...orderCrumbs(ctx), { label: order.number, href }],
    },
    action: `${href}/receipts`,
    cancelHref: href,
    submit: t('purchasing:receipt.create'),
    hidden: { operationKey: values['operationKey'] ?? '' },
    message: form?.message ?? null,
    fields: [
      field('place', { type: 'select', required: true, choose: false, options: groups }),
      field('businessDate', { type: 'date', required: true }),
      field('deliveryNote', { maxlength: 60, optional: true }),
      field('withInvoice', {
        type: 'checkbox',
        value: '1',
        checked: values['withInvoice'] === '1',
        label: t('purchasing:receipt.withInvoiceField'),
        hint: t('purchasing:receipt.withInvoiceHint'),
        wide: true,
      }),
      field('blind', {
        type: 'checkbox',
        value: '1',
        checked: values['blind'] === '1',
        label: t('purchasing:take.blindField'),
        hint: t('purchasing:take.blindFieldHint'),
        wide: true,
      }),
    ],
  };
  return page('purchasing/form', order.number, model, { status });
}

const receiveSchema = z.object({
  operationKey,
  place: z.string().regex(/^[1-9]\d{0,14}-[1-9]\d{0,14}$/, 'errors:field.required'),
  businessDate: date,
  deliveryNote: text(60),
  withInvoice: checkbox,
  blind: checkbox,
});

function receive(ctx: Ctx): Promise<Reply> {
  const orderId = ctx.id();
  return submit(
    ctx,
    receiveSchema,
    async ({ operationKey: key, place, ...header }) => {
      const { supplierId } = await orderView(ctx.read, ctx.actor, orderId, ctx.today);
      const [storeId = 0, locationId = 0] = place.split('-').map(Number);
      const command = { ...header, orderId, supplierId, storeId, locationId, note: null };
      const made = await receiveOrder(ctx.uow, ctx.actor, command, { operationKey: key });
      return redirect(receiptHref(made.id));
    },
    (form, status) => showReceive(ctx, form, status),
  );
}
