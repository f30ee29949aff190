import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { formatImei } from '../../../kernel';
import {
  type Ctx,
  emptyForm,
  fields,
  file,
  type FormState,
  page,
  redirect,
  type Reply,
  type Route,
  submit,
} from '../../../platform/http';
import { writeXlsx } from '../../../platform/spreadsheet';
import { getCompany } from '../../organization';
import { VIEW_SETTLEMENTS } from '../queries/settlement-list';
import { settledDevices, type SettlementView, settlementView } from '../queries/settlement-page';
import { REVERSE_SETTLEMENTS, reverseSettlement } from '../use-cases/reverse-settlement';
import { barcodeOf } from './consignment-print';
import { settlementHref, SETTLEMENTS } from './settlement-words';

const view = { permission: VIEW_SETTLEMENTS };
const reverses = { permission: REVERSE_SETTLEMENTS };
const ONE = `${SETTLEMENTS}/:id`;

export const settlementActionRoutes: readonly Route[] = [
  { method: 'get', path: `${ONE}/print`, access: view, handler: print },
  { method: 'get', path: `${ONE}/devices.xlsx`, access: view, handler: exportDevices },
  { method: 'get', path: `${ONE}/reversal`, access: reverses, handler: (ctx) => askReversal(ctx) },
  { method: 'post', path: `${ONE}/reversal`, access: reverses, handler: reverse },
];

const viewOf = (ctx: Ctx): Promise<SettlementView> => settlementView(ctx.read, ctx.actor, ctx.services.keys, ctx.id());

/** 代销结算单, for the partner to confirm: every device with what is owed for it. No cost. */
async function print(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const row = await viewOf(ctx);
  const devices = await settledDevices(ctx.read, row, ctx.actor);
  const company = await getCompany(ctx.read);
  const model = {
    paper: 'a4',
    backHref: settlementHref(row.id),
    sheet: {
      company: company?.name ?? t('common:product'),
      title: t('sales:settlement.one'),
      number: row.number,
      code: barcodeOf(row.number),
      facts: [
        { label: t('sales:consignment.partner'), value: row.partner },
        { label: t('sales:sale.store'), value: row.storeName },
        { label: t('sales:settlement.settledOn'), value: f.date(row.businessDate) },
        { label: t('sales:settlement.dueOn'), value: f.date(row.dueOn) },
        ...(row.reference ? [{ label: t('sales:settlement.reference'), value: row.reference }] : []),
        { label: t('sales:consignment.devices'), value: f.number(row.devices) },
        { label: t('sales:settlement.amount'), value: f.money(row.amountFen) },
        ...(row.commissionFen > 0
          ? [{ label: t('sales:settlement.commission'), value: f.money(0 - row.commissionFen) }]
          : []),
        { label: t('sales:settlement.due'), value: f.money(row.amountFen - row.commissionFen) },
      ],
    },
    columns: [
      { label: '#', num: false },
      { label: t('sales:sale.product'), num: false },
      { label: t('sales:consignment.imei'), num: false },
      { label: t('sales:consignment.one'), num: false },
      { label: t('sales:consignment.soldFor'), num: true },
    ],
    rows: devices.map((one, index) => [
      String(index + 1),
      one.skuName,
      formatImei(one.mainNumber),
      one.consignmentNumber ?? '',
      f.money(one.soldFen),
    ]),
    notes: row.note ? [row.note] : [],
    signatures: [t('sales:consignment.signGiven'), t('sales:consignment.signPartner')],
  };
  return page('sales/consignment-print', row.number, model, { layout: 'print' });
}

async function exportDevices(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const row = await viewOf(ctx);
  const devices = await settledDevices(ctx.read, row, ctx.actor);
  const withCost = row.costFen !== undefined;
  const columns = [
    { header: t('sales:sale.product'), type: 'text' as const },
    { header: t('sales:consignment.imei'), type: 'text' as const },
    { header: t('sales:consignment.one'), type: 'text' as const },
    { header: t('sales:consignment.price'), type: 'money' as const },
    { header: t('sales:consignment.soldFor'), type: 'money' as const },
    ...(withCost ? [{ header: t('sales:sale.cost'), type: 'money' as const }] : []),
  ];
  const rows = devices.map((one) => [
    one.skuName,
    one.mainNumber,
    one.consignmentNumber,
    one.agreedFen,
    one.soldFen,
    ...(withCost ? [one.costFen ?? 0] : []),
  ]);
  const body = writeXlsx([{ name: t('sales:settlement.one'), columns, rows }], {
    timeZone: ctx.services.timeZone,
    yes: t('common:yes'),
    no: t('common:no'),
  });
  return file(`${row.number}.xlsx`, 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', body);
}

async function askReversal(ctx: Ctx, form: FormState = emptyForm(), status = 200): Promise<Reply> {
  const { t, f } = ctx;
  const row = await viewOf(ctx);
  const error = form.problems['reason'] ?? form.message ?? undefined;
  const title = t('sales:reversal.title', { number: row.number });
  const model = {
    title,
    effects: [
      t('sales:settlement.reversalDevices', { count: f.number(row.devices) }),
      t('sales:settlement.reversalMoney', { amount: f.moneyYuan(row.amountFen - row.commissionFen) }),
      t('sales:reversal.books'),
    ],
    action: `${settlementHref(row.id)}/reversal`,
    verb: t('common:action.reverse'),
    danger: true,
    cancelHref: settlementHref(row.id),
    fields: { version: row.version, operationKey: form.values['operationKey'] ?? randomUUID() },
    reason: {
      name: 'reason',
      label: t('sales:reversal.reason'),
      required: true,
      maxlength: 200,
      value: form.values['reason'] ?? '',
      ...(error ? { error } : {}),
    },
  };
  return page('sales/confirm', title, model, { status });
}

const reversal = z.object({ operationKey: fields.operationKey, version: fields.version, reason: fields.required });

function reverse(ctx: Ctx): Promise<Reply> {
  const id = ctx.id();
  return submit(
    ctx,
    reversal,
    async ({ operationKey, version, reason }) => {
      const { number } = await reverseSettlement(ctx.uow, ctx.actor, { id, version, reason }, { operationKey });
      const text = ctx.t('sales:consignment.wasReversed', { number });
      return redirect(settlementHref(id), { kind: 'ok', text });
    },
    (form, status) => askReversal(ctx, form, status),
  );
}
