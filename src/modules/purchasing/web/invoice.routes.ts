import { z } from 'zod';
import { fen, plainMoney } from '../../../kernel';
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
import { COST_PERMISSION } from '../../../platform/permissions';
import type { Field } from '../../../platform/views';
import { listStores } from '../../organization';
import { VIEW_INVOICES } from '../queries/invoice-list';
import { type InvoiceView, invoiceView } from '../queries/invoice-page';
import { receiptForInvoice, type ReceiptForInvoice } from '../queries/received-lines';
import { activeSuppliers, type SupplierRow } from '../queries/suppliers';
import { createInvoiceOf } from '../use-cases/invoice-of-receipt';
import { changeInvoice, EDIT_INVOICES } from '../use-cases/save-invoice';
import {
  checkbox,
  date,
  id,
  newOperationKey,
  operationKey,
  optionalDate,
  optionalMoney,
  text,
  version,
} from './fields';
import { printInvoice } from './invoice-print';
import { invoiceCrumbs, invoiceHref } from './invoice-words';
import { showInvoice } from './show-invoice';
import { noticeOf } from './show-receipt';
import type { SupplierFormPage } from './supplier.page';

const view = { permission: VIEW_INVOICES };
const edit = { permission: EDIT_INVOICES };
const BASE = '/purchasing/invoices/:id';

export const invoiceRoutes: readonly Route[] = [
  { method: 'get', path: '/purchasing/invoices/new', access: edit, handler: (ctx) => showNew(ctx) },
  { method: 'post', path: '/purchasing/invoices', access: edit, handler: createOne },
  { method: 'get', path: BASE, access: view, handler: (ctx) => showInvoice(ctx, ctx.id()) },
  { method: 'get', path: `${BASE}/print`, access: view, handler: printInvoice },
  { method: 'get', path: `${BASE}/edit`, access: edit, handler: (ctx) => showEdit(ctx) },
  { method: 'post', path: BASE, access: edit, handler: change },
];

const receiptIdOf = (ctx: Ctx): number | null => {
  const typed = ctx.body['receiptId'] ?? ctx.query['receipt'];
  return typeof typed === 'string' && /^[1-9]\d{0,14}$/.test(typed) ? Number(typed) : null;
};

/** Empty, or of one receipt: its supplier, its store and what should be on the paper. */
async function showNew(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const receiptId = receiptIdOf(ctx);
  const receipt = receiptId === null ? null : await receiptForInvoice(ctx.read, ctx.actor, receiptId);
  const stores = (await listStores(ctx.read)).filter(
    ({ id: storeId }) => ctx.can(EDIT_INVOICES, storeId) && ctx.can(COST_PERMISSION, storeId),
  );
  const first = receipt?.storeId ?? ctx.store?.id;
  const fresh = emptyForm({
    supplierId: String(receipt?.supplierId ?? ctx.query['supplier'] ?? ''),
    storeId: first === undefined ? '' : String(first),
    deductible: '1',
    total: receipt ? plainMoney(fen(receipt.grossFen)) : '',
    operationKey: newOperationKey(),
  });
  const given = { suppliers: await activeSuppliers(ctx.read), stores, receipt };
  const model = invoiceForm(ctx, form ?? fresh, given);
  return page('purchasing/form', ctx.t('purchasing:invoice.new'), model, { status });
}

const headerSchema = z.object({
  operationKey,
  invoiceNumber: text(60),
  invoicedOn: date,
  dueOn: optionalDate,
  total: optionalMoney,
  deductible: checkbox,
  note: text(400),
});

function createOne(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    headerSchema.extend({ supplierId: id, storeId: id, receiptId: id.optional() }),
    async ({ operationKey: key, total, receiptId, ...command }) => {
      const header = { ...command, totalFen: total, receiptId: receiptId ?? null };
      const made = await createInvoiceOf(ctx.uow, ctx.actor, header, { operationKey: key });
      return redirect(invoiceHref(made.id));
    },
    (form, status) => showNew(ctx, form, status),
  );
}

async function showEdit(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const document = await invoiceView(ctx.read, ctx.actor, ctx.id());
  if (document.state !== 'draft') return redirect(invoiceHref(document.id));
  const { invoiceNumber, invoicedOn, dueOn, totalFen, deductible, note } = document;
  const fresh = emptyForm({
    invoiceNumber,
    invoicedOn,
    dueOn,
    total: plainMoney(fen(totalFen)),
    deductible: deductible ? '1' : '',
    note,
    operationKey: newOperationKey(),
  });
  // Who saves again after a conflict has been told of it: the form then stands on the newest version.
  const again =
    form && status === 409 ? { ...form, values: { ...form.values, version: String(document.version) } } : form;
  return page('purchasing/form', document.number, invoiceForm(ctx, again ?? fresh, document), { status });
}

function change(ctx: Ctx): Promise<Reply> {
  const invoiceId = ctx.id();
  return submit(
    ctx,
    headerSchema.extend({ version }),
    async ({ operationKey: key, total, ...command }) => {
      const header = { ...command, totalFen: total, invoiceId };
      await changeInvoice(ctx.uow, ctx.actor, header, { operationKey: key });
      return redirect(invoiceHref(invoiceId), { kind: 'ok', text: ctx.t('purchasing:receipt.saved') });
    },
    async (form, status) => {
      const reply = await showEdit(ctx, form, status);
      return reply.kind === 'redirect' ? showInvoice(ctx, invoiceId, { status, notices: noticeOf(form) }) : reply;
    },
  );
}

interface NewInvoice {
  suppliers: readonly SupplierRow[];
  stores: readonly { id: number; name: string }[];
  receipt: ReceiptForInvoice | null;
}

/** A new invoice, or what may change of a draft: not the supplier and the store. */
function invoiceForm({ t }: Pick<Ctx, 't'>, form: FormState, given: InvoiceView | NewInvoice): SupplierFormPage {
  const { values, problems } = form;
  const document = 'id' in given ? given : null;
  const fresh = 'suppliers' in given ? given : null;
  const field = (name: string, more: Partial<Field>): Field => ({
    name,
    label: more.label ?? t(`purchasing:invoice.${name}`),
    value: values[name] ?? '',
    ...(problems[name] ? { error: problems[name] } : {}),
    ...more,
  });
  const href = document ? invoiceHref(document.id) : '/purchasing/invoices';
  const crumbs = invoiceCrumbs({ t });
  return {
    head: {
      title: document ? t('purchasing:receipt.editTitle', { number: document.number }) : t('purchasing:invoice.new'),
      crumbs: document ? [...crumbs, { label: document.number, href }] : crumbs,
      ...(fresh?.receipt ? { say: t('purchasing:invoice.ofReceipt', { number: fresh.receipt.number }) } : {}),
    },
    action: href,
    cancelHref: href,
    submit: document ? t('common:action.save') : t('purchasing:invoice.create'),
    hidden: {
      operationKey: values['operationKey'] ?? '',
      ...(document ? { version: values['version'] ?? String(document.version) } : {}),
      ...(fresh?.receipt ? { receiptId: String(fresh.receipt.id) } : {}),
    },
    message: form.message,
    fields: [
      ...(fresh ? placeFields(t, field, fresh) : []),
      field('invoiceNumber', { required: true, maxlength: 60, hint: t('purchasing:invoice.invoiceNumberHint') }),
      field('total', {
        label: t('purchasing:invoice.paperTotal'),
        type: 'money',
        required: true,
        hint: t('purchasing:invoice.totalHint'),
      }),
      field('invoicedOn', { type: 'date', required: true }),
      field('dueOn', { type: 'date', optional: true, hint: t('purchasing:invoice.dueHint') }),
      field('deductible', {
        type: 'checkbox',
        value: '1',
        checked: values['deductible'] === '1',
        hint: t('purchasing:invoice.deductibleHint'),
        wide: true,
      }),
      field('note', {
        type: 'textarea',
        label: t('purchasing:receipt.note'),
        rows: 2,
        maxlength: 400,
        optional: true,
        wide: true,
      }),
    ],
  };
}

const placeFields = (
  t: Ctx['t'],
  field: (name: string, more: Partial<Field>) => Field,
  { suppliers, stores, receipt }: NewInvoice,
): Field[] => [
  field('supplierId', {
    type: 'select',
    label: t('purchasing:receipt.supplier'),
    required: true,
    autofocus: true,
    options: suppliers
      .filter((one) => receipt === null || one.id === receipt.supplierId)
      .map(({ id: value, name, code }) => ({ value, label: `${name} · ${code}` })),
    ...(suppliers.length === 0 ? { hint: t('purchasing:receipt.noSuppliers') } : {}),
  }),
  field('storeId', {
    type: 'select',
    required: true,
    choose: false,
    hint: t('purchasing:invoice.storeHint'),
    options: stores.map((one) => ({ value: one.id, label: one.name })),
  }),
];
