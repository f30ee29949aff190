import { z } from 'zod';
import { type Ctx, emptyForm, type FormState, redirect, type Reply, type Route, submit } from '../../../platform/http';
import { requisitionMachine } from '../domain/requisition-state';
import { requisitionView } from '../queries/requisition-page';
import {
  approveRequisition,
  cancelRequisition,
  closeRequisition,
  rejectRequisition,
  reviseRequisition,
  submitRequisition,
  withdrawRequisition,
} from '../use-cases/decide-requisition';
import { confirmPage } from './confirm-page';
import { newOperationKey, operationKey, text, version } from './fields';
import { requisitionHref } from './requisition-words';
import { noticeOf } from './show-receipt';
import { showRequisition } from './show-requisition';

const edit = { permission: 'purchasing.requisition.edit' };
const approve = { permission: 'purchasing.requisition.approve' };
const BASE = '/purchasing/requisitions/:id';

type UseCase = typeof submitRequisition;

const QUESTIONS = {
  rejection: { event: 'reject', useCase: rejectRequisition },
  cancellation: { event: 'cancel', useCase: cancelRequisition },
  closing: { event: 'close', useCase: closeRequisition },
} as const;
type Question = keyof typeof QUESTIONS;

const asked = (question: Question, access: typeof edit): Route[] => [
  { method: 'get', path: `${BASE}/${question}`, access, handler: (ctx) => ask(ctx, question) },
  { method: 'post', path: `${BASE}/${question}`, access, handler: (ctx) => answer(ctx, question) },
];

export const requisitionActionRoutes: readonly Route[] = [
  { method: 'post', path: `${BASE}/submission`, access: edit, handler: (ctx) => decide(ctx, submitRequisition) },
  { method: 'post', path: `${BASE}/withdrawal`, access: edit, handler: (ctx) => decide(ctx, withdrawRequisition) },
  { method: 'post', path: `${BASE}/revision`, access: edit, handler: (ctx) => decide(ctx, reviseRequisition) },
  { method: 'post', path: `${BASE}/approval`, access: approve, handler: (ctx) => decide(ctx, approveRequisition) },
  ...asked('rejection', approve),
  ...asked('cancellation', edit),
  ...asked('closing', edit),
];

async function run(ctx: Ctx, useCase: UseCase, command: Parameters<UseCase>[2], key?: string): Promise<Reply> {
  const { id, state } = await useCase(ctx.uow, ctx.actor, command, { operationKey: key });
  return redirect(requisitionHref(id), { kind: 'ok', text: ctx.t(`purchasing:requisition.now.${state}`) });
}

function decide(ctx: Ctx, useCase: UseCase): Promise<Reply> {
  const requisitionId = ctx.id();
  return submit(
    ctx,
    z.object({ operationKey, version }),
    ({ operationKey: key, ...command }) => run(ctx, useCase, { ...command, requisitionId }, key),
    (form, status) => {
      const notice = { tone: 'bad' as const, title: form.message ?? '', items: Object.values(form.problems) };
      return showRequisition(ctx, requisitionId, { status, notices: [notice] });
    },
  );
}

/** Each of these needs a reason. */
async function ask(ctx: Ctx, question: Question, form: FormState = emptyForm(), status = 200): Promise<Reply> {
  const { t, f } = ctx;
  const row = await requisitionView(ctx.read, ctx.actor, ctx.id());
  const { event } = QUESTIONS[question];
  const href = requisitionHref(row.id);
  if (!requisitionMachine.can(row.state, event) || (event === 'close' && row.open === 0))
    return status === 200 ? redirect(href) : showRequisition(ctx, row.id, { status, notices: noticeOf(form) });
  const { reason: problem, ...others } = form.problems;
  return confirmPage(
    ctx,
    {
      title: t(`purchasing:requisition.ask.${question}`, { number: row.number }),
      effects: [t(`purchasing:requisition.effect.${question}`, { count: f.number(row.open) })],
      action: `${href}/${question}`,
      verb: t(`purchasing:requisition.${event}`),
      danger: event !== 'reject',
      cancelHref: href,
      fields: { version: row.version, operationKey: newOperationKey() },
      reason: {
        name: 'reason',
        label: t('purchasing:reversal.reason'),
        type: 'textarea',
        rows: 2,
        required: true,
        maxlength: 200,
        value: form.values['reason'] ?? '',
        ...(problem ? { error: problem } : {}),
      },
    },
    form.message,
    Object.values(others),
    status,
  );
}

function answer(ctx: Ctx, question: Question): Promise<Reply> {
  const requisitionId = ctx.id();
  return submit(
    ctx,
    z.object({ operationKey, version, reason: text(200) }),
    ({ operationKey: key, ...command }) => run(ctx, QUESTIONS[question].useCase, { ...command, requisitionId }, key),
    (form, status) => ask(ctx, question, form, status),
  );
}
