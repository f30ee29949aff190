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
import { listStores, locationsOf } from '../../organization';
import { returnView, type ReturnView } from '../queries/return-page';
import { activeSuppliers, type SupplierRow } from '../queries/suppliers';
import { changeReturn, createReturn, EDIT_RETURNS } from '../use-cases/save-return';
import { checkbox, id, newOperationKey, operationKey, text, version } from './fields';
import { printReturn } from './return-print';
import { returnCrumbs, returnHref } from './return-words';
import { showReturn } from './show-return';
import { noticeOf } from './show-receipt';
import type { SupplierFormPage } from './supplier.page';

const view = { permission: 'purchasing.return.view' };
const edit = { permission: EDIT_RETURNS };

export const returnRoutes: readonly Route[] = [
  { method: 'get', path: '/purchasing/returns/new', access: edit, handler: (ctx) => showNew(ctx) },
  { method: 'post', path: '/purchasing/returns', access: edit, handler: createOne },
  { method: 'get', path: '/purchasing/returns/:id', access: view, handler: (ctx) => showReturn(ctx, ctx.id()) },
  { method: 'get', path: '/purchasing/returns/:id/print', access: view, handler: printReturn },
  { method: 'get', path: '/purchasing/returns/:id/edit', access: edit, handler: (ctx) => showEdit(ctx) },
  { method: 'post', path: '/purchasing/returns/:id', access: edit, handler: change },
];

type Places = { storeId: number; storeName: string; locations: { id: number; name: string }[] }[];

/** Where the reader may take goods from; the store chosen above comes first. */
async function places(ctx: Ctx): Promise<Places> {
  const stores = (await listStores(ctx.read)).filter((store) => ctx.can(EDIT_RETURNS, store.id));
  const found: Places = [];
  for (const { id: storeId, name } of stores.toSorted(
    (a, b) => Number(b.id === ctx.store?.id) - Number(a.id === ctx.store?.id),
  ))
    found.push({ storeId, storeName: name, locations: await locationsOf(ctx.read, storeId) });
  return found;
}

async function showNew(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const fresh = emptyForm({ supplierId: ctx.query['supplier'], operationKey: newOperationKey() });
  const suppliers = await activeSuppliers(ctx.read);
  const model = returnForm(ctx, form ?? fresh, { suppliers, stores: await places(ctx) });
  return page('purchasing/form', ctx.t('purchasing:return.new'), model, { status });
}

const headerSchema = z.object({ operationKey, reason: text(200), exchange: checkbox, note: text(400) });

function createOne(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    headerSchema.extend({ supplierId: id, locationId: id }),
    async ({ operationKey: key, ...command }) => {
      const stores = await places(ctx);
      const its = stores.find(({ locations }) => locations.some((one) => one.id === command.locationId));
      const storeId = (its ?? stores[0])?.storeId ?? 0;
      const made = await createReturn(ctx.uow, ctx.actor, { ...command, storeId }, { operationKey: key });
      return redirect(returnHref(made.id));
    },
    (form, status) => showNew(ctx, form, status),
  );
}

async function showEdit(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const document = await returnView(ctx.read, ctx.actor, ctx.id());
  if (document.state !== 'draft') return redirect(returnHref(document.id));
  const { reason, exchange, note } = document;
  const fresh = emptyForm({ reason, exchange: exchange ? '1' : '', note, operationKey: newOperationKey() });
  // Who saves again after a conflict has been told of it: the form then stands on the newest version.
  const again =
    form && status === 409 ? { ...form, values: { ...form.values, version: String(document.version) } } : form;
  return page('purchasing/form', document.number, returnForm(ctx, again ?? fresh, document), { status });
}

function change(ctx: Ctx): Promise<Reply> {
  const returnId = ctx.id();
  return submit(
    ctx,
    headerSchema.extend({ version }),
    async ({ operationKey: key, ...command }) => {
      await changeReturn(ctx.uow, ctx.actor, { ...command, returnId }, { operationKey: key });
      return redirect(returnHref(returnId), { kind: 'ok', text: ctx.t('purchasing:receipt.saved') });
    },
    async (form, status) => {
      const reply = await showEdit(ctx, form, status);
      return reply.kind === 'redirect' ? showReturn(ctx, returnId, { status, notices: noticeOf(form) }) : reply;
    },
  );
}

/** A new return, or what may change of a draft: not the supplier and the place, which the scans were checked against. */
function returnForm(
  { t }: Pick<Ctx, 't'>,
  form: FormState,
  given: ReturnView | { suppliers: readonly SupplierRow[]; stores: Places },
): SupplierFormPage {
  const { values, problems } = form;
  const document = 'id' in given ? given : null;
  const field = (name: string, more: Partial<Field>): Field => ({
    name,
    label: more.label ?? t(`purchasing:return.${name}`),
    value: values[name] ?? '',
    ...(problems[name] ? { error: problems[name] } : {}),
    ...more,
  });
  const href = document ? returnHref(document.id) : '/purchasing/returns';
  const crumbs = returnCrumbs({ t });
  return {
    head: {
      title: document ? t('purchasing:receipt.editTitle', { number: document.number }) : t('purchasing:return.new'),
      crumbs: document ? [...crumbs, { label: document.number, href }] : crumbs,
    },
    action: href,
    cancelHref: href,
    submit: document ? t('common:action.save') : t('purchasing:return.create'),
    hidden: {
      operationKey: values['operationKey'] ?? '',
      ...(document ? { version: values['version'] ?? String(document.version) } : {}),
    },
    message: form.message,
    fields: [
      ...('suppliers' in given
        ? [
            field('supplierId', {
              type: 'select',
              label: t('purchasing:receipt.supplier'),
              required: true,
              autofocus: true,
              options: given.suppliers.map(({ id: value, name, code }) => ({ value, label: `${name} · ${code}` })),
              ...(given.suppliers.length === 0 ? { hint: t('purchasing:receipt.noSuppliers') } : {}),
            }),
            field('locationId', {
              type: 'select',
              label: t('purchasing:return.place'),
              required: true,
              choose: false,
              options: given.stores.map(({ storeName, locations }) => ({
                label: storeName,
                options: locations.map((one) => ({ value: one.id, label: `${storeName} ${one.name}` })),
              })),
            }),
          ]
        : []),
      field('reason', { required: true, maxlength: 200, hint: t('purchasing:return.reasonHint'), wide: true }),
      field('exchange', {
        type: 'checkbox',
        value: '1',
        checked: values['exchange'] === '1',
        label: t('purchasing:return.exchangeField'),
        hint: t('purchasing:return.exchangeHint'),
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
