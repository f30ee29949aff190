import { z } from 'zod';
import { type Ctx, emptyForm, type FormState, redirect, type Reply, type Route, submit } from '../../../platform/http';
import { type InvoiceView, invoiceView } from '../queries/invoice-page';
import {
  APPROVE_INVOICES,
  approveInvoice,
  type DecideInvoice,
  sendBackInvoice,
  submitInvoice,
  withdrawInvoice,
} from '../use-cases/decide-invoice';
import { POST_INVOICES, postInvoice } from '../use-cases/post-invoice';
import { reverseInvoice } from '../use-cases/reverse-invoice';
import { deleteInvoice, EDIT_INVOICES } from '../use-cases/save-invoice';
import { confirmPage } from './confirm-page';
import { newOperationKey, operationKey, text, version } from './fields';
import { invoiceHref } from './invoice-words';
import { showInvoice } from './show-invoice';
import { noticeOf } from './show-receipt';

const edit = { permission: EDIT_INVOICES };
const posts = { permission: POST_INVOICES };
const approves = { permission: APPROVE_INVOICES };
const reverses = { permission: 'purchasing.invoice.reverse' };
const BASE = '/purchasing/invoices/:id';

export const invoiceActionRoutes: readonly Route[] = [
  { method: 'post', path: `${BASE}/submission`, access: edit, handler: (ctx) => decide(ctx, submitInvoice) },
  { method: 'post', path: `${BASE}/withdrawal`, access: edit, handler: (ctx) => decide(ctx, withdrawInvoice) },
  { method: 'post', path: `${BASE}/approval`, access: approves, handler: (ctx) => decide(ctx, approveInvoice) },
  { method: 'get', path: `${BASE}/return`, access: approves, handler: (ctx) => askSendBack(ctx) },
  { method: 'post', path: `${BASE}/return`, access: approves, handler: sendBack },
  { method: 'get', path: `${BASE}/posting`, access: posts, handler: askPosting },
  { method: 'post', path: `${BASE}/posting`, access: posts, handler: postOne },
  { method: 'get', path: `${BASE}/reversal`, access: reverses, handler: (ctx) => askReversal(ctx) },
  { method: 'post', path: `${BASE}/reversal`, access: reverses, handler: reverseOne },
  { method: 'get', path: `${BASE}/deletion`, access: edit, handler: askDeletion },
  { method: 'post', path: `${BASE}/deletion`, access: edit, handler: deleteOne },
];

const refused =
  (ctx: Ctx, invoiceId: number) =>
  (form: FormState, status: number): Promise<Reply> =>
    showInvoice(ctx, invoiceId, {
      status,
      notices: [{ tone: 'bad', title: form.message ?? '', items: Object.values(form.problems) }],
    });

const seen = z.object({ operationKey, version });

type Decision = (
  uow: Ctx['uow'],
  actor: Ctx['actor'],
  command: DecideInvoice,
  options: { operationKey?: string | undefined },
) => Promise<{ state: InvoiceView['state'] }>;

function decide(ctx: Ctx, work: Decision): Promise<Reply> {
  const invoiceId = ctx.id();
  return submit(
    ctx,
    seen,
    async ({ operationKey: key, ...command }) => {
      const { state } = await work(ctx.uow, ctx.actor, { ...command, invoiceId }, { operationKey: key });
      return redirect(invoiceHref(invoiceId), { kind: 'ok', text: ctx.t(`purchasing:invoice.now.${state}`) });
    },
    refused(ctx, invoiceId),
  );
}

async function askPosting(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const document = await invoiceView(ctx.read, ctx.actor, ctx.id());
  const open = document.state === 'draft' || document.state === 'approved';
  if (!open || document.lines.length === 0) return redirect(invoiceHref(document.id));
  return confirmPage(ctx, {
    title: t('purchasing:return.ask.post', { number: document.number }),
    effects: [
      t('purchasing:invoice.ask.payable', { amount: f.moneyYuan(document.grossFen), date: f.date(document.dueOn) }),
      ...(document.deductible ? [t('purchasing:invoice.ask.tax', { amount: f.money(document.taxFen) })] : []),
      t('purchasing:invoice.ask.difference'),
      t('purchasing:return.ask.books'),
    ],
    action: `${invoiceHref(document.id)}/posting`,
    verb: t('purchasing:invoice.post'),
    cancelHref: invoiceHref(document.id),
    fields: { version: document.version, operationKey: newOperationKey() },
  });
}

function postOne(ctx: Ctx): Promise<Reply> {
  const invoiceId = ctx.id();
  return submit(
    ctx,
    seen,
    async ({ operationKey: key, ...command }) => {
      const { grossFen } = await postInvoice(ctx.uow, ctx.actor, { ...command, invoiceId }, { operationKey: key });
      const words = ctx.t('purchasing:invoice.done.posted', { amount: ctx.f.moneyYuan(grossFen) });
      return redirect(invoiceHref(invoiceId), { kind: 'ok', text: words });
    },
    refused(ctx, invoiceId),
  );
}

interface AskWhy {
  document: InvoiceView;
  path: 'reversal' | 'return';
  title: string;
  effects: string[];
  verb: string;
  danger: boolean;
}

function askWhy(ctx: Ctx, form: FormState, status: number, ask: AskWhy): Reply {
  const { reason: problem, ...others } = form.problems;
  const { document, path, ...words } = ask;
  return confirmPage(
    ctx,
    {
      ...words,
      action: `${invoiceHref(document.id)}/${path}`,
      cancelHref: invoiceHref(document.id),
      fields: { version: document.version, operationKey: newOperationKey() },
      reason: {
        name: 'reason',
        label: ctx.t('purchasing:reversal.reason'),
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

async function askReversal(ctx: Ctx, form: FormState = emptyForm(), status = 200): Promise<Reply> {
  const { t, f } = ctx;
  const document = await invoiceView(ctx.read, ctx.actor, ctx.id());
  if (document.state !== 'posted')
    return status === 200 ? redirect(invoiceHref(document.id)) : refused(ctx, document.id)(form, status);
  return askWhy(ctx, form, status, {
    document,
    path: 'reversal',
    title: t('purchasing:reversal.ask', { number: document.number }),
    effects: [
      t('purchasing:invoice.ask.accrued'),
      t('purchasing:reversal.books', { date: f.date(ctx.today) }),
      t('purchasing:invoice.ask.reverseRefused'),
    ],
    verb: t('common:action.reverse'),
    danger: true,
  });
}

function reverseOne(ctx: Ctx): Promise<Reply> {
  const invoiceId = ctx.id();
  return submit(
    ctx,
    seen.extend({ reason: text(200) }),
    async ({ operationKey: key, ...command }) => {
      await reverseInvoice(ctx.uow, ctx.actor, { ...command, invoiceId }, { operationKey: key });
      return redirect(invoiceHref(invoiceId), { kind: 'ok', text: ctx.t('purchasing:reversal.done') });
    },
    (form, status) => askReversal(ctx, form, status),
  );
}

async function askSendBack(ctx: Ctx, form: FormState = emptyForm(), status = 200): Promise<Reply> {
  const { t } = ctx;
  const document = await invoiceView(ctx.read, ctx.actor, ctx.id());
  if (document.state !== 'submitted')
    return status === 200 ? redirect(invoiceHref(document.id)) : refused(ctx, document.id)(form, status);
  return askWhy(ctx, form, status, {
    document,
    path: 'return',
    title: t('purchasing:invoice.ask.sendBack', { number: document.number }),
    effects: [t('purchasing:invoice.ask.draftAgain')],
    verb: t('purchasing:invoice.sendBack'),
    danger: false,
  });
}

function sendBack(ctx: Ctx): Promise<Reply> {
  const invoiceId = ctx.id();
  return submit(
    ctx,
    seen.extend({ reason: text(200) }),
    async ({ operationKey: key, ...command }) => {
      await sendBackInvoice(ctx.uow, ctx.actor, { ...command, invoiceId }, { operationKey: key });
      return redirect(invoiceHref(invoiceId), { kind: 'ok', text: ctx.t('purchasing:invoice.now.draft') });
    },
    (form, status) => askSendBack(ctx, form, status),
  );
}

async function askDeletion(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const document = await invoiceView(ctx.read, ctx.actor, ctx.id());
  if (document.state !== 'draft') return redirect(invoiceHref(document.id));
  return confirmPage(ctx, {
    title: t('purchasing:deletion.ask', { number: document.number }),
    effects: [t('purchasing:deletion.books')],
    action: `${invoiceHref(document.id)}/deletion`,
    verb: t('common:action.delete'),
    danger: true,
    cancelHref: invoiceHref(document.id),
    fields: { version: document.version, operationKey: newOperationKey() },
  });
}

function deleteOne(ctx: Ctx): Promise<Reply> {
  const invoiceId = ctx.id();
  return submit(
    ctx,
    seen,
    async ({ operationKey: key, ...command }) => {
      const { number } = await deleteInvoice(ctx.uow, ctx.actor, { ...command, invoiceId }, { operationKey: key });
      return redirect('/purchasing/invoices', { kind: 'ok', text: ctx.t('purchasing:deletion.done', { number }) });
    },
    (form, status) => showInvoice(ctx, invoiceId, { status, notices: noticeOf(form) }),
  );
}
