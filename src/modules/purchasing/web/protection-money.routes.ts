import { z } from 'zod';
import { fen, plainMoney } from '../../../kernel';
import {
  type Ctx,
  documentHref,
  emptyForm,
  type FormState,
  page,
  redirect,
  type Reply,
  type Route,
  submit,
} from '../../../platform/http';
import type { Field } from '../../../platform/views';
import { SETTLEMENT_METHODS } from '../domain/settlement-posting';
import { claimOpenFen, openPayables } from '../queries/claim-item';
import { claimOfSettlement, protectionView, type ProtectionView } from '../queries/protection-page';
import { AGREE_PROTECTIONS, agreeProtection } from '../use-cases/agree-protection';
import { SETTLE_PROTECTIONS, settleProtection } from '../use-cases/settle-protection';
import { id, newOperationKey, operationKey, optionalDate, optionalMoney, text, version } from './fields';
import { protectionCrumbs, protectionHref } from './protection-words';
import type { LinesPage } from './receipt-lines.page';
import { showProtection } from './show-protection';
import { noticeOf } from './show-receipt';
import type { SupplierFormPage } from './supplier.page';

const agrees = { permission: AGREE_PROTECTIONS };
const settles = { permission: SETTLE_PROTECTIONS };
const BASE = '/purchasing/protections/:id';

export const protectionMoneyRoutes: readonly Route[] = [
  { method: 'get', path: `${BASE}/agreement`, access: agrees, handler: (ctx) => showAgreement(ctx) },
  { method: 'post', path: `${BASE}/agreement`, access: agrees, handler: agree },
  { method: 'get', path: `${BASE}/settlement`, access: settles, handler: (ctx) => showSettlement(ctx) },
  { method: 'post', path: `${BASE}/settlement`, access: settles, handler: settle },
  // Where entries of a settlement link to.
  {
    method: 'get',
    path: '/purchasing/claim_settlements/:id',
    access: { permission: 'purchasing.protection.view' },
    handler: async (ctx) => {
      const { type, id: claimId } = await claimOfSettlement(ctx.read, ctx.id());
      return redirect(documentHref(type, claimId));
    },
  },
];

/** The claim as long as it is in this state and the reader sees money; otherwise its page. */
async function inState(
  ctx: Ctx,
  state: ProtectionView['state'],
  form: FormState,
  status: number,
): Promise<ProtectionView | Reply> {
  const claim = await protectionView(ctx.read, ctx.actor, ctx.id());
  if (claim.state === state && claim.money) return claim;
  return status === 200
    ? redirect(protectionHref(claim.id))
    : showProtection(ctx, claim.id, { status, notices: noticeOf(form) });
}

async function showAgreement(ctx: Ctx, form = emptyForm(), status = 200): Promise<Reply> {
  const claim = await inState(ctx, 'submitted', form, status);
  if ('kind' in claim) return claim;
  const model = agreementPage(ctx, claim, form);
  return page('purchasing/lines', claim.number, model, { status, styles: ['purchasing'] });
}

function agreementPage({ t, f }: Pick<Ctx, 't' | 'f'>, claim: ProtectionView, form: FormState): LinesPage {
  const href = protectionHref(claim.id);
  const given = (name: string) => ({
    name,
    value: form.values[name] ?? '',
    ...(form.problems[name] ? { error: form.problems[name] } : {}),
  });
  return {
    head: {
      title: t('purchasing:protection.do.agreement'),
      say: t('purchasing:protection.agreeSay', { count: f.number(claim.covered) }),
      crumbs: [...protectionCrumbs({ t }), { label: claim.number, href }],
    },
    action: `${href}/agreement`,
    cancelHref: href,
    operationKey: newOperationKey(),
    message: form.message,
    submit: t('purchasing:protection.agreePost'),
    fields: [
      { ...given('dueOn'), type: 'date', label: t('purchasing:protection.dueOn'), optional: true },
      {
        ...given('exceptions'),
        type: 'textarea',
        label: t('purchasing:protection.exceptions'),
        hint: t('purchasing:protection.exceptionsHint'),
        rows: 4,
        countLines: true,
        optional: true,
        wide: true,
      },
    ],
    rows: claim.lines.map((line, index) => {
      const path = `lines.${index}.agreed`;
      const value = form.values[path] ?? plainMoney(fen(line.money?.unitFen ?? 0));
      return {
        title: `${line.lineNo}. ${line.skuName}`,
        sub: t('purchasing:protection.lineSay', {
          count: f.number(line.covered),
          unit: f.money(line.money?.unitFen ?? 0),
        }),
        hidden: {
          [`lines.${index}.id`]: String(line.id),
          ...(index === 0 ? { version: String(claim.version) } : {}),
        },
        fields: [
          { ...given(path), value, type: 'money', required: true, label: t('purchasing:protection.agreedUnit') },
        ],
      };
    }),
  };
}

const agreementSchema = z.object({
  operationKey,
  version,
  dueOn: optionalDate,
  exceptions: text(100_000),
  lines: z
    .array(z.object({ id, agreed: optionalMoney }))
    .max(200, 'errors:field.invalid')
    .optional()
    .default([]),
});

function agree(ctx: Ctx): Promise<Reply> {
  const claimId = ctx.id();
  return submit(
    ctx,
    agreementSchema,
    async ({ operationKey: key, lines, ...command }) => {
      const amounts = lines.map(({ id: lineId, agreed }) => ({ id: lineId, agreedUnitFen: agreed }));
      const wanted = { ...command, claimId, lines: amounts };
      const { covered, dropped, agreedFen } = await agreeProtection(ctx.uow, ctx.actor, wanted, { operationKey: key });
      const { f } = ctx;
      const details = { count: f.number(covered), amount: f.moneyYuan(agreedFen), dropped: f.number(dropped) };
      const what = dropped > 0 ? 'agreedSome' : 'agreed';
      return redirect(protectionHref(claimId), {
        kind: 'ok',
        text: ctx.t(`purchasing:protection.done.${what}`, details),
      });
    },
    (form, status) => showAgreement(ctx, form, status),
  );
}

async function showSettlement(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const claim = await inState(ctx, 'agreed', form ?? emptyForm(), status);
  if ('kind' in claim) return claim;
  const openFen = await claimOpenFen(ctx.read, 'purchasing.protection', claim.id);
  const payables = await openPayables(ctx.read, claim.supplierId);
  const owedFen = payables.reduce((sum, { openFen }) => sum + openFen, 0);
  const fresh = emptyForm({
    method: 'set_off',
    amount: plainMoney(fen(openFen)),
    operationKey: newOperationKey(),
  });
  const model = settlementForm(ctx, claim, form ?? fresh, { owedFen, openFen });
  return page('purchasing/form', claim.number, model, { status });
}

function settlementForm(
  { t, f }: Pick<Ctx, 't' | 'f'>,
  claim: ProtectionView,
  { values, problems, message }: FormState,
  { owedFen, openFen }: { owedFen: number; openFen: number },
): SupplierFormPage {
  const href = protectionHref(claim.id);
  const field = (name: string, more: Partial<Field>): Field => ({
    name,
    label: t(`purchasing:protection.settle.${name}`),
    value: values[name] ?? '',
    ...(problems[name] ? { error: problems[name] } : {}),
    ...more,
  });
  return {
    head: {
      title: t('purchasing:protection.do.settlement'),
      say: t('purchasing:protection.settle.say', {
        supplier: claim.supplierName,
        amount: f.moneyYuan(openFen),
      }),
      crumbs: [...protectionCrumbs({ t }), { label: claim.number, href }],
    },
    action: `${href}/settlement`,
    cancelHref: href,
    submit: t('purchasing:protection.settle.post'),
    hidden: {
      operationKey: values['operationKey'] ?? newOperationKey(),
      // What was typed stays after a conflict, and stands on the newest version.
      version: String(claim.version),
    },
    message,
    fields: [
      field('method', {
        type: 'select',
        required: true,
        choose: false,
        options: SETTLEMENT_METHODS.map((value) => ({ value, label: t(`purchasing:protection.method.${value}`) })),
        hint: t('purchasing:protection.settle.methodHint', { amount: f.moneyYuan(owedFen) }),
      }),
      field('amount', { type: 'money', required: true, hint: t('purchasing:protection.settle.amountHint') }),
      field('reference', { optional: true, maxlength: 80 }),
    ],
  };
}

const settlementSchema = z.object({
  operationKey,
  version,
  method: z.enum(SETTLEMENT_METHODS, 'errors:field.invalid'),
  amount: optionalMoney,
  reference: text(80),
});

function settle(ctx: Ctx): Promise<Reply> {
  const claimId = ctx.id();
  return submit(
    ctx,
    settlementSchema,
    async ({ operationKey: key, amount: amountFen, ...command }) => {
      const wanted = { ...command, claimId, amountFen };
      const { differenceFen } = await settleProtection(ctx.uow, ctx.actor, wanted, { operationKey: key });
      const what = differenceFen === 0 ? 'settled' : 'settledDifference';
      const amount = ctx.f.moneySigned(differenceFen);
      return redirect(protectionHref(claimId), {
        kind: 'ok',
        text: ctx.t(`purchasing:protection.done.${what}`, { amount }),
      });
    },
    (form, status) => showSettlement(ctx, form, status),
  );
}
