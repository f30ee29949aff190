import { z } from 'zod';
import { type DomainError, isDomainError } from '../../../kernel';
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
import { exportReply, pageOf, readListQuery } from '../../../platform/lists';
import { COST_PERMISSION } from '../../../platform/permissions';
import type { ExportColumn } from '../../../platform/spreadsheet';
import type { Confirm } from '../../../platform/views';
import { listStores, locationsOf } from '../../organization';
import { readParameters } from '../queries/parameters';
import { RECEIPT_LIST, receiptRows, receiptTotalsByState } from '../queries/receipt-list';
import { receiptView } from '../queries/receipt-page';
import { activeSuppliers } from '../queries/suppliers';
import { changeReceipt } from '../use-cases/change-receipt';
import { createReceipt } from '../use-cases/create-receipt';
import { deleteReceipt } from '../use-cases/delete-receipt';
import { postReceipt } from '../use-cases/post-receipt';
import { reverseReceipt } from '../use-cases/reverse-receipt';
import { checkbox, date, id, newOperationKey, operationKey, text, version } from './fields';
import { receiptForm, type ReceiptFormChoices } from './receipt-form.page';
import { receiptListPage } from './receipt-list.page';
import { receiptHref } from './receipt-parts';
import { showReceipt } from './show-receipt';

const view = { permission: 'purchasing.receipt.view' };
const create = { permission: 'purchasing.receipt.create' };
const edit = { permission: 'purchasing.receipt.edit' };
const post = { permission: 'purchasing.receipt.post' };
const reverse = { permission: 'purchasing.receipt.reverse' };

export const receiptRoutes: readonly Route[] = [
  { method: 'get', path: '/purchasing', access: view, handler: async () => redirect('/purchasing/receipts') },
  { method: 'get', path: '/purchasing/receipts', access: view, handler: list },
  { method: 'get', path: '/purchasing/receipts.xlsx', access: view, handler: exportList },
  { method: 'get', path: '/purchasing/receipts/new', access: create, handler: (ctx) => showNew(ctx) },
  { method: 'post', path: '/purchasing/receipts', access: create, handler: createOne },
  { method: 'get', path: '/purchasing/receipts/:id', access: view, handler: (ctx) => showReceipt(ctx, ctx.id()) },
  { method: 'get', path: '/purchasing/receipts/:id/edit', access: edit, handler: (ctx) => showEdit(ctx) },
  { method: 'post', path: '/purchasing/receipts/:id', access: edit, handler: change },
  { method: 'get', path: '/purchasing/receipts/:id/posting', access: post, handler: askPosting },
  { method: 'post', path: '/purchasing/receipts/:id/posting', access: post, handler: postOne },
  { method: 'get', path: '/purchasing/receipts/:id/reversal', access: reverse, handler: (ctx) => askReversal(ctx) },
  { method: 'post', path: '/purchasing/receipts/:id/reversal', access: reverse, handler: reverseOne },
  { method: 'get', path: '/purchasing/receipts/:id/deletion', access: edit, handler: askDeletion },
  { method: 'post', path: '/purchasing/receipts/:id/deletion', access: edit, handler: deleteOne },
];

async function list(ctx: Ctx): Promise<Reply> {
  const query = readListQuery(RECEIPT_LIST, ctx.query);
  const storeId = ctx.store?.id ?? null;
  const found = pageOf(query, await receiptRows(ctx.read, ctx.actor, query, storeId));
  const totals = await receiptTotalsByState(ctx.read, ctx.actor, query, storeId);
  const model = receiptListPage(ctx, query, found, totals, await activeSuppliers(ctx.read));
  return page('purchasing/list', ctx.t('purchasing:receipt.title'), model);
}

async function exportList(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const money: ExportColumn[] = ctx.can(COST_PERMISSION)
    ? [
        { header: t('purchasing:receipt.net'), type: 'money' },
        { header: t('purchasing:receipt.tax'), type: 'money' },
        { header: t('purchasing:receipt.gross'), type: 'money' },
      ]
    : [];
  return exportReply(ctx, {
    name: `${t('purchasing:receipt.title')}-${ctx.today}`,
    sheet: t('purchasing:receipt.title'),
    columns: [
      { header: t('purchasing:receipt.number'), type: 'text' },
      { header: t('purchasing:receipt.state'), type: 'text' },
      { header: t('purchasing:receipt.businessDate'), type: 'date' },
      { header: t('purchasing:receipt.supplier'), type: 'text' },
      { header: t('purchasing:receipt.place'), type: 'text' },
      { header: t('purchasing:receipt.deliveryNote'), type: 'text' },
      { header: t('purchasing:receipt.quantity'), type: 'integer' },
      { header: t('purchasing:receipt.received'), type: 'integer' },
      { header: t('purchasing:receipt.postedAt'), type: 'datetime' },
      ...money,
    ],
    query: readListQuery(RECEIPT_LIST, ctx.query),
    load: (query) => receiptRows(ctx.read, ctx.actor, query, ctx.store?.id ?? null),
    toRow: (row) => [
      row.number,
      t(`purchasing:receipt.tab.${row.state}`),
      row.businessDate,
      row.supplierName,
      `${row.storeName} ${row.locationName}`,
      row.deliveryNote,
      row.quantity,
      row.received,
      row.postedAt,
      ...(money.length > 0 ? [row.netFen, row.taxFen, row.grossFen] : []),
    ],
  });
}

async function choices(ctx: Ctx, storeId?: number): Promise<ReceiptFormChoices> {
  const stores = (await listStores(ctx.read)).filter((store) =>
    storeId === undefined ? ctx.can('purchasing.receipt.create', store.id) : store.id === storeId,
  );
  // The store chosen above comes first: the first location is the one that is chosen.
  stores.sort((a, b) => Number(b.id === ctx.store?.id) - Number(a.id === ctx.store?.id));
  const withLocations: { store: (typeof stores)[number]; locations: Awaited<ReturnType<typeof locationsOf>> }[] = [];
  for (const store of stores) withLocations.push({ store, locations: await locationsOf(ctx.read, store.id) });
  return { suppliers: await activeSuppliers(ctx.read), stores: withLocations };
}

async function showNew(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const { invoiceAtOnce } = await readParameters(ctx.read);
  const fresh = emptyForm({
    supplierId: ctx.query['supplier'],
    businessDate: ctx.today,
    withInvoice: invoiceAtOnce ? '1' : '',
    operationKey: newOperationKey(),
  });
  const model = receiptForm(ctx, form ?? fresh, await choices(ctx));
  return page('purchasing/form', ctx.t('purchasing:receipt.new'), model, { status });
}

const headerSchema = z.object({
  operationKey,
  supplierId: id,
  locationId: id,
  businessDate: date,
  deliveryNote: text(60),
  withInvoice: checkbox,
  note: text(400),
});

function createOne(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    headerSchema,
    async ({ operationKey: key, ...command }) => {
      const { stores } = await choices(ctx);
      const chosen = stores.find(({ locations }) => locations.some((location) => location.id === command.locationId));
      const storeId = chosen?.store.id ?? stores[0]?.store.id ?? 0;
      const made = await createReceipt(ctx.uow, ctx.actor, { ...command, storeId }, { operationKey: key });
      return redirect(receiptHref(made.id));
    },
    (form, status) => showNew(ctx, form, status),
  );
}

async function showEdit(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const receipt = await receiptView(ctx.read, ctx.actor, ctx.id());
  if (receipt.state !== 'draft') return redirect(receiptHref(receipt.id));
  const { supplierId, locationId, businessDate, deliveryNote, withInvoice, note } = receipt;
  const values = { supplierId, locationId, businessDate, deliveryNote, withInvoice: withInvoice ? '1' : '', note };
  const fresh = emptyForm({ ...values, operationKey: newOperationKey() });
  // Who saves again after a conflict has been told of it: the form then stands on the newest version.
  const again =
    form && status === 409 ? { ...form, values: { ...form.values, version: String(receipt.version) } } : form;
  const model = receiptForm(ctx, again ?? fresh, await choices(ctx, receipt.storeId), receipt);
  return page('purchasing/form', receipt.number, model, { status });
}

function change(ctx: Ctx): Promise<Reply> {
  const receiptId = ctx.id();
  return submit(
    ctx,
    headerSchema.extend({ version }),
    async ({ operationKey: key, ...command }) => {
      await changeReceipt(ctx.uow, ctx.actor, { ...command, receiptId }, { operationKey: key });
      return redirect(receiptHref(receiptId), { kind: 'ok', text: ctx.t('purchasing:receipt.saved') });
    },
    async (form, status) => {
      const reply = await showEdit(ctx, form, status);
      // Posted meanwhile: there is no form any more, the receipt itself says what happened.
      return reply.kind === 'redirect' ? showReceipt(ctx, receiptId, { status, notices: noticeOf(form) }) : reply;
    },
  );
}

const noticeOf = (form: FormState) => [{ tone: 'bad' as const, title: form.message ?? '' }];

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

export function confirmPage(
  ctx: Ctx,
  confirm: Confirm,
  message: string | null = null,
  items: readonly string[] = [],
  status = 200,
): Reply {
  return page('purchasing/confirm', confirm.title, { confirm, message, items }, { status });
}

/** The message of an expected failure of a form without fields, or the failure itself when it is another. */
export function messageOf(ctx: Ctx, error: unknown): { status: number; title: string; items: string[] } {
  if (!isDomainError(error) || (error.status !== 422 && error.status !== 409)) throw error;
  const items = (error satisfies DomainError).fields.slice(0, 50).map((field) => ctx.t(field.code, field.details));
  return { status: error.status, title: ctx.t(error.code, error.details), items };
}
