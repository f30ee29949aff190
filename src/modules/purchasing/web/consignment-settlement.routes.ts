import { z } from 'zod';
import { isBusinessDate, plainMoney, fen } from '../../../kernel';
import {
  type Ctx,
  emptyForm,
  fields,
  type FormState,
  page,
  redirect,
  type Reply,
  type Route,
  submit,
} from '../../../platform/http';
import { COST_PERMISSION } from '../../../platform/permissions';
import { editForm, type Field } from '../../../platform/views';
import { MOST_CONSIGNED } from '../domain/consignment';
import { typedId } from '../queries/consignment-list';
import { supplierNames } from '../queries/supplier-names';
import { type UnsettledDevice, unsettledDevices, type WhatToSettle } from '../queries/unsettled-consigned';
import { SETTLE_CONSIGNMENTS, settleConsigned } from '../use-cases/settle-consigned';
import { noteField, supplierField, tickedRows } from './consignment-receipt.routes';
import { consignmentCrumbs, consignmentHref, CONSIGNMENTS } from './consignment-words';
import { newOperationKey } from './fields';
import type { LinesPage } from './receipt-lines.page';

const settles = { permission: SETTLE_CONSIGNMENTS };
const FORM = `${CONSIGNMENTS}/settlement/new`;
const SETTLEMENTS = `${CONSIGNMENTS}/settlements`;

/** What was sold for a supplier is chosen, looked through and settled. */
export const consignmentSettlementRoutes: readonly Route[] = [
  { method: 'get', path: FORM, access: settles, handler: (ctx) => showForm(ctx) },
  { method: 'post', path: SETTLEMENTS, access: settles, handler: settle },
];

/** Stores in which the reader may do this; the one in the top bar first. */
export function storeField(ctx: Ctx, permission: string, label: string): Field {
  const stores = ctx.stores.filter(({ id }) => ctx.can(permission, id));
  stores.sort((a, b) => Number(b.id === ctx.store?.id) - Number(a.id === ctx.store?.id));
  return {
    name: 'storeId',
    label,
    type: 'select',
    required: true,
    options: stores.map(({ id, name }) => ({ value: id, label: name })),
  };
}

const readWhat = (values: Readonly<Record<string, unknown>>): WhatToSettle | null => {
  const { supplierId, storeId, untilOn } = values;
  const id = (typed: unknown) => (typeof typed === 'string' ? typedId(typed) : null);
  const [supplier, store] = [id(supplierId), id(storeId)];
  if (supplier === null || store === null || typeof untilOn !== 'string' || !isBusinessDate(untilOn)) return null;
  return { supplierId: supplier, storeId: store, untilOn };
};

async function showForm(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const what = readWhat(form?.values ?? ctx.query);
  if (!what || !ctx.can(SETTLE_CONSIGNMENTS, what.storeId) || !ctx.can(COST_PERMISSION, what.storeId))
    return askWhat(ctx, form, status);
  const devices = await unsettledDevices(ctx.read, what);
  if (devices.length === 0) {
    const nothing = emptyForm(Object.fromEntries(Object.entries(what).map(([key, value]) => [key, String(value)])));
    return askWhat(ctx, { ...nothing, message: form?.message ?? ctx.t('purchasing:consignment.nothing') }, status);
  }
  const { title, head } = await headOf(ctx, what, devices.length);
  return page(
    'purchasing/lines',
    title,
    { head, ...linesOf(ctx, what, devices, form) },
    {
      status,
      styles: ['purchasing'],
    },
  );
}

/** The supplier, the store and the day: by GET, so that the list has an address. */
async function askWhat(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const { t } = ctx;
  const title = t('purchasing:consignment.settleTitle');
  const asked = (name: string): string => (typeof ctx.query[name] === 'string' ? ctx.query[name] : '');
  const fresh = emptyForm({
    supplierId: asked('supplierId'),
    storeId: asked('storeId'),
    untilOn: asked('untilOn') || ctx.today,
  });
  const model = {
    head: { title, say: t('purchasing:consignment.settleSay'), crumbs: consignmentCrumbs(ctx) },
    form: editForm(form ?? fresh, {
      action: SETTLEMENTS,
      cancelHref: CONSIGNMENTS,
      submit: t('purchasing:consignment.show'),
      fields: [
        await supplierField(ctx),
        storeField(ctx, SETTLE_CONSIGNMENTS, t('purchasing:consignment.settleStore')),
        { name: 'untilOn', label: t('purchasing:consignment.untilOn'), type: 'date', required: true },
      ],
    }),
  };
  return page('purchasing/consignment-form', title, model, { status });
}

async function headOf(ctx: Ctx, { supplierId, storeId, untilOn }: WhatToSettle, count: number) {
  const { t, f } = ctx;
  const title = t('purchasing:consignment.settleTitle');
  const supplier = (await supplierNames(ctx.read, [supplierId])).get(supplierId) ?? '';
  const store = ctx.stores.find(({ id }) => id === storeId)?.name ?? '';
  const say = t('purchasing:consignment.settleOf', { supplier, store, date: f.date(untilOn), count });
  const most = count >= MOST_CONSIGNED ? ` ${t('purchasing:consignment.most', { count: f.number(count) })}` : '';
  return { title, head: { title, say: say + most, crumbs: consignmentCrumbs(ctx) } };
}

function linesOf(
  ctx: Ctx,
  what: WhatToSettle,
  devices: readonly UnsettledDevice[],
  form: FormState | undefined,
): Omit<LinesPage, 'head'> {
  const { t, f } = ctx;
  const fill = (field: Field): Field => {
    const error = form?.problems[field.name];
    const typed = form?.values[field.name];
    const filled = field.type === 'checkbox' ? {} : { value: typed ?? field.value ?? '' };
    return { ...field, ...filled, ...(error ? { error } : {}) };
  };
  return {
    action: SETTLEMENTS,
    cancelHref: CONSIGNMENTS,
    operationKey: form?.values['operationKey'] ?? newOperationKey(),
    message: form?.message ?? null,
    submit: t('purchasing:consignment.settleNow'),
    fields: [
      {
        name: 'invoiceNumber',
        label: t('purchasing:consignment.invoiceNumber'),
        maxlength: 40,
        optional: true,
        hint: t('purchasing:consignment.invoiceHint'),
      },
      { ...noteField(ctx), hint: t('purchasing:consignment.reasonHint') },
    ].map(fill),
    rows: devices.map((one, index) => ({
      title: one.skuName,
      sub: `${f.imei(one.mainNumber)} · ${one.sourceNumber} · ${f.date(one.sourceOn)}`,
      hidden: index === 0 ? hiddenOf(what) : {},
      fields: [
        {
          name: `rows.d${one.id}`,
          label: t('purchasing:consignment.settleRow'),
          type: 'checkbox' as const,
          value: '1',
          checked: form ? Boolean(form.values[`rows.d${one.id}`]) : true,
        },
        {
          name: `price.d${one.id}`,
          label: t('purchasing:consignment.price'),
          type: 'money' as const,
          value: plainMoney(fen(one.priceFen)),
        },
      ].map(fill),
    })),
  };
}

const hiddenOf = ({ supplierId, storeId, untilOn }: WhatToSettle): Record<string, string> => ({
  supplierId: String(supplierId),
  storeId: String(storeId),
  untilOn,
});

const schema = z.object({
  operationKey: fields.operationKey,
  supplierId: fields.id,
  storeId: fields.id,
  untilOn: fields.text,
  invoiceNumber: fields.text,
  note: fields.text,
  rows: tickedRows,
  price: z.record(z.string(), z.string()).optional(),
});

/** The first form, which names no device, leads to the second. */
function settle(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    schema,
    async ({ operationKey, rows, price, ...rest }) => {
      if (price === undefined) return redirect(`${FORM}?${new URLSearchParams(hiddenOf(rest)).toString()}`);
      const priceOf = (id: number): number | null => {
        const typed = fields.optionalMoney.safeParse(price[`d${id}`] ?? '');
        return typed.success ? typed.data : null;
      };
      const command = { ...rest, rows: rows.map((id) => ({ id, priceFen: priceOf(id) })) };
      const { id, devices, grossFen } = await settleConsigned(ctx.uow, ctx.actor, command, { operationKey });
      return redirect(consignmentHref(id), {
        kind: 'ok',
        text: ctx.t('purchasing:consignment.settled', { count: devices, amount: ctx.f.moneyYuan(grossFen) }),
      });
    },
    (form, status) => showForm(ctx, form, status),
  );
}
