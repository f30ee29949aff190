import { z } from 'zod';
import { emptyToNull } from '../../../kernel';
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
import { exportReply, pageOf, readListQuery } from '../../../platform/lists';
import type { Field } from '../../../platform/views';
import { activeSuppliers } from '../queries/suppliers';
import { WANTED_LIST, wantedByIds, type WantedRow, wantedRows, wantedTotals } from '../queries/wanted-lines';
import { orderWishes } from '../use-cases/order-wishes';
import { id, newOperationKey, operationKey, optionalDate, optionalQuantity } from './fields';
import { orderHref } from './order-words';
import type { LinesPage } from './receipt-lines.page';
import { orderingStores } from './show-order';
import { wishListPage } from './wish-list.page';

const order = { permission: 'purchasing.order.edit' };
const LIST = '/purchasing/wishes';
const MOST = 200;

export const wishRoutes: readonly Route[] = [
  { method: 'get', path: LIST, access: order, handler: list },
  { method: 'get', path: `${LIST}.xlsx`, access: order, handler: exportList },
  { method: 'post', path: `${LIST}/choice`, access: order, handler: choose },
  { method: 'post', path: `${LIST}/orders`, access: order, handler: place },
];

async function list(ctx: Ctx): Promise<Reply> {
  const query = readListQuery(WANTED_LIST, ctx.query);
  const storeId = ctx.store?.id ?? null;
  const found = pageOf(query, await wantedRows(ctx.read, ctx.actor, query, storeId, ctx.today));
  const totals = await wantedTotals(ctx.read, ctx.actor, query, storeId, ctx.today);
  const model = wishListPage(ctx, query, found, totals, await activeSuppliers(ctx.read));
  return page('purchasing/list', ctx.t('purchasing:wish.title'), model);
}

async function exportList(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  return exportReply(ctx, {
    name: `${t('purchasing:wish.title')}-${ctx.today}`,
    sheet: t('purchasing:wish.title'),
    columns: [
      { header: t('purchasing:line.code'), type: 'text' },
      { header: t('purchasing:receipt.product'), type: 'text', width: 36 },
      { header: t('purchasing:wish.supplier'), type: 'text' },
      { header: t('purchasing:requisition.store'), type: 'text' },
      { header: t('purchasing:requisition.one'), type: 'text' },
      { header: t('purchasing:requisition.requestedOn'), type: 'date' },
      { header: t('purchasing:requisition.wantedOn'), type: 'date' },
      { header: t('purchasing:requisition.reason'), type: 'text', width: 30 },
      { header: t('purchasing:requisition.quantity'), type: 'integer' },
      { header: t('purchasing:wish.pieces'), type: 'integer' },
    ],
    query: readListQuery(WANTED_LIST, ctx.query),
    load: (query) => wantedRows(ctx.read, ctx.actor, query, ctx.store?.id ?? null, ctx.today),
    toRow: (row) => [
      row.skuCode,
      row.skuName,
      row.supplierName,
      row.storeName,
      row.number,
      row.requestedOn,
      row.wantedOn,
      row.reason,
      row.quantity,
      row.pieces,
    ],
  });
}

/** The ticked lines, with the supplier and the quantity of each to be confirmed. */
function choose(ctx: Ctx): Promise<Reply> {
  const picked = ctx.body['wish'];
  const ids = (Array.isArray(picked) ? picked : [picked])
    .map(Number)
    .filter((one) => Number.isSafeInteger(one) && one > 0);
  return showChoice(ctx, ids.slice(0, MOST));
}

async function showChoice(ctx: Ctx, ids: readonly number[], form = emptyForm(), status = 200): Promise<Reply> {
  const { t } = ctx;
  const wanted = await wantedByIds(ctx.read, ctx.actor, ids);
  const nothing = t('purchasing:error.wishes_nothing');
  if (wanted.length === 0) return redirect(LIST, { kind: 'bad', text: nothing });
  const suppliers = await activeSuppliers(ctx.read);
  const { values, problems } = form;
  // What was typed belongs to its line, wherever that stands by now.
  const field = (name: string, label: string, value: string, more: Partial<Field>, was = name): Field => ({
    name,
    label,
    value: values[was] ?? value,
    ...(problems[was] ? { error: problems[was] } : {}),
    ...more,
  });
  const typedAt = new Map(
    Object.entries(values).flatMap(([name, value]) => {
      const at = /^lines\.(\d+)\.lineId$/.exec(name)?.[1];
      return at === undefined ? [] : [[Number(value), at] as const];
    }),
  );
  const model: LinesPage = {
    head: {
      title: t('purchasing:wish.merge'),
      say: t('purchasing:wish.mergeSay'),
      crumbs: [
        { label: t('purchasing:requisition.title'), href: '/purchasing/requisitions' },
        { label: t('purchasing:wish.title'), href: LIST },
      ],
    },
    action: `${LIST}/orders`,
    cancelHref: LIST,
    operationKey: values['operationKey'] ?? newOperationKey(),
    message: form.message,
    submit: t('purchasing:wish.place'),
    fields: [
      field('storeId', t('purchasing:order.store'), '', {
        type: 'select',
        choose: false,
        required: true,
        options: (await orderingStores(ctx)).map((store) => ({ value: store.id, label: store.name })),
      }),
      field('expectedOn', t('purchasing:order.expectedOn'), '', { type: 'date', optional: true }),
    ],
    rows: wanted.map((row, index) => ({
      title: row.skuName,
      sub: rowSay(ctx, row),
      hidden: { [`lines.${index}.lineId`]: String(row.id) },
      fields: [
        field(
          `lines.${index}.supplierId`,
          t('purchasing:receipt.supplier'),
          String(row.supplierId ?? ''),
          {
            type: 'select',
            required: true,
            options: suppliers.map((one) => ({ value: one.id, label: one.name })),
          },
          `lines.${typedAt.get(row.id) ?? index}.supplierId`,
        ),
        field(
          `lines.${index}.quantity`,
          t('purchasing:order.quantity'),
          String(row.pieces),
          {
            inputmode: 'numeric',
            autocomplete: 'off',
            required: true,
          },
          `lines.${typedAt.get(row.id) ?? index}.quantity`,
        ),
      ],
    })),
  };
  return page('purchasing/lines', t('purchasing:wish.merge'), model, { status, styles: ['purchasing'] });
}

const rowSay = ({ t, f }: Ctx, row: WantedRow): string =>
  [
    row.skuCode,
    row.storeName,
    row.number,
    row.wantedOn === null ? '' : t('purchasing:wish.wantedBy', { date: f.date(row.wantedOn) }),
    row.reason ?? '',
  ]
    .filter(Boolean)
    .join(' · ');

const orderSchema = z.object({
  operationKey,
  storeId: id,
  expectedOn: optionalDate,
  lines: z
    .array(z.object({ lineId: id, supplierId: id, quantity: optionalQuantity }))
    .max(MOST, 'errors:field.invalid')
    .optional()
    .default([]),
});

function place(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  return submit(
    ctx,
    orderSchema,
    async ({ operationKey: key, ...command }) => {
      const { orders } = await orderWishes(ctx.uow, ctx.actor, command, { operationKey: key });
      const numbers = orders.map(({ number }) => number).join('、');
      const flash = { kind: 'ok' as const, text: t('purchasing:wish.placed', { count: orders.length, numbers }) };
      return redirect(orders.length === 1 ? orderHref(orders[0]?.id ?? 0) : '/purchasing/orders?state=draft', flash);
    },
    (form: FormState, status) => {
      const ids = Object.entries(form.values).flatMap(([name, value]) =>
        /^lines\.\d+\.lineId$/.test(name) && /^\d{1,15}$/.test(value) ? [Number(value)] : [],
      );
      // Somebody else ordered them meanwhile: what is left to order is shown anew.
      const first = emptyToNull(Object.values(form.problems)[0] ?? '');
      if (ids.length === 0) return Promise.resolve(redirect(LIST, { kind: 'bad', text: first ?? form.message ?? '' }));
      return showChoice(ctx, ids, form, status);
    },
  );
}
