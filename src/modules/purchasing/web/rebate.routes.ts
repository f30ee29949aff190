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
import { exportReply, readListQuery } from '../../../platform/lists';
import { fen, plainMoney } from '../../../kernel';
import { SETTLEMENT_METHODS } from '../domain/settlement-posting';
import { openPayables } from '../queries/claim-item';
import { VIEW_REBATES } from '../queries/rebate-list';
import { rebateOfRun, rebateRowList, rebateRowsOf, rebateView, type RebateView } from '../queries/rebate-page';
import { ACCRUE_REBATES, accrueRebate, SETTLE_REBATES, settleRebate, unsettleRebate } from '../use-cases/accrue-rebate';
import { closeRebate, EDIT_REBATES } from '../use-cases/save-rebate';
import { confirmPage } from './confirm-page';
import { newOperationKey, operationKey, optionalDate, optionalMoney, text, version } from './fields';
import { printRebate } from './rebate-print';
import { showRebate } from './rebate.page';
import { rebateCrumbs, rebateHref } from './rebate-words';
import type { SupplierFormPage } from './supplier.page';

const view = { permission: VIEW_REBATES };
const accrues = { permission: ACCRUE_REBATES };
const settles = { permission: SETTLE_REBATES };
const BASE = '/purchasing/rebates/:id';

export const rebateRoutes: readonly Route[] = [
  { method: 'get', path: BASE, access: view, handler: (ctx) => showRebate(ctx, ctx.id()) },
  { method: 'get', path: `${BASE}/print`, access: view, handler: printRebate },
  { method: 'get', path: `${BASE}/rows.xlsx`, access: view, handler: exportRows },
  { method: 'get', path: `${BASE}/accrual`, access: accrues, handler: (ctx) => showAccrual(ctx) },
  { method: 'post', path: `${BASE}/accrual`, access: accrues, handler: accrue },
  { method: 'get', path: `${BASE}/settlement`, access: settles, handler: (ctx) => showSettlement(ctx) },
  { method: 'post', path: `${BASE}/settlement`, access: settles, handler: settle },
  ...step('unsettlement', SETTLE_REBATES, async (ctx, command, key) => {
    await unsettleRebate(ctx.uow, ctx.actor, command, { operationKey: key });
  }),
  ...step('closing', EDIT_REBATES, async (ctx, command, key) => {
    await closeRebate(ctx.uow, ctx.actor, { ...command, again: false }, { operationKey: key });
  }),
  ...step('reopening', EDIT_REBATES, async (ctx, command, key) => {
    await closeRebate(ctx.uow, ctx.actor, { ...command, again: true }, { operationKey: key });
  }),
  // Where entries of a calculation link to.
  {
    method: 'get',
    path: '/purchasing/rebate_runs/:id',
    access: view,
    handler: async (ctx) => redirect(rebateHref(await rebateOfRun(ctx.read, ctx.id()))),
  },
];

const refused = (ctx: Ctx, form: FormState, status: number): Promise<Reply> =>
  showRebate(ctx, ctx.id(), {
    status,
    notices: [{ tone: 'bad', title: form.message ?? '', items: Object.values(form.problems) }],
  });

/** A step that is asked for once more. */
function step(
  name: 'unsettlement' | 'closing' | 'reopening',
  permission: string,
  run: (ctx: Ctx, command: { rebateId: number; version: number }, key: string | undefined) => Promise<void>,
): Route[] {
  const ask = async (ctx: Ctx): Promise<Reply> => {
    const rebate = await rebateView(ctx.read, ctx.actor, ctx.id());
    const verb = ctx.t(`purchasing:rebate.do.${name}`);
    return confirmPage(ctx, {
      title: ctx.t('purchasing:protection.ask.title', { verb, number: rebate.number }),
      effects: [ctx.t(`purchasing:rebate.ask.${name}`)],
      action: `${rebateHref(rebate.id)}/${name}`,
      verb,
      cancelHref: rebateHref(rebate.id),
      fields: { version: rebate.version, operationKey: newOperationKey() },
    });
  };
  const take = (ctx: Ctx): Promise<Reply> =>
    submit(
      ctx,
      z.object({ operationKey, version }),
      async ({ operationKey: key, version: seen }) => {
        await run(ctx, { rebateId: ctx.id(), version: seen }, key);
        return redirect(rebateHref(ctx.id()), { kind: 'ok', text: ctx.t(`purchasing:rebate.done.${name}`) });
      },
      (form, status) => refused(ctx, form, status),
    );
  const access = { permission };
  return [
    { method: 'get', path: `${BASE}/${name}`, access, handler: ask },
    { method: 'post', path: `${BASE}/${name}`, access, handler: take },
  ];
}

type Form = Pick<SupplierFormPage, 'fields' | 'submit'> & { title: string; say: string; path: string };

function formPage(ctx: Ctx, rebate: RebateView, { values, message }: FormState, form: Form, status: number): Reply {
  const href = rebateHref(rebate.id);
  const model: SupplierFormPage = {
    head: { title: form.title, say: form.say, crumbs: [...rebateCrumbs(ctx), { label: rebate.number, href }] },
    action: `${href}/${form.path}`,
    cancelHref: href,
    submit: form.submit,
    // What was typed stays after a conflict, and stands on the newest version.
    hidden: { operationKey: values['operationKey'] ?? newOperationKey(), version: String(rebate.version) },
    message,
    fields: form.fields,
  };
  return page('purchasing/form', rebate.number, model, { status });
}

async function showAccrual(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const rebate = await rebateView(ctx.read, ctx.actor, ctx.id());
  if (!rebate.seesCost || rebate.state !== 'open')
    return status === 200 ? redirect(rebateHref(rebate.id)) : refused(ctx, form ?? emptyForm(), status);
  const { t } = ctx;
  const usual = rebate.toOn < ctx.today ? rebate.toOn : ctx.today;
  const given = form ?? emptyForm({ untilOn: usual });
  const error = given.problems['untilOn'];
  return formPage(
    ctx,
    rebate,
    given,
    {
      title: t('purchasing:rebate.do.accrual'),
      say: t('purchasing:rebate.accrualSay', { amount: ctx.f.moneyYuan(rebate.earnedFen) }),
      path: 'accrual',
      submit: t('purchasing:rebate.accrualPost'),
      fields: [
        {
          name: 'untilOn',
          type: 'date',
          label: t('purchasing:rebate.untilOn'),
          required: true,
          value: given.values['untilOn'] ?? '',
          hint: t('purchasing:rebate.untilHint'),
          ...(error ? { error } : {}),
        },
      ],
    },
    status,
  );
}

function accrue(ctx: Ctx): Promise<Reply> {
  const rebateId = ctx.id();
  return submit(
    ctx,
    z.object({ operationKey, version, untilOn: optionalDate }),
    async ({ operationKey: key, ...command }) => {
      const done = await accrueRebate(ctx.uow, ctx.actor, { ...command, rebateId }, { operationKey: key });
      const amount = ctx.f.moneySigned(done.changeFen);
      return redirect(rebateHref(rebateId), { kind: 'ok', text: ctx.t('purchasing:rebate.done.accrual', { amount }) });
    },
    (form, status) => showAccrual(ctx, form, status),
  );
}

async function showSettlement(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const rebate = await rebateView(ctx.read, ctx.actor, ctx.id());
  if (!rebate.seesCost || rebate.openFen === 0 || rebate.state !== 'open')
    return status === 200 ? redirect(rebateHref(rebate.id)) : refused(ctx, form ?? emptyForm(), status);
  const { t, f } = ctx;
  const payables = await openPayables(ctx.read, rebate.supplierId);
  const owedFen = payables.reduce((sum, { openFen }) => sum + openFen, 0);
  const given = form ?? emptyForm({ method: 'set_off', amount: plainMoney(fen(rebate.openFen)) });
  const field = (name: string) => ({
    name,
    label: t(`purchasing:protection.settle.${name}`),
    value: given.values[name] ?? '',
    ...(given.problems[name] ? { error: given.problems[name] } : {}),
  });
  return formPage(
    ctx,
    rebate,
    given,
    {
      title: t('purchasing:protection.do.settlement'),
      say: t('purchasing:rebate.settleSay', { supplier: rebate.supplierName, amount: f.moneyYuan(rebate.openFen) }),
      path: 'settlement',
      submit: t('purchasing:protection.settle.post'),
      fields: [
        {
          ...field('method'),
          type: 'select',
          required: true,
          choose: false,
          options: SETTLEMENT_METHODS.map((value) => ({ value, label: t(`purchasing:protection.method.${value}`) })),
          hint: t('purchasing:protection.settle.methodHint', { amount: f.moneyYuan(owedFen) }),
        },
        { ...field('amount'), type: 'money', required: true, hint: t('purchasing:protection.settle.amountHint') },
        { ...field('reference'), optional: true, maxlength: 80 },
      ],
    },
    status,
  );
}

const settlementSchema = z.object({
  operationKey,
  version,
  method: z.enum(SETTLEMENT_METHODS, 'errors:field.invalid'),
  amount: optionalMoney,
  reference: text(80),
});

function settle(ctx: Ctx): Promise<Reply> {
  const rebateId = ctx.id();
  return submit(
    ctx,
    settlementSchema,
    async ({ operationKey: key, amount: amountFen, ...command }) => {
      const wanted = { ...command, rebateId, amountFen };
      const { differenceFen } = await settleRebate(ctx.uow, ctx.actor, wanted, { operationKey: key });
      const what = differenceFen === 0 ? 'settled' : 'settledDifference';
      const amount = ctx.f.moneySigned(differenceFen);
      return redirect(rebateHref(rebateId), {
        kind: 'ok',
        text: ctx.t(`purchasing:protection.done.${what}`, { amount }),
      });
    },
    (form, status) => showSettlement(ctx, form, status),
  );
}

/** Every row that the last calculation counted, as far as it is of the reader's stores. */
async function exportRows(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const rebate = await rebateView(ctx.read, ctx.actor, ctx.id());
  const runId = rebate.runs[0]?.id ?? 0;
  return exportReply(ctx, {
    name: `${rebate.number.replaceAll('/', '-')}-${t('purchasing:rebate.rows')}`,
    sheet: t('purchasing:rebate.rows'),
    columns: [
      { header: '#', type: 'integer' },
      { header: t('purchasing:receipt.number'), type: 'text' },
      { header: t('purchasing:receipt.businessDate'), type: 'date' },
      { header: t('purchasing:receipt.store'), type: 'text' },
      { header: t('purchasing:line.code'), type: 'text' },
      { header: t('purchasing:receipt.product'), type: 'text', width: 36 },
      { header: t('purchasing:return.device'), type: 'text', width: 20 },
      { header: t('purchasing:rebate.pieces'), type: 'integer' },
      ...(rebate.seesCost ? [{ header: t('purchasing:receipt.amount'), type: 'money' as const }] : []),
    ],
    query: readListQuery(rebateRowList(rebate.id), ctx.query),
    load: (query) => rebateRowsOf(ctx.read, ctx.actor, runId, query),
    toRow: (row) => [
      row.seq,
      row.documentNumber,
      row.businessDate,
      row.storeName,
      row.skuCode,
      row.skuName,
      row.mainNumber ?? '',
      row.pieces,
      ...(rebate.seesCost ? [row.amountFen] : []),
    ],
  });
}
