import { z } from 'zod';
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
import { listStores, locationsOf } from '../../organization';
import { readParameters } from '../queries/parameters';
import { receiptView } from '../queries/receipt-page';
import { activeSuppliers } from '../queries/suppliers';
import { changeReceipt } from '../use-cases/change-receipt';
import { createReceipt } from '../use-cases/create-receipt';
import { checkbox, date, id, newOperationKey, operationKey, text, version } from './fields';
import { receiptForm, type ReceiptFormChoices } from './receipt-form.page';
import { receiptHref } from './receipt-parts';
import { noticeOf, showReceipt } from './show-receipt';

const view = { permission: 'purchasing.receipt.view' };
const create = { permission: 'purchasing.receipt.create' };
const edit = { permission: 'purchasing.receipt.edit' };

export const receiptRoutes: readonly Route[] = [
  { method: 'get', path: '/purchasing/receipts/new', access: create, handler: (ctx) => showNew(ctx) },
  { method: 'post', path: '/purchasing/receipts', access: create, handler: createOne },
  { method: 'get', path: '/purchasing/receipts/:id', access: view, handler: (ctx) => showReceipt(ctx, ctx.id()) },
  { method: 'get', path: '/purchasing/receipts/:id/edit', access: edit, handler: (ctx) => showEdit(ctx) },
  { method: 'post', path: '/purchasing/receipts/:id', access: edit, handler: change },
];

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
