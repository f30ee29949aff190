import { z } from 'zod';
import { type Ctx, emptyForm, page, redirect, type Reply, type Route, submit } from '../../../platform/http';
import { exportReply, pageOf, readListQuery } from '../../../platform/lists';
import { fen, plainMoney } from '../../../kernel';
import { COST_PERMISSION } from '../../../platform/permissions';
import { PAYMENT_TERMS } from '../domain/payment-terms';
import { VIEW_BANK_DATA } from '../queries/bank-changes';
import { contactsOf } from '../queries/supplier-contacts';
import { supplierCategories } from '../queries/supplier-categories';
import {
  getSupplier,
  receiptsOfSupplier,
  SUPPLIER_LIST,
  supplierBalance,
  supplierCounts,
  supplierRows,
} from '../queries/suppliers';
import { changeSupplier, createSupplier } from '../use-cases/save-supplier';
import { checkbox, newOperationKey, operationKey, optionalMoney, text, version } from './fields';
import { supplierListPage } from './supplier-list.page';
import { supplierForm, supplierPage } from './supplier.page';

const view = { permission: 'purchasing.supplier.view' };
const edit = { permission: 'purchasing.supplier.edit' };

const supplierSchema = z.object({
  operationKey,
  name: text(80),
  code: text(20),
  category: text(40),
  contact: text(40),
  phone: text(30),
  taxNumber: text(30),
  address: text(200),
  note: text(400),
  paymentDays: z
    .string()
    .optional()
    .default('0')
    .transform((value) => (value.trim() === '' ? 0 : Number(value))),
  paymentTerms: z.enum(PAYMENT_TERMS, 'errors:field.invalid').optional().default('date'),
  creditLimit: optionalMoney,
  leadDays: z
    .string()
    .optional()
    .default('')
    .transform((value) => (value.trim() === '' ? null : Number(value))),
  active: checkbox,
});

export const supplierRoutes: readonly Route[] = [
  { method: 'get', path: '/purchasing/suppliers', access: view, handler: list },
  { method: 'get', path: '/purchasing/suppliers.xlsx', access: view, handler: exportList },
  { method: 'get', path: '/purchasing/suppliers/new', access: edit, handler: (ctx) => showNew(ctx) },
  { method: 'post', path: '/purchasing/suppliers', access: edit, handler: create },
  { method: 'get', path: '/purchasing/suppliers/:id', access: view, handler: show },
  { method: 'get', path: '/purchasing/suppliers/:id/edit', access: edit, handler: (ctx) => showEdit(ctx) },
  { method: 'post', path: '/purchasing/suppliers/:id', access: edit, handler: change },
];

async function list(ctx: Ctx): Promise<Reply> {
  const query = readListQuery(SUPPLIER_LIST, ctx.query);
  const found = pageOf(query, await supplierRows(ctx.read, ctx.services.keys, query));
  const model = supplierListPage(ctx, query, found, await supplierCounts(ctx.read, ctx.services.keys, query));
  return page('purchasing/list', ctx.t('purchasing:supplier.title'), model);
}

async function exportList(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const seesBank = ctx.can(VIEW_BANK_DATA);
  const words = [
    'code',
    'name',
    'category',
    'contact',
    'phone',
    'taxNumber',
    ...(seesBank ? (['bank', 'bankAccount'] as const) : []),
    'address',
  ] as const;
  return exportReply(ctx, {
    name: `${t('purchasing:supplier.title')}-${ctx.today}`,
    sheet: t('purchasing:supplier.title'),
    columns: [
      ...words.map((key) => ({ header: t(`purchasing:supplier.${key}`), type: 'text' as const })),
      { header: t('purchasing:supplier.paymentTerms'), type: 'text' },
      { header: t('purchasing:supplier.paymentDays'), type: 'integer' },
      { header: t('purchasing:supplier.leadDays'), type: 'integer' },
      { header: t('purchasing:supplier.active'), type: 'bool' },
    ],
    query: readListQuery(SUPPLIER_LIST, ctx.query),
    load: (query) => supplierRows(ctx.read, ctx.services.keys, query),
    toRow: (row) => [
      ...words.map((key) => row[key]),
      t(`purchasing:supplier.terms.${row.paymentTerms ?? 'date'}`),
      row.paymentDays,
      row.leadDays,
      row.active,
    ],
  });
}

async function show(ctx: Ctx): Promise<Reply> {
  const row = await getSupplier(ctx.read, ctx.services.keys, ctx.id());
  const receipts = ctx.can('purchasing.receipt.view') ? await receiptsOfSupplier(ctx.read, ctx.actor, row.id) : [];
  const balance = await supplierBalance(ctx.read, ctx.actor, row.id, ctx.today);
  const contacts = await contactsOf(ctx.read, ctx.services.keys, row.id);
  return page('purchasing/supplier', row.name, supplierPage(ctx, row, receipts, balance, contacts));
}

async function showNew(ctx: Ctx, form = emptyForm({ paymentDays: 30, operationKey: newOperationKey() }), status = 200) {
  const model = supplierForm(ctx, form, await supplierCategories(ctx.read));
  return page('purchasing/form', ctx.t('purchasing:supplier.add'), model, { status });
}

async function showEdit(ctx: Ctx, form?: ReturnType<typeof emptyForm>, status = 200): Promise<Reply> {
  const row = await getSupplier(ctx.read, ctx.services.keys, ctx.id());
  const creditLimit = row.creditLimitFen === null ? '' : plainMoney(fen(row.creditLimitFen));
  const values = emptyForm({ ...row, creditLimit, active: row.active ? '1' : '', operationKey: newOperationKey() });
  const model = supplierForm(ctx, form ?? values, await supplierCategories(ctx.read), row);
  return page('purchasing/form', row.name, model, { status });
}

function create(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    supplierSchema,
    async ({ operationKey: key, creditLimit, ...fields }) => {
      const command = { ...fields, creditLimitFen: ctx.can(COST_PERMISSION) ? creditLimit : null };
      const { id } = await createSupplier(ctx.uow, ctx.actor, ctx.services.keys, command, { operationKey: key });
      return redirect(`/purchasing/suppliers/${id}`, { kind: 'ok', text: ctx.t('purchasing:supplier.saved') });
    },
    (form, status) => showNew(ctx, form, status),
  );
}

function change(ctx: Ctx): Promise<Reply> {
  const id = ctx.id();
  return submit(
    ctx,
    supplierSchema.extend({ version }),
    async ({ operationKey: key, creditLimit, ...fields }) => {
      // Who does not see the limit does not change it.
      const before = await getSupplier(ctx.read, ctx.services.keys, id);
      const creditLimitFen = ctx.can(COST_PERMISSION) ? creditLimit : before.creditLimitFen;
      const command = { ...fields, creditLimitFen, id };
      await changeSupplier(ctx.uow, ctx.actor, ctx.services.keys, command, { operationKey: key });
      return redirect(`/purchasing/suppliers/${id}`, { kind: 'ok', text: ctx.t('purchasing:supplier.saved') });
    },
    // Who saves again has been told that somebody else changed it: the page then stands on the newest version.
    async (form, status) => {
      const row = await getSupplier(ctx.read, ctx.services.keys, id);
      const values = status === 409 ? { ...form.values, version: String(row.version) } : form.values;
      return showEdit(ctx, { ...form, values }, status);
    },
  );
}
