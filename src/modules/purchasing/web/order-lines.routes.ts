import { z } from 'zod';
import { fen, plainMoney } from '../../../kernel';
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
import { orderView, type OrderView } from '../queries/order-page';
import { addOrderLines, changeOrderLines, removeOrderLine } from '../use-cases/order-lines';
import { confirmPage } from './confirm-page';
import {
  id,
  newOperationKey,
  operationKey,
  optionalDate,
  optionalMoney,
  optionalQuantity,
  text,
  version,
} from './fields';
import { orderSpreadRoutes } from './order-spread.routes';
import { orderCrumbs, orderHref } from './order-words';
import type { ChooseSkuPage, LinesPage } from './receipt-lines.page';
import { orderingStores, showOrder } from './show-order';
import { goodsFor, theOnlySku } from './sku-choice';
import { noticeOf } from './show-receipt';

const edit = { permission: 'purchasing.order.edit' };
const BASE = '/purchasing/orders/:id/lines';

export const orderLineRoutes: readonly Route[] = [
  { method: 'get', path: BASE, access: edit, handler: (ctx) => showLines(ctx) },
  { method: 'post', path: BASE, access: edit, handler: addLine },
  { method: 'get', path: `${BASE}/new`, access: edit, handler: (ctx) => choose(ctx, ctx.query['q'] ?? '') },
  ...orderSpreadRoutes,
  { method: 'post', path: `${BASE}/changes`, access: edit, handler: changeLines },
  { method: 'get', path: `${BASE}/:lineId/removal`, access: edit, handler: askRemoval },
  { method: 'post', path: `${BASE}/:lineId/removal`, access: edit, handler: removeLine },
];

const lineSchema = z.object({
  operationKey,
  sku: text(100),
  skuId: id.optional(),
  storeId: id,
  quantity: optionalQuantity,
  unitPrice: optionalMoney,
  expectedOn: optionalDate,
});

/** Code, barcode or anything that means one product only is added at once; several are shown for a choice. */
function addLine(ctx: Ctx): Promise<Reply> {
  const orderId = ctx.id();
  return submit(
    ctx,
    lineSchema,
    async ({ operationKey: key, sku, skuId: chosen, unitPrice, ...line }) => {
      const skuId = chosen ?? (await theOnlySku(ctx.read, sku));
      if (skuId === null) return choose(ctx, sku);
      const lines = [{ ...line, skuId, unitPriceFen: unitPrice ?? undefined }];
      await addOrderLines(ctx.uow, ctx.actor, { orderId, lines }, { operationKey: key });
      const name = (await skusByIds(ctx.read, [skuId])).get(skuId)?.name;
      return redirect(`${orderHref(orderId)}#add-line`, { kind: 'ok', text: ctx.t('purchasing:line.added', { name }) });
    },
    async (form, status) => {
      const problems = Object.fromEntries(
        Object.entries(form.problems).map(([path, problem]) => [path.replace(/^lines\.0\./, ''), problem]),
      );
      if (ctx.body['skuId'] !== undefined) return choose(ctx, form.values['sku'] ?? '', { ...form, problems }, status);
      const notices = [{ tone: 'bad' as const, title: form.message ?? '', items: Object.values(problems) }];
      return showOrder(ctx, orderId, { status, notices, typed: { values: form.values, problems } });
    },
  );
}

const KEPT = ['storeId', 'quantity', 'unitPrice', 'expectedOn'] as const;

async function choose(ctx: Ctx, typed: string, form?: FormState, status = 200): Promise<Reply> {
  const { t } = ctx;
  const order = await orderView(ctx.read, ctx.actor, ctx.id(), ctx.today);
  const found = await goodsFor(ctx.read, typed, 30);
  const given = (name: string): string => {
    const value = ctx.body[name] ?? ctx.query[name];
    return form?.values[name] ?? (typeof value === 'string' ? value : '');
  };
  const href = orderHref(order.id);
  const stores = await orderingStores(ctx);
  const field = (name: (typeof KEPT)[number], more: Partial<Field>): Field => ({
    name,
    label: t(name === 'unitPrice' ? 'purchasing:line.unitPrice' : `purchasing:order.${name}`),
    value: given(name),
    ...(form?.problems[name] ? { error: form.problems[name] } : {}),
    ...more,
  });
  const model: ChooseSkuPage = {
    head: {
      title: t('purchasing:line.choose'),
      crumbs: [...orderCrumbs(ctx), { label: order.number, href }],
    },
    message: form?.message ? { tone: 'bad', title: form.message } : null,
    searchAction: `${href}/lines/new`,
    text: typed.slice(0, 100),
    keep: Object.fromEntries(KEPT.map((name) => [name, given(name)])),
    action: `${href}/lines`,
    cancelHref: href,
    operationKey: newOperationKey(),
    options: found,
    field: {
      name: 'skuId',
      type: 'radio',
      label: t('purchasing:line.sku'),
      value: form?.values['skuId'] ?? String(found[0]?.id ?? ''),
      options: found.map((card) => ({ value: card.id, label: `${card.name} · ${card.code}` })),
      ...(form?.problems['sku'] ? { error: form.problems['sku'] } : {}),
    },
    fields: [
      field('storeId', {
        type: 'select',
        label: t('purchasing:order.receivingStore'),
        choose: false,
        options: stores.map((store) => ({ value: store.id, label: store.name })),
      }),
      field('quantity', { inputmode: 'numeric', required: true }),
      ...(order.money ? [field('unitPrice', { type: 'money', hint: t('purchasing:order.unitPriceHint') })] : []),
      field('expectedOn', { type: 'date', optional: true }),
    ],
  };
  return page('purchasing/choose-sku', t('purchasing:line.choose'), model, { status, styles: ['purchasing'] });
}

async function showLines(ctx: Ctx, form = emptyForm(), status = 200): Promise<Reply> {
  const order = await orderView(ctx.read, ctx.actor, ctx.id(), ctx.today);
  if (order.state !== 'draft')
    return status === 200
      ? redirect(orderHref(order.id))
      : showOrder(ctx, order.id, { status, notices: noticeOf(form) });
  const values = { ...form.values };
  // After a conflict the typed values stay and stand on the newest versions: saving again is then meant.
  if (status === 409) for (const key of Object.keys(values)) if (key.endsWith('.version')) delete values[key];
  return page('purchasing/lines', order.number, linesPage(ctx, order, { ...form, values }), {
    status,
    styles: ['purchasing'],
  });
}

function linesPage({ t }: Pick<Ctx, 't'>, order: OrderView, form: FormState): LinesPage {
  const href = orderHref(order.id);
  return {
    head: {
      title: t('purchasing:receipt.editLines'),
      crumbs: [...orderCrumbs({ t }), { label: order.number, href }],
    },
    action: `${href}/lines/changes`,
    cancelHref: href,
    operationKey: form.values['operationKey'] ?? newOperationKey(),
    message: form.message,
    rows: order.lines.map((line, index) => {
      const field = (name: string, label: string, value: string, more: Partial<Field>): Field => {
        const path = `lines.${index}.${name}`;
        const error = form.problems[path] ? { error: form.problems[path] } : {};
        return { name: path, label, value: form.values[path] ?? value, ...error, ...more };
      };
      const price = line.unitPriceFen;
      return {
        title: `${line.lineNo}. ${line.skuName}`,
        sub: [line.skuCode, line.storeName].join(' · '),
        hidden: {
          [`lines.${index}.id`]: String(line.id),
          [`lines.${index}.version`]: form.values[`lines.${index}.version`] ?? String(line.version),
        },
        fields: [
          field('quantity', t('purchasing:order.quantity'), String(line.quantity), {
            inputmode: 'numeric',
            autocomplete: 'off',
            required: true,
          }),
          ...(price === undefined
            ? []
            : [
                field('unitPrice', t('purchasing:line.unitPrice'), price === null ? '' : plainMoney(fen(price)), {
                  type: 'money',
                  ...(line.listFen === null || line.listFen === undefined
                    ? {}
                    : { hint: t('purchasing:order.listPrice', { price: plainMoney(fen(line.listFen)) }) }),
                }),
              ]),
          field('expectedOn', t('purchasing:order.expectedOn'), line.expectedOn ?? '', {
            type: 'date',
            optional: true,
          }),
        ],
      };
    }),
  };
}

const changesSchema = z.object({
  operationKey,
  lines: z
    .array(
      z.object({
        id,
        version,
        quantity: optionalQuantity,
        /** Absent where the reader sees no cost: the price then stays. */
        unitPrice: optionalMoney.or(z.undefined()),
        expectedOn: optionalDate,
      }),
    )
    .max(1000, 'errors:field.invalid')
    .optional()
    .default([]),
});

function changeLines(ctx: Ctx): Promise<Reply> {
  const orderId = ctx.id();
  return submit(
    ctx,
    changesSchema,
    async ({ operationKey: key, lines }) => {
      const changes = lines.map(({ unitPrice, ...line }, index) => ({
        ...line,
        ...(ctx.body[`lines.${index}.unitPrice`] === undefined ? {} : { unitPriceFen: unitPrice ?? null }),
      }));
      await changeOrderLines(ctx.uow, ctx.actor, { orderId, lines: changes }, { operationKey: key });
      return redirect(orderHref(orderId), { kind: 'ok', text: ctx.t('purchasing:receipt.saved') });
    },
    (form, status) => showLines(ctx, form, status),
  );
}

async function askRemoval(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const order = await orderView(ctx.read, ctx.actor, ctx.id(), ctx.today);
  const line = order.lines.find((candidate) => candidate.id === ctx.id('lineId'));
  if (!line || order.state !== 'draft') return redirect(orderHref(order.id));
  return confirmPage(ctx, {
    title: t('purchasing:line.removeAsk', { line: line.lineNo, name: line.skuName }),
    effects: [],
    action: `${orderHref(order.id)}/lines/${line.id}/removal`,
    verb: t('common:action.remove'),
    danger: true,
    cancelHref: orderHref(order.id),
    fields: { operationKey: newOperationKey() },
  });
}

function removeLine(ctx: Ctx): Promise<Reply> {
  const orderId = ctx.id();
  return submit(
    ctx,
    z.object({ operationKey }),
    async ({ operationKey: key }) => {
      await removeOrderLine(ctx.uow, ctx.actor, { orderId, lineId: ctx.id('lineId') }, { operationKey: key });
      return redirect(orderHref(orderId), { kind: 'ok', text: ctx.t('purchasing:line.removed') });
    },
    (form, status) => showOrder(ctx, orderId, { status, notices: noticeOf(form) }),
  );
}
