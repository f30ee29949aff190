import { z } from 'zod';
import { type Ctx, emptyForm, type FormState, redirect, type Reply, type Route, submit } from '../../../platform/http';
import type { Confirm } from '../../../platform/views';
import { receiptView } from '../queries/receipt-page';
import { deleteReceipt } from '../use-cases/delete-receipt';
import { postReceipt } from '../use-cases/post-receipt';
import { reverseReceipt } from '../use-cases/reverse-receipt';
import { confirmPage } from './confirm-page';
import { checkbox, newOperationKey, operationKey, text, version } from './fields';
import { receiptHref } from './receipt-parts';
import { noticeOf, showReceipt } from './show-receipt';

const edit = { permission: 'purchasing.receipt.edit' };
const post = { permission: 'purchasing.receipt.post' };
const reverse = { permission: 'purchasing.receipt.reverse' };
const BASE = '/purchasing/receipts/:id';

/** What ends a draft or a posted receipt; each asks first where something is lost. */
export const receiptActionRoutes: readonly Route[] = [
  { method: 'get', path: `${BASE}/posting`, access: post, handler: askPosting },
  { method: 'post', path: `${BASE}/posting`, access: post, handler: postOne },
  { method: 'get', path: `${BASE}/reversal`, access: reverse, handler: (ctx) => askReversal(ctx) },
  { method: 'post', path: `${BASE}/reversal`, access: reverse, handler: reverseOne },
  { method: 'get', path: `${BASE}/deletion`, access: edit, handler: askDeletion },
  { method: 'post', path: `${BASE}/deletion`, access: edit, handler: deleteOne },
];

/** What is missing, before it is posted as it came. */
async function askPosting(ctx: Ctx): Promise<Reply> {
  const receipt = await receiptView(ctx.read, ctx.actor, ctx.id());
  if (receipt.state !== 'draft') return redirect(receiptHref(receipt.id));
  const { t, f } = ctx;
  const missing = receipt.lines.filter((line) => line.received < line.quantity || line.received === 0);
  return confirmPage(ctx, {
    title: t('purchasing:posting.ask', { number: receipt.number }),
    text: t('purchasing:posting.text', {
      count: f.number(receipt.received),
      missing: f.number(receipt.quantity - receipt.received),
    }),
    effects: missing.slice(0, 20).map((line) =>
      t(line.received === 0 ? 'purchasing:posting.lineGoes' : 'purchasing:posting.lineCut', {
        line: line.lineNo,
        name: line.skuName,
        quantity: f.number(line.quantity),
        received: f.number(line.received),
      }),
    ),
    action: `${receiptHref(receipt.id)}/posting`,
    verb: t('purchasing:receipt.post', { count: f.number(receipt.received) }),
    cancelHref: receiptHref(receipt.id),
    fields: { version: receipt.version, asReceived: '1', operationKey: newOperationKey() },
  });
}

function postOne(ctx: Ctx): Promise<Reply> {
  const receiptId = ctx.id();
  return submit(
    ctx,
    z.object({ operationKey, version, asReceived: checkbox }),
    async ({ operationKey: key, ...command }) => {
      const posted = await postReceipt(ctx.uow, ctx.actor, { ...command, receiptId }, { operationKey: key });
      const count = ctx.f.number(posted.received);
      return redirect(receiptHref(receiptId), { kind: 'ok', text: ctx.t('purchasing:posting.done', { count }) });
    },
    async (form, status) => {
      const items = Object.values(form.problems);
      const title = form.message ?? '';
      return showReceipt(ctx, receiptId, { status, notices: [{ tone: 'bad', title, items }] });
    },
  );
}

async function askReversal(ctx: Ctx, form: FormState = emptyForm(), status = 200): Promise<Reply> {
  const receipt = await receiptView(ctx.read, ctx.actor, ctx.id());
  if (receipt.state !== 'posted')
    return status === 200
      ? redirect(receiptHref(receipt.id))
      : showReceipt(ctx, receipt.id, { status, notices: noticeOf(form) });
  const { t, f } = ctx;
  const ask: Confirm = {
    title: t('purchasing:reversal.ask', { number: receipt.number }),
    effects: [
      t('purchasing:reversal.goods', { count: f.number(receipt.received) }),
      t('purchasing:reversal.books', { date: f.date(ctx.today) }),
      t('purchasing:reversal.refused'),
    ],
    action: `${receiptHref(receipt.id)}/reversal`,
    verb: t('common:action.reverse'),
    danger: true,
    cancelHref: receiptHref(receipt.id),
    fields: { version: receipt.version, operationKey: newOperationKey() },
    reason: {
      name: 'reason',
      label: t('purchasing:reversal.reason'),
      type: 'textarea',
      rows: 2,
      required: true,
      maxlength: 200,
      value: form.values['reason'] ?? '',
      ...(form.problems['reason'] ? { error: form.problems['reason'] } : {}),
    },
  };
  const { reason: _reason, ...others } = form.problems;
  return confirmPage(ctx, ask, form.message, Object.values(others), status);
}

function reverseOne(ctx: Ctx): Promise<Reply> {
  const receiptId = ctx.id();
  return submit(
    ctx,
    z.object({ operationKey, version, reason: text(200) }),
    async ({ operationKey: key, ...command }) => {
      await reverseReceipt(ctx.uow, ctx.actor, { ...command, receiptId }, { operationKey: key });
      return redirect(receiptHref(receiptId), { kind: 'ok', text: ctx.t('purchasing:reversal.done') });
    },
    (form, status) => askReversal(ctx, form, status),
  );
}

async function askDeletion(ctx: Ctx): Promise<Reply> {
  const receipt = await receiptView(ctx.read, ctx.actor, ctx.id());
  if (receipt.state !== 'draft') return redirect(receiptHref(receipt.id));
  const { t, f } = ctx;
  return confirmPage(ctx, {
    title: t('purchasing:deletion.ask', { number: receipt.number }),
    effects: [
      t('purchasing:deletion.lines', { lines: f.number(receipt.lines.length), count: f.number(receipt.received) }),
      t('purchasing:deletion.books'),
    ],
    action: `${receiptHref(receipt.id)}/deletion`,
    verb: t('common:action.delete'),
    danger: true,
    cancelHref: receiptHref(receipt.id),
    fields: { version: receipt.version, operationKey: newOperationKey() },
  });
}

function deleteOne(ctx: Ctx): Promise<Reply> {
  const receiptId = ctx.id();
  return submit(
    ctx,
    z.object({ operationKey, version }),
    async ({ operationKey: key, ...command }) => {
      const { number } = await deleteReceipt(ctx.uow, ctx.actor, { ...command, receiptId }, { operationKey: key });
      return redirect('/purchasing/receipts', { kind: 'ok', text: ctx.t('purchasing:deletion.done', { number }) });
    },
    (form, status) => showReceipt(ctx, receiptId, { status, notices: noticeOf(form) }),
  );
}
