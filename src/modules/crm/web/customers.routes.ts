import { z } from 'zod';
import { getStore } from '../../organization';
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
import { pageOf, readListQuery } from '../../../platform/lists';
import { type Action, editForm } from '../../../platform/views';
import { GENDERS } from '../domain/customer';
import { customerList, customerListSpec } from '../queries/customer-list';
import { getCustomer } from '../queries/customers';
import { createCustomer, updateCustomer } from '../use-cases/save-customer';
import { customerFacts, customerFields, customerListPage, CUSTOMERS } from './customers.page';

const view = { permission: 'crm.customer.view' };
const edit = { permission: 'crm.customer.edit' };

const words = {
  name: fields.text,
  phone: fields.text,
  gender: fields.text.pipe(z.enum(['', ...GENDERS])).transform((value) => value || null),
  birthOn: fields.text,
  note: fields.text,
  consent: fields.checkbox,
  operationKey: fields.operationKey,
};
const newCustomer = z.object(words);
const customerChange = z.object({ ...words, version: fields.version });

export const customerRoutes: readonly Route[] = [
  {
    method: 'get',
    path: CUSTOMERS,
    access: view,
    handler: async (ctx) => {
      const query = readListQuery(customerListSpec, ctx.query);
      const found = pageOf(query, await customerList(ctx.read, ctx.actor, ctx.services.keys, query));
      return page('crm/list', ctx.t('crm:customer.title'), customerListPage(ctx, query, found));
    },
  },
  {
    method: 'get',
    path: `${CUSTOMERS}/new`,
    access: edit,
    handler: (ctx) => showNew(ctx, emptyForm({ phone: ctx.query['phone'] })),
  },
  {
    method: 'post',
    path: CUSTOMERS,
    access: edit,
    handler: (ctx) =>
      submit(
        ctx,
        newCustomer,
        async ({ operationKey, ...command }) => {
          const storeId = ctx.store?.id ?? null;
          const { id } = await createCustomer(
            ctx.uow,
            ctx.actor,
            ctx.services.keys,
            { ...command, storeId },
            { operationKey },
          );
          return redirect(`${CUSTOMERS}/${id}`, { kind: 'ok', text: ctx.t('crm:customer.created') });
        },
        (form, status) => showNew(ctx, form, status),
      ),
  },
  { method: 'get', path: `${CUSTOMERS}/:id`, access: view, handler: (ctx) => showCustomer(ctx) },
  { method: 'get', path: `${CUSTOMERS}/:id/edit`, access: edit, handler: (ctx) => showEdit(ctx) },
  {
    method: 'post',
    path: `${CUSTOMERS}/:id`,
    access: edit,
    handler: (ctx) =>
      submit(
        ctx,
        customerChange,
        async ({ operationKey, phone, ...command }) => {
          // Who may not see the number finds the field empty: empty keeps it then.
          const keeps = phone.trim() === '' && !ctx.can('crm.phone.view');
          const change = { ...command, id: ctx.id(), ...(keeps ? {} : { phone }) };
          await updateCustomer(ctx.uow, ctx.actor, ctx.services.keys, change, { operationKey });
          return redirect(`${CUSTOMERS}/${ctx.id()}`, { kind: 'ok', text: ctx.t('crm:saved') });
        },
        (form, status) => showEdit(ctx, form, status),
      ),
  },
];

const crumbs = (ctx: Ctx) => [{ href: CUSTOMERS, label: ctx.t('crm:customer.title') }];

function showNew(ctx: Ctx, form: FormState, status = 200): Promise<Reply> {
  const title = ctx.t('crm:customer.newTitle');
  const model = {
    head: { title, crumbs: crumbs(ctx) },
    form: editForm(form, {
      action: CUSTOMERS,
      submit: ctx.t('crm:customer.create'),
      cancelHref: CUSTOMERS,
      fields: customerFields(ctx),
    }),
  };
  return Promise.resolve(page('crm/edit', title, model, { status }));
}

async function showCustomer(ctx: Ctx): Promise<Reply> {
  const row = await getCustomer(ctx.read, ctx.actor, ctx.services.keys, ctx.id());
  const storeName = row.storeId === null ? null : (await getStore(ctx.read, row.storeId)).name;
  const title = row.name ?? ctx.t('crm:customer.nameless');
  const change: Action = { label: ctx.t('common:action.edit'), href: `${CUSTOMERS}/${row.id}/edit`, icon: 'edit' };
  const model = {
    head: { title, crumbs: crumbs(ctx), say: row.code, ...(ctx.can('crm.customer.edit') ? { actions: [change] } : {}) },
    facts: customerFacts(ctx, row, storeName),
  };
  return page('crm/customer', title, model);
}

async function showEdit(ctx: Ctx, typed?: FormState, status = 200): Promise<Reply> {
  const row = await getCustomer(ctx.read, ctx.actor, ctx.services.keys, ctx.id());
  const title = row.name ?? ctx.t('crm:customer.nameless');
  const stored = emptyForm({
    name: row.name,
    phone: row.phone,
    gender: row.gender,
    birthOn: row.birthOn,
    note: row.note,
    consent: row.consentAt === null ? '' : '1',
    version: row.version,
  });
  const hidden = row.phoneMasked !== null && row.phone === null;
  const hint = hidden ? ctx.t('crm:customer.phoneKept', { phone: row.phoneMasked }) : undefined;
  const model = {
    head: { title, crumbs: [...crumbs(ctx), { href: `${CUSTOMERS}/${row.id}`, label: row.code }] },
    form: editForm(typed ?? stored, {
      action: `${CUSTOMERS}/${row.id}`,
      hidden: ['version'],
      submit: ctx.t('crm:customer.save'),
      cancelHref: `${CUSTOMERS}/${row.id}`,
      fields: customerFields(ctx, hint),
    }),
  };
  return page('crm/edit', title, model, { status });
}
