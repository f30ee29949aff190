import { z } from 'zod';
import { type BusinessDate, parseBusinessDate } from '../../../kernel';
import {
  type Ctx,
  emptyForm,
  fields,
  type FormState,
  page,
  redirect,
  type Reply,
  type Route,
  submit,
} from '../../../platform/http';
import { listStores } from '../../organization';
import { PAYING_ACCOUNTS } from '../domain/payment-posting';
import { supplierItems } from '../queries/open-items';
import { paymentView } from '../queries/payment-page';
import { EDIT_PAYMENTS, supplierNames, VIEW_PAYMENTS } from '../queries/scope';
import { changePayment, createPayment } from '../use-cases/save-payment';
import { editPage, newPage } from './payment-form.page';
import { printPayment } from './payment-print';
import { paymentHref } from './payment-words';
import { newOperationKey, refused, showPayment } from './show-payment';

const view = { permission: VIEW_PAYMENTS };
const edit = { permission: EDIT_PAYMENTS };

export const paymentRoutes: readonly Route[] = [
  { method: 'get', path: '/finance/payments/new', access: edit, handler: (ctx) => showNew(ctx) },
  { method: 'post', path: '/finance/payments', access: edit, handler: createOne },
  { method: 'get', path: '/finance/payments/:id', access: view, handler: (ctx) => showPayment(ctx, ctx.id()) },
  { method: 'get', path: '/finance/payments/:id/print', access: view, handler: printPayment },
  { method: 'get', path: '/finance/payments/:id/edit', access: edit, handler: (ctx) => showEdit(ctx) },
  { method: 'post', path: '/finance/payments/:id', access: edit, handler: change },
];

export const day = fields.text.transform((typed, context): BusinessDate => {
  try {
    return parseBusinessDate(typed);
  } catch {
    context.addIssue({ code: 'custom', message: 'finance:error.date' });
    return z.NEVER;
  }
});

const header = {
  operationKey: fields.operationKey,
  account: z.enum(PAYING_ACCOUNTS, 'errors:field.required'),
  businessDate: day,
  amount: fields.optionalMoney,
  reference: fields.text,
  note: fields.text,
};

async function showNew(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const stores = (await listStores(ctx.read)).filter(({ id }) => ctx.can(EDIT_PAYMENTS, id));
  const fresh = emptyForm({
    supplierId: ctx.query['supplier'],
    storeId: ctx.store?.id ?? stores[0]?.id,
    account: 'bank',
    businessDate: ctx.today,
    operationKey: newOperationKey(),
  });
  const model = newPage(ctx, form ?? fresh, { suppliers: await supplierNames(ctx.read), stores });
  return page('finance/form', ctx.t('finance:payment.new'), model, { status });
}

function createOne(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    z.object({ ...header, supplierId: fields.id, storeId: fields.id }),
    async ({ operationKey, amount, ...command }) => {
      const made = await createPayment(ctx.uow, ctx.actor, { ...command, amountFen: amount }, { operationKey });
      return redirect(paymentHref(made.id));
    },
    (form, status) => showNew(ctx, form, status),
  );
}

async function showEdit(ctx: Ctx, form: FormState = emptyForm(), status = 200): Promise<Reply> {
  const document = await paymentView(ctx.read, ctx.actor, ctx.id());
  if (document.state !== 'draft')
    return status === 200 ? redirect(paymentHref(document.id)) : refused(ctx, document.id)(form, status);
  const items = await supplierItems(ctx.read, ctx.actor, document.supplierId, document.id);
  const values = { ...form.values };
  // Who saves again after a conflict has been told of it: the form then stands on the newest version.
  if (status === 409) delete values['version'];
  const model = editPage(ctx, { ...form, values }, document, items);
  return page('finance/lines', document.number, model, { status });
}

function change(ctx: Ctx): Promise<Reply> {
  const paymentId = ctx.id();
  return submit(
    ctx,
    z.object({
      ...header,
      version: fields.version,
      lines: z
        .record(z.string().regex(/^i[1-9]\d{0,14}$/), fields.optionalMoney)
        .optional()
        .default({}),
    }),
    async ({ operationKey, amount, lines, ...command }) => {
      const chosen = Object.entries(lines).flatMap(([name, amountFen]) =>
        amountFen === null || amountFen === 0 ? [] : [{ openItemId: Number(name.slice(1)), amountFen }],
      );
      const changed = { ...command, paymentId, amountFen: amount, lines: chosen };
      await changePayment(ctx.uow, ctx.actor, changed, { operationKey });
      return redirect(paymentHref(paymentId), { kind: 'ok', text: ctx.t('finance:payment.saved') });
    },
    (form, status) => showEdit(ctx, form, status),
  );
}
