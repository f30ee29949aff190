import { z } from 'zod';
import { type Ctx, emptyForm, type FormState, redirect, type Reply, type Route, submit } from '../../../platform/http';
import { returnView } from '../queries/return-page';
import { postReturn } from '../use-cases/post-return';
import { receiveExchange } from '../use-cases/receive-exchange';
import { reverseReturn } from '../use-cases/reverse-return';
import { deleteReturn, EDIT_RETURNS } from '../use-cases/save-return';
import { confirmPage } from './confirm-page';
import { newOperationKey, operationKey, text, version } from './fields';
import { receiptHref } from './receipt-parts';
import { returnHref } from './return-words';
import { showReturn } from './show-return';
import { noticeOf } from './show-receipt';

const posts = { permission: 'purchasing.return.post' };
const reverses = { permission: 'purchasing.return.reverse' };
const edit = { permission: EDIT_RETURNS };
const BASE = '/purchasing/returns/:id';

export const returnActionRoutes: readonly Route[] = [
  { method: 'get', path: `${BASE}/posting`, access: posts, handler: askPosting },
  { method: 'post', path: `${BASE}/posting`, access: posts, handler: postOne },
  { method: 'get', path: `${BASE}/reversal`, access: reverses, handler: (ctx) => askReversal(ctx) },
  { method: 'post', path: `${BASE}/reversal`, access: reverses, handler: reverseOne },
  { method: 'get', path: `${BASE}/deletion`, access: edit, handler: askDeletion },
  { method: 'post', path: `${BASE}/deletion`, access: edit, handler: deleteOne },
  {
    method: 'post',
    path: `${BASE}/exchange`,
    access: { permission: 'purchasing.receipt.create' },
    handler: exchange,
  },
];

async function askPosting(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const document = await returnView(ctx.read, ctx.actor, ctx.id());
  if (document.state !== 'draft' || document.lines.length === 0) return redirect(returnHref(document.id));
  const { supplierName: supplier, foreignPieces, money } = document;
  return confirmPage(ctx, {
    title: t('purchasing:return.ask.post', { number: document.number }),
    effects: [
      t('purchasing:return.ask.goods', { count: f.number(document.quantity), supplier }),
      money
        ? t('purchasing:return.ask.money', { amount: f.moneyYuan(money.grossFen) })
        : t('purchasing:return.ask.debt'),
      ...(foreignPieces > 0 ? [t('purchasing:return.hasForeign', { count: f.number(foreignPieces), supplier })] : []),
      t('purchasing:return.ask.books'),
    ],
    action: `${returnHref(document.id)}/posting`,
    verb: t('purchasing:return.post', { count: f.number(document.quantity) }),
    cancelHref: returnHref(document.id),
    fields: { version: document.version, operationKey: newOperationKey() },
  });
}

const refused =
  (ctx: Ctx, returnId: number) =>
  (form: FormState, status: number): Promise<Reply> =>
    showReturn(ctx, returnId, {
      status,
      notices: [{ tone: 'bad', title: form.message ?? '', items: Object.values(form.problems) }],
    });

function postOne(ctx: Ctx): Promise<Reply> {
  const returnId = ctx.id();
  return submit(
    ctx,
    z.object({ operationKey, version }),
    async ({ operationKey: key, ...command }) => {
      const posted = await postReturn(ctx.uow, ctx.actor, { ...command, returnId }, { operationKey: key });
      const count = ctx.f.number(posted.quantity);
      return redirect(returnHref(returnId), { kind: 'ok', text: ctx.t('purchasing:return.done.posted', { count }) });
    },
    refused(ctx, returnId),
  );
}

async function askReversal(ctx: Ctx, form: FormState = emptyForm(), status = 200): Promise<Reply> {
  const { t, f } = ctx;
  const document = await returnView(ctx.read, ctx.actor, ctx.id());
  if (document.state !== 'posted')
    return status === 200 ? redirect(returnHref(document.id)) : refused(ctx, document.id)(form, status);
  const { reason: problem, ...others } = form.problems;
  return confirmPage(
    ctx,
    {
      title: t('purchasing:return.ask.reverse', { number: document.number }),
      effects: [
        t('purchasing:return.ask.reverseGoods', { count: f.number(document.quantity) }),
        t('purchasing:reversal.books', { date: f.date(ctx.today) }),
        t('purchasing:return.ask.reverseRefused'),
      ],
      action: `${returnHref(document.id)}/reversal`,
      verb: t('common:action.reverse'),
      danger: true,
      cancelHref: returnHref(document.id),
      fields: { version: document.version, operationKey: newOperationKey() },
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

function reverseOne(ctx: Ctx): Promise<Reply> {
  const returnId = ctx.id();
  return submit(
    ctx,
    z.object({ operationKey, version, reason: text(200) }),
    async ({ operationKey: key, ...command }) => {
      await reverseReturn(ctx.uow, ctx.actor, { ...command, returnId }, { operationKey: key });
      return redirect(returnHref(returnId), { kind: 'ok', text: ctx.t('purchasing:return.done.reversed') });
    },
    (form, status) => askReversal(ctx, form, status),
  );
}

async function askDeletion(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const document = await returnView(ctx.read, ctx.actor, ctx.id());
  if (document.state !== 'draft') return redirect(returnHref(document.id));
  return confirmPage(ctx, {
    title: t('purchasing:return.ask.delete', { number: document.number }),
    effects: [t('purchasing:deletion.books')],
    action: `${returnHref(document.id)}/deletion`,
    verb: t('common:action.delete'),
    danger: true,
    cancelHref: returnHref(document.id),
    fields: { version: document.version, operationKey: newOperationKey() },
  });
}

function deleteOne(ctx: Ctx): Promise<Reply> {
  const returnId = ctx.id();
  return submit(
    ctx,
    z.object({ operationKey, version }),
    async ({ operationKey: key, ...command }) => {
      const { number } = await deleteReturn(ctx.uow, ctx.actor, { ...command, returnId }, { operationKey: key });
      return redirect('/purchasing/returns', { kind: 'ok', text: ctx.t('purchasing:deletion.done', { number }) });
    },
    (form, status) => showReturn(ctx, returnId, { status, notices: noticeOf(form) }),
  );
}

/** Opens the receipt of what the supplier sends in place. */
function exchange(ctx: Ctx): Promise<Reply> {
  const returnId = ctx.id();
  return submit(
    ctx,
    z.object({ operationKey }),
    async ({ operationKey: key }) => {
      const made = await receiveExchange(ctx.uow, ctx.actor, { returnId }, { operationKey: key });
      return redirect(receiptHref(made.id));
    },
    refused(ctx, returnId),
  );
}
