import { z } from 'zod';
import { notFound } from '../../../kernel';
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
import { contactsOf, type SupplierContact } from '../queries/supplier-contacts';
import { getSupplier } from '../queries/suppliers';
import { removeContact, saveContact } from '../use-cases/save-supplier-contact';
import { confirmPage } from './confirm-page';
import { newOperationKey, operationKey, text, version } from './fields';
import type { SupplierFormPage } from './supplier.page';

const edit = { permission: 'purchasing.supplier.edit' };
const BASE = '/purchasing/suppliers/:id/contacts';

export const supplierContactRoutes: readonly Route[] = [
  { method: 'get', path: `${BASE}/new`, access: edit, handler: (ctx) => showForm(ctx, null) },
  { method: 'post', path: BASE, access: edit, handler: add },
  {
    method: 'get',
    path: `${BASE}/:contactId/edit`,
    access: edit,
    handler: async (ctx) => showForm(ctx, await contactOf(ctx)),
  },
  { method: 'post', path: `${BASE}/:contactId`, access: edit, handler: change },
  { method: 'get', path: `${BASE}/:contactId/removal`, access: edit, handler: (ctx) => askRemoval(ctx) },
  { method: 'post', path: `${BASE}/:contactId/removal`, access: edit, handler: remove },
];

const supplierHref = (ctx: Ctx): string => `/purchasing/suppliers/${ctx.id()}`;

async function contactOf(ctx: Ctx): Promise<SupplierContact> {
  const contactId = ctx.id('contactId');
  const found = (await contactsOf(ctx.read, ctx.services.keys, ctx.id())).find(({ id }) => id === contactId);
  if (!found) throw notFound('purchasing.contact', contactId);
  return found;
}

async function showForm(
  ctx: Ctx,
  contact: SupplierContact | null,
  form: FormState = emptyForm({ ...contact, operationKey: newOperationKey() }),
  status = 200,
): Promise<Reply> {
  const { t } = ctx;
  const { values, problems } = form;
  const party = await getSupplier(ctx.read, ctx.services.keys, ctx.id());
  const href = supplierHref(ctx);
  const field = (name: string, more: Partial<Field>): Field => ({
    name,
    label: t(`purchasing:contact.${name}`),
    value: values[name] ?? '',
    ...(problems[name] ? { error: problems[name] } : {}),
    ...more,
  });
  const model: SupplierFormPage = {
    head: {
      title: t(contact ? 'purchasing:contact.edit' : 'purchasing:contact.add'),
      crumbs: [
        { label: t('purchasing:menu.suppliers'), href: '/purchasing/suppliers' },
        { label: party.name, href },
      ],
      ...(contact
        ? {
            actions: [
              {
                label: t('common:action.remove'),
                href: `${href}/contacts/${contact.id}/removal`,
                icon: 'trash' as const,
                look: 'quiet' as const,
                confirm: true,
              },
            ],
          }
        : {}),
    },
    action: contact ? `${href}/contacts/${contact.id}` : `${href}/contacts`,
    cancelHref: href,
    submit: t('common:action.save'),
    hidden: {
      operationKey: values['operationKey'] ?? '',
      ...(contact ? { version: values['version'] ?? String(contact.version) } : {}),
    },
    message: form.message,
    fields: [
      field('name', { required: true, maxlength: 40, autofocus: true }),
      field('phone', { type: 'tel', maxlength: 30, optional: true }),
      field('duty', { maxlength: 40, optional: true, hint: t('purchasing:contact.dutyHint') }),
      field('note', { maxlength: 200, optional: true }),
    ],
  };
  return page('purchasing/form', model.head.title, model, { status });
}

const schema = z.object({ operationKey, name: text(40), phone: text(30), duty: text(40), note: text(200) });

function add(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    schema,
    async ({ operationKey: key, ...command }) => {
      const supplierId = ctx.id();
      await saveContact(ctx.uow, ctx.actor, ctx.services.keys, { ...command, supplierId }, { operationKey: key });
      return redirect(supplierHref(ctx), { kind: 'ok', text: ctx.t('purchasing:contact.saved') });
    },
    (form, status) => showForm(ctx, null, form, status),
  );
}

function change(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    schema.extend({ version }),
    async ({ operationKey: key, ...command }) => {
      const changed = { ...command, supplierId: ctx.id(), contactId: ctx.id('contactId') };
      await saveContact(ctx.uow, ctx.actor, ctx.services.keys, changed, { operationKey: key });
      return redirect(supplierHref(ctx), { kind: 'ok', text: ctx.t('purchasing:contact.saved') });
    },
    // Who saves again after a conflict has been told of it: the form then stands on the newest version.
    async (form, status) => {
      const contact = await contactOf(ctx);
      const values = status === 409 ? { ...form.values, version: String(contact.version) } : form.values;
      return showForm(ctx, contact, { ...form, values }, status);
    },
  );
}

async function askRemoval(ctx: Ctx, form: FormState = emptyForm(), status = 200): Promise<Reply> {
  const contact = await contactOf(ctx);
  return confirmPage(
    ctx,
    {
      title: ctx.t('purchasing:contact.removeAsk', { name: contact.name }),
      effects: [ctx.t('purchasing:contact.removeEffect')],
      action: `${supplierHref(ctx)}/contacts/${contact.id}/removal`,
      verb: ctx.t('common:action.remove'),
      danger: true,
      cancelHref: supplierHref(ctx),
      fields: { version: contact.version, operationKey: newOperationKey() },
    },
    form.message,
    Object.values(form.problems),
    status,
  );
}

function remove(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    z.object({ operationKey, version }),
    async ({ operationKey: key, version: seen }) => {
      const command = { supplierId: ctx.id(), contactId: ctx.id('contactId'), version: seen };
      await removeContact(ctx.uow, ctx.actor, command, { operationKey: key });
      return redirect(supplierHref(ctx), { kind: 'ok', text: ctx.t('purchasing:contact.removed') });
    },
    (form, status) => askRemoval(ctx, form, status),
  );
}
