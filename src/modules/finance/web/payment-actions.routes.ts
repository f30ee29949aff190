import { z } from 'zod';
import {
  type Ctx,
  emptyForm,
  fields,
  type FormState,
  redirect,
  type Reply,
  type Route,
  submit,
} from '../../../platform/http';
import type { Actor } from '../../../platform/permissions';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import type { Field } from '../../../platform/views';
import { paymentView, type PaymentView } from '../queries/payment-page';
import { EDIT_PAYMENTS } from '../queries/scope';
import {
  APPROVE_PAYMENTS,
  approvePayment,
  type DecidePayment,
  type PaymentDecided,
  sendBackPayment,
  submitPayment,
  withdrawPayment,
} from '../use-cases/decide-payment';
import { POST_PAYMENTS, postPayment, REVERSE_PAYMENTS, reversePayment } from '../use-cases/post-payment';
import { deletePayment } from '../use-cases/save-payment';
import { paymentHref } from './payment-words';
import { confirmPage, newOperationKey, refused } from './show-payment';

const edit = { permission: EDIT_PAYMENTS };
const approve = { permission: APPROVE_PAYMENTS };
const posts = { permission: POST_PAYMENTS };
const reverses = { permission: REVERSE_PAYMENTS };
const BASE = '/finance/payments/:id';

export const paymentActionRoutes: readonly Route[] = [
  { method: 'post', path: `${BASE}/submission`, access: edit, handler: (ctx) => decide(ctx, submitPayment) },
  { method: 'post', path: `${BASE}/withdrawal`, access: edit, handler: (ctx) => decide(ctx, withdrawPayment) },
  { method: 'post', path: `${BASE}/approval`, access: approve, handler: (ctx) => decide(ctx, approvePayment) },
  { method: 'get', path: `${BASE}/return`, access: approve, handler: (ctx) => ask(ctx, 'return') },
  { method: 'post', path: `${BASE}/return`, access: approve, handler: sendBack },
  { method: 'get', path: `${BASE}/posting`, access: posts, handler: (ctx) => ask(ctx, 'posting') },
  { method: 'post', path: `${BASE}/posting`, access: posts, handler: postOne },
  { method: 'get', path: `${BASE}/reversal`, access: reverses, handler: (ctx) => ask(ctx, 'reversal') },
  { method: 'post', path: `${BASE}/reversal`, access: reverses, handler: reverseOne },
  { method: 'get', path: `${BASE}/deletion`, access: edit, handler: (ctx) => ask(ctx, 'deletion') },
  { method: 'post', path: `${BASE}/deletion`, access: edit, handler: deleteOne },
];

const versioned = { operationKey: fields.operationKey, version: fields.version };
const withReason = { ...versioned, reason: fields.text };

function decide(
  ctx: Ctx,
  useCase: (uow: UnitOfWork, actor: Actor, command: DecidePayment, options?: RunOptions) => Promise<PaymentDecided>,
): Promise<Reply> {
  const paymentId = ctx.id();
  return submit(
    ctx,
    z.object(versioned),
    async ({ operationKey, version }) => {
      const { state } = await useCase(ctx.uow, ctx.actor, { paymentId, version }, { operationKey });
      return redirect(paymentHref(paymentId), { kind: 'ok', text: ctx.t(`finance:payment.now.${state}`) });
    },
    refused(ctx, paymentId),
  );
}

type Question = 'return' | 'posting' | 'reversal' | 'deletion';

const STATES: Readonly<Record<Question, readonly PaymentView['state'][]>> = {
  return: ['submitted'],
  posting: ['draft', 'approved'],
  reversal: ['posted'],
  deletion: ['draft'],
};

async function ask(ctx: Ctx, question: Question, form: FormState = emptyForm(), status = 200): Promise<Reply> {
  const { t } = ctx;
  const document = await paymentView(ctx.read, ctx.actor, ctx.id());
  const href = paymentHref(document.id);
  if (!STATES[question].includes(document.state))
    return status === 200 ? redirect(href) : refused(ctx, document.id)(form, status);
  const problem = form.problems['reason'];
  const reason: Field = {
    name: 'reason',
    label: t('finance:payment.reason'),
    type: 'textarea',
    rows: 2,
    required: true,
    maxlength: 200,
    value: form.values['reason'] ?? '',
    ...(problem ? { error: problem } : {}),
  };
  return confirmPage(
    {
      title: t(`finance:payment.ask.${question}`, { number: document.number }),
      effects: effectsOf(ctx, question, document),
      action: `${href}/${question}`,
      verb: t(`finance:payment.verb.${question}`),
      danger: question === 'reversal' || question === 'deletion',
      cancelHref: href,
      fields: { version: document.version, operationKey: newOperationKey() },
      ...(question === 'reversal' || question === 'return' ? { reason } : {}),
    },
    form,
    status,
  );
}

function effectsOf({ t, f, today }: Ctx, question: Question, document: PaymentView): string[] {
  const { amountFen, payableFen, creditFen, prepaidFen, supplierName: supplier } = document;
  const effect = (name: string, values: Record<string, unknown> = {}) => t(`finance:payment.effect.${name}`, values);
  if (question === 'return') return [effect('return')];
  if (question === 'deletion') return [effect('deletion')];
  if (question === 'reversal')
    return [
      effect('reversal', { amount: f.moneyYuan(amountFen) }),
      effect('reversalDate', { date: f.date(today) }),
      ...(prepaidFen > 0 ? [effect('reversalRefused')] : []),
    ];
  return [
    effect('paid', {
      amount: f.moneyYuan(amountFen),
      account: t(`finance:account.${document.account}`),
      date: f.date(document.businessDate),
    }),
    ...(payableFen > 0 ? [effect('payable', { amount: f.moneyYuan(payableFen), supplier })] : []),
    ...(creditFen > 0 ? [effect('credit', { amount: f.moneyYuan(creditFen) })] : []),
    ...(prepaidFen > 0 ? [effect('prepaid', { amount: f.moneyYuan(prepaidFen) })] : []),
    effect('books'),
  ];
}

function sendBack(ctx: Ctx): Promise<Reply> {
  const paymentId = ctx.id();
  return submit(
    ctx,
    z.object(withReason),
    async ({ operationKey, ...command }) => {
      await sendBackPayment(ctx.uow, ctx.actor, { ...command, paymentId }, { operationKey });
      return redirect(paymentHref(paymentId), { kind: 'ok', text: ctx.t('finance:payment.now.draft') });
    },
    (form, status) => ask(ctx, 'return', form, status),
  );
}

function postOne(ctx: Ctx): Promise<Reply> {
  const paymentId = ctx.id();
  return submit(
    ctx,
    z.object(versioned),
    async ({ operationKey, version }) => {
      const { amountFen } = await postPayment(ctx.uow, ctx.actor, { paymentId, version }, { operationKey });
      const amount = ctx.f.moneyYuan(amountFen);
      return redirect(paymentHref(paymentId), { kind: 'ok', text: ctx.t('finance:payment.done.posted', { amount }) });
    },
    refused(ctx, paymentId),
  );
}

function reverseOne(ctx: Ctx): Promise<Reply> {
  const paymentId = ctx.id();
  return submit(
    ctx,
    z.object(withReason),
    async ({ operationKey, ...command }) => {
      await reversePayment(ctx.uow, ctx.actor, { ...command, paymentId }, { operationKey });
      return redirect(paymentHref(paymentId), { kind: 'ok', text: ctx.t('finance:payment.done.reversed') });
    },
    (form, status) => ask(ctx, 'reversal', form, status),
  );
}

function deleteOne(ctx: Ctx): Promise<Reply> {
  const paymentId = ctx.id();
  return submit(
    ctx,
    z.object(versioned),
    async ({ operationKey, version }) => {
      const { number } = await deletePayment(ctx.uow, ctx.actor, { paymentId, version }, { operationKey });
      return redirect('/finance/payments', { kind: 'ok', text: ctx.t('finance:payment.done.deleted', { number }) });
    },
    refused(ctx, paymentId),
  );
}
