import { notFound } from '../../../kernel';
import { type Ctx, emptyForm, type FormState, redirect, type Reply, type Route, submit } from '../../../platform/http';
import type { Field } from '../../../platform/views';
import { transferOfStep, transferView } from '../queries/transfer-page';
import { decideTransfer, type Decision, DECISIONS } from '../use-cases/decide-transfer';
import { receiveTransfer } from '../use-cases/end-transit';
import { reverseTransferStep } from '../use-cases/reverse-transfer-step';
import { sendTransfer } from '../use-cases/send-transfer';
import { sendUnexpected } from '../use-cases/send-unexpected';
import { refusedNotice, showTransfer } from './show-transfer';
import { confirmPage, newOperationKey, stepFields, textField, transferHref } from './transfer-fields';

const view = { permission: 'inventory.transfer.view' };
const send = { permission: 'inventory.transfer.send' };
const receive = { permission: 'inventory.transfer.receive' };
const reverse = { permission: 'inventory.transfer.reverse' };
const BASE = '/inventory/transfers/:id';

/** What moves a transfer on; each asks first where something is given up. The use cases check each right in its store. */
export const transferActionRoutes: readonly Route[] = [
  { method: 'get', path: '/inventory/transfer_steps/:id', access: view, handler: showStep },
  { method: 'get', path: `${BASE}/decisions/:decision`, access: view, handler: (ctx) => askDecision(ctx) },
  { method: 'post', path: `${BASE}/decisions/:decision`, access: view, handler: decide },
  { method: 'get', path: `${BASE}/sending`, access: send, handler: askSending },
  { method: 'post', path: `${BASE}/sending`, access: send, handler: sendOne },
  { method: 'get', path: `${BASE}/receipt`, access: receive, handler: askReceipt },
  { method: 'post', path: `${BASE}/receipt`, access: receive, handler: receiveOne },
  { method: 'post', path: `${BASE}/unexpected`, access: send, handler: sendLate },
  { method: 'get', path: `${BASE}/steps/:stepId/reversal`, access: reverse, handler: (ctx) => askReversal(ctx) },
  { method: 'post', path: `${BASE}/steps/:stepId/reversal`, access: reverse, handler: reverseOne },
];

/** The books name postings of a transfer; people look for the transfer. */
async function showStep(ctx: Ctx): Promise<Reply> {
  return redirect(transferHref(await transferOfStep(ctx.read, ctx.id())));
}

function decisionOf(ctx: Ctx): Decision {
  const decision = DECISIONS.find((one) => one === ctx.params['decision']);
  if (!decision) throw notFound('inventory.transfer', ctx.id());
  return decision;
}

async function askDecision(ctx: Ctx, form: FormState = emptyForm(), status = 200): Promise<Reply> {
  const decision = decisionOf(ctx);
  const transfer = await transferView(ctx.read, ctx.actor, ctx.id());
  const { t } = ctx;
  const href = transferHref(transfer.id);
  const reason: Field = {
    name: 'reason',
    label: t('inventory:transfer.reason'),
    type: 'textarea',
    rows: 2,
    maxlength: 200,
    required: decision === 'reject',
    value: form.values['reason'] ?? '',
    ...(form.problems['reason'] ? { error: form.problems['reason'] } : {}),
  };
  return confirmPage(
    {
      title: t(`inventory:transfer.ask.${decision}`, { number: transfer.number }),
      effects: [t(`inventory:transfer.effect.${decision}`)],
      action: `${href}/decisions/${decision}`,
      verb: t(`inventory:transfer.do.${decision}`),
      danger: decision === 'reject' || decision === 'cancel',
      cancelHref: href,
      fields: { version: transfer.version, operationKey: newOperationKey() },
      reason,
    },
    form.message,
    [],
    status,
  );
}

function decide(ctx: Ctx): Promise<Reply> {
  const transferId = ctx.id();
  const decision = decisionOf(ctx);
  return submit(
    ctx,
    stepFields.extend({ reason: textField(200) }),
    async ({ operationKey, ...command }) => {
      const { number } = await decideTransfer(
        ctx.uow,
        ctx.actor,
        { ...command, transferId, decision },
        { operationKey },
      );
      const text = ctx.t(`inventory:transfer.decided.${decision}`, { number });
      return redirect(transferHref(transferId), { kind: 'ok', text });
    },
    (form, status) =>
      form.problems['reason']
        ? askDecision(ctx, form, status)
        : showTransfer(ctx, transferId, { status, notices: refusedNotice(form) }),
  );
}

/** Less leaves than was asked for: which lines, before it is sent. */
async function askSending(ctx: Ctx): Promise<Reply> {
  const transfer = await transferView(ctx.read, ctx.actor, ctx.id());
  const href = transferHref(transfer.id);
  if (transfer.state !== 'approved') return redirect(href);
  const { t, f } = ctx;
  const short = transfer.lines.filter(({ picked, quantity }) => picked < quantity);
  return confirmPage({
    title: t('inventory:transfer.ask.send', { number: transfer.number }),
    effects: short.slice(0, 20).map((line) =>
      t('inventory:transfer.effect.sendLine', {
        line: line.lineNo,
        name: line.skuName,
        count: f.number(line.picked),
        wanted: f.number(line.quantity),
      }),
    ),
    action: `${href}/sending`,
    verb: t('inventory:transfer.send', { count: f.number(transfer.picked) }),
    cancelHref: href,
    fields: { version: transfer.version, operationKey: newOperationKey() },
  });
}

function sendOne(ctx: Ctx): Promise<Reply> {
  const transferId = ctx.id();
  return submit(
    ctx,
    stepFields,
    async ({ operationKey, version }) => {
      const { quantity } = await sendTransfer(ctx.uow, ctx.actor, { transferId, version }, { operationKey });
      const text = ctx.t('inventory:transfer.sentOut', { count: ctx.f.number(quantity) });
      return redirect(transferHref(transferId), { kind: 'ok', text });
    },
    (form, status) => showTransfer(ctx, transferId, { status, notices: refusedNotice(form) }),
  );
}

async function askReceipt(ctx: Ctx): Promise<Reply> {
  const transfer = await transferView(ctx.read, ctx.actor, ctx.id());
  const href = transferHref(transfer.id);
  if (transfer.state !== 'sent') return redirect(href);
  const { t, f } = ctx;
  const missing = transfer.open - transfer.arrived;
  return confirmPage({
    title: t('inventory:transfer.ask.receive', { number: transfer.number }),
    effects: [
      t('inventory:transfer.effect.receive', { count: f.number(transfer.arrived), missing: f.number(missing) }),
      ...(transfer.damaged > 0 ? [t('inventory:transfer.effect.damaged', { count: f.number(transfer.damaged) })] : []),
      t('inventory:transfer.effect.stays'),
    ],
    action: `${href}/receipt`,
    verb: t('inventory:transfer.receive', { count: f.number(transfer.arrived) }),
    cancelHref: href,
    fields: { version: transfer.version, operationKey: newOperationKey() },
  });
}

function receiveOne(ctx: Ctx): Promise<Reply> {
  const transferId = ctx.id();
  return submit(
    ctx,
    stepFields,
    async ({ operationKey, version }) => {
      const { quantity } = await receiveTransfer(ctx.uow, ctx.actor, { transferId, version }, { operationKey });
      const text = ctx.t('inventory:transfer.receivedNow', { count: ctx.f.number(quantity) });
      return redirect(transferHref(transferId), { kind: 'ok', text });
    },
    (form, status) => showTransfer(ctx, transferId, { status, notices: refusedNotice(form) }),
  );
}

const idsIn = (value: unknown): number[] =>
  (Array.isArray(value) ? value : [value]).map(Number).filter((id) => Number.isSafeInteger(id) && id > 0);

/** Devices that came along unscanned: the sender sends them afterwards. */
function sendLate(ctx: Ctx): Promise<Reply> {
  const transferId = ctx.id();
  return submit(
    ctx,
    stepFields,
    async ({ operationKey, version }) => {
      const scanIds = idsIn(ctx.body['scan']);
      const { quantity } = await sendUnexpected(ctx.uow, ctx.actor, { transferId, version, scanIds }, { operationKey });
      const text = ctx.t('inventory:transfer.sentLate', { count: ctx.f.number(quantity) });
      return redirect(transferHref(transferId), { kind: 'ok', text });
    },
    (form, status) => showTransfer(ctx, transferId, { status, notices: refusedNotice(form) }),
  );
}

async function askReversal(ctx: Ctx, form: FormState = emptyForm(), status = 200): Promise<Reply> {
  const transfer = await transferView(ctx.read, ctx.actor, ctx.id());
  const step = transfer.steps.find(({ id }) => id === ctx.id('stepId'));
  const href = transferHref(transfer.id);
  if (step?.state !== 'posted')
    return status === 200 ? redirect(href) : showTransfer(ctx, transfer.id, { status, notices: refusedNotice(form) });
  const { t, f } = ctx;
  const { reason, ...others } = form.problems;
  return confirmPage(
    {
      title: t('inventory:transfer.ask.reverse', { number: step.number }),
      effects: [
        t(`inventory:transfer.effect.reverse_${step.kind}`, { count: f.number(step.quantity) }),
        t('inventory:transfer.effect.books', { date: f.date(ctx.today) }),
      ],
      action: `${href}/steps/${step.id}/reversal`,
      verb: t('common:action.reverse'),
      danger: true,
      cancelHref: href,
      fields: { version: transfer.version, operationKey: newOperationKey() },
      reason: {
        name: 'reason',
        label: t('inventory:transfer.reason'),
        type: 'textarea',
        rows: 2,
        required: true,
        maxlength: 200,
        value: form.values['reason'] ?? '',
        ...(reason ? { error: reason } : {}),
      },
    },
    form.message,
    Object.values(others),
    status,
  );
}

function reverseOne(ctx: Ctx): Promise<Reply> {
  const transferId = ctx.id();
  return submit(
    ctx,
    stepFields.extend({ reason: textField(200) }),
    async ({ operationKey, ...command }) => {
      const stepId = ctx.id('stepId');
      const done = await reverseTransferStep(ctx.uow, ctx.actor, { ...command, transferId, stepId }, { operationKey });
      const text = ctx.t('inventory:transfer.reversed', { number: done.reversalNumber });
      return redirect(transferHref(transferId), { kind: 'ok', text });
    },
    (form, status) => askReversal(ctx, form, status),
  );
}
