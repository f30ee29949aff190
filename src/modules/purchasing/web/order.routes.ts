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
import type { Field } from '../../../platform/views';
import { orderView, type OrderView } from '../queries/order-page';
import { activeSuppliers, type SupplierRow } from '../queries/suppliers';
import { changeOrder, createOrder } from '../use-cases/save-order';
import { date, id, newOperationKey, operationKey, optionalDate, text, version } from './fields';
import { orderCrumbs, orderHref } from './order-words';
import { printOrder } from './order-print';
import { suggest } from './receipt-lines.routes';
import { orderingStores, showOrder } from './show-order';
import { noticeOf } from './show-receipt';
import type { SupplierFormPage } from './supplier.page';

const view = { permission: 'purchasing.order.view' };
const edit = { permission: 'purchasing.order.edit' };

export const orderRoutes: readonly Route[] = [
  { method: 'get', path: '/purchasing/orders/skus', access: edit, handler: suggest },
  { method: 'get', path: '/purchasing/orders/new', access: edit, handler: (ctx) => showNew(ctx) },
  { method: 'post', path: '/purchasing/orders', access: edit, handler: createOne },
  { method: 'get', path: '/purchasing/orders/:id', access: view, handler: (ctx) => showOrder(ctx, ctx.id()) },
  { method: 'get', path: '/purchasing/orders/:id/print', access: view, handler: printOrder },
  { method: 'get', path: '/purchasing/orders/:id/edit', access: edit, handler: (ctx) => showEdit(ctx) },
  { method: 'post', path: '/purchasing/orders/:id', access: edit, handler: change },
];

const headerSchema = z.object({
  operationKey,
  supplierId: id,
  orderedOn: date,
  expectedOn: optionalDate,
  note: text(400),
});

async function showNew(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const fresh = emptyForm({
    supplierId: ctx.query['supplier'],
    orderedOn: ctx.today,
    operationKey: newOperationKey(),
  });
  const model = orderForm(ctx, form ?? fresh, await activeSuppliers(ctx.read), await orderingStores(ctx));
  return page('purchasing/form', ctx.t('purchasing:order.new'), model, { status });
}

function createOne(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    headerSchema.extend({ storeId: id }),
    async ({ operationKey: key, ...command }) => {
      const made = await createOrder(ctx.uow, ctx.actor, command, { operationKey: key });
      return redirect(orderHref(made.id));
    },
    (form, status) => showNew(ctx, form, status),
  );
}

async function showEdit(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const order = await orderView(ctx.read, ctx.actor, ctx.id(), ctx.today);
  if (order.state !== 'draft') return redirect(orderHref(order.id));
  const { supplierId, orderedOn, expectedOn, note } = order;
  const fresh = emptyForm({ supplierId, orderedOn, expectedOn, note, operationKey: newOperationKey() });
  // Who saves again after a conflict has been told of it: the form then stands on the newest version.
  const again = form && status === 409 ? { ...form, values: { ...form.values, version: String(order.version) } } : form;
  const model = orderForm(ctx, again ?? fresh, await activeSuppliers(ctx.read), [], order);
  return page('purchasing/form', order.number, model, { status });
}

function change(ctx: Ctx): Promise<Reply> {
  const orderId = ctx.id();
  return submit(
    ctx,
    headerSchema.extend({ version }),
    async ({ operationKey: key, ...command }) => {
      await changeOrder(ctx.uow, ctx.actor, { ...command, orderId }, { operationKey: key });
      return redirect(orderHref(orderId), { kind: 'ok', text: ctx.t('purchasing:receipt.saved') });
    },
    async (form, status) => {
      const reply = await showEdit(ctx, form, status);
      return reply.kind === 'redirect' ? showOrder(ctx, orderId, { status, notices: noticeOf(form) }) : reply;
    },
  );
}

function orderForm(
  { t }: Pick<Ctx, 't'>,
  form: FormState,
  suppliers: readonly SupplierRow[],
  stores: readonly { id: number; name: string }[],
  order?: OrderView,
): SupplierFormPage {
  const { values, problems } = form;
  const field = (name: string, more: Partial<Field>): Field => ({
    name,
    label: more.label ?? t(`purchasing:order.${name}`),
    value: values[name] ?? '',
    ...(problems[name] ? { error: problems[name] } : {}),
    ...more,
  });
  const known = suppliers.some(({ id: supplierId }) => supplierId === order?.supplierId);
  const crumbs = orderCrumbs({ t });
  return {
    head: {
      title: order ? t('purchasing:receipt.editTitle', { number: order.number }) : t('purchasing:order.new'),
      crumbs: order ? [...crumbs, { label: order.number, href: orderHref(order.id) }] : crumbs,
    },
    action: order ? orderHref(order.id) : '/purchasing/orders',
    cancelHref: order ? orderHref(order.id) : '/purchasing/orders',
    submit: order ? t('common:action.save') : t('purchasing:order.create'),
    hidden: {
      operationKey: values['operationKey'] ?? '',
      ...(order ? { version: values['version'] ?? String(order.version) } : {}),
    },
    message: form.message,
    fields: [
      field('supplierId', {
        type: 'select',
        label: t('purchasing:receipt.supplier'),
        required: true,
        autofocus: !order,
        options: [
          ...(order && !known ? [{ value: order.supplierId, label: order.supplierName }] : []),
          ...suppliers.map(({ id: supplierId, name, code }) => ({ value: supplierId, label: `${name} · ${code}` })),
        ],
        ...(suppliers.length === 0 ? { hint: t('purchasing:receipt.noSuppliers') } : {}),
      }),
      ...(order
        ? []
        : [
            field('storeId', {
              type: 'select',
              label: t('purchasing:order.store'),
              hint: t('purchasing:order.storeHint'),
              required: true,
              choose: false,
              options: stores.map(({ id: storeId, name }) => ({ value: storeId, label: name })),
            }),
          ]),
      field('orderedOn', { type: 'date', required: true }),
      field('expectedOn', { type: 'date', optional: true, hint: t('purchasing:order.expectedHint') }),
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
