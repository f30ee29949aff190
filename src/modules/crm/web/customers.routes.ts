import { z } from 'zod';
import { getStore } from '../../organization';
import { listLevels, type MemberLevel } from '../../pricing';
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
import { revealPhone } from '../use-cases/reveal-phone';
import { createCustomer, LEVEL_PERMISSION, updateCustomer } from '../use-cases/save-customer';
import { customerFacts, customerFields, customerListPage, CUSTOMERS, levelName } from './customers.page';

const view = { permission: 'crm.customer.view' };
const edit = { permission: 'crm.customer.edit' };

const words = {
  name: fields.text,
  phone: fields.text,
  gender: fields.text.pipe(z.enum(['', ...GENDERS])).transform((value) => value || null),
  birthOn: fields.text,
  note: fields.text,
  consent: fields.checkbox,
  levelId: fields.optionalId.optional(),
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
      return page(
        'crm/list',
        ctx.t('crm:customer.title'),
        customerListPage(ctx, query, found, await listLevels(ctx.read)),
      );
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
  {
    method: 'post',
    path: `${CUSTOMERS}/:id/phone`,
    access: { permission: 'crm.phone.view' },
    handler: async (ctx) => showCustomer(ctx, await phoneOf(ctx)),
  },
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

/** Levels that are on, and the one the customer has; empty for who may not set them. */
async function levelsToSet(ctx: Ctx, held: number | null = null): Promise<MemberLevel[]> {
  if (!ctx.can(LEVEL_PERMISSION)) return [];
  return (await listLevels(ctx.read)).filter(({ id, active }) => active || id === held);
}

async function showNew(ctx: Ctx, form: FormState, status = 200): Promise<Reply> {
  const title = ctx.t('crm:customer.newTitle');
  const model = {
    head: { title, crumbs: crumbs(ctx) },
    form: editForm(form, {
      action: CUSTOMERS,
      submit: ctx.t('crm:customer.create'),
      cancelHref: CUSTOMERS,
      fields: customerFields(ctx, await levelsToSet(ctx)),
    }),
  };
  return page('crm/edit', title, model, { status });
}

const phoneOf = ({ uow, actor, services, id }: Ctx): Promise<string | null> =>
  revealPhone(uow, actor, services.keys, id());

async function showCustomer(ctx: Ctx, phone: string | null = null): Promise<Reply> {
  const row = await getCustomer(ctx.read, ctx.actor, ctx.services.keys, ctx.id());
  const storeName = row.storeId === null ? null : (await getStore(ctx.read, row.storeId)).name;
  const level = levelName(await listLevels(ctx.read), row.levelId);
  const title = row.erasedAt === null ? (row.name ?? ctx.t('crm:customer.nameless')) : ctx.t('crm:customer.erased');
  const change: Action = { label: ctx.t('common:action.edit'), href: `${CUSTOMERS}/${row.id}/edit`, icon: 'edit' };
  const reveal: Action = {
    label: ctx.t('crm:customer.reveal'),
    href: `${CUSTOMERS}/${row.id}/phone`,
    method: 'post',
    icon: 'eye',
  };
  const privacy: Action = {
    label: ctx.t('crm:customer.privacy'),
    href: `/privacy/customers/${row.id}`,
    icon: 'shield-lock',
  };
  const mayReveal = phone === null && row.phoneMasked !== null && ctx.can('crm.phone.view');
  const actions = [
    ...(mayReveal ? [reveal] : []),
    ...(ctx.actor.scope('crm.customer.privacy') === 'all' ? [privacy] : []),
    ...(ctx.can('crm.customer.edit') && row.erasedAt === null ? [change] : []),
  ];
  const model = {
    head: { title, crumbs: crumbs(ctx), say: row.code, actions },
    facts: customerFacts(ctx, { ...row, phone }, storeName, level ?? null),
  };
  return page('crm/customer', title, model);
}

async function showEdit(ctx: Ctx, typed?: FormState, status = 200): Promise<Reply> {
  const row = await getCustomer(ctx.read, ctx.actor, ctx.services.keys, ctx.id());
  // Who may see the number finds it in the form, which counts as looking at it; a form shown again keeps what was typed.
  const mayReveal = ctx.can('crm.phone.view');
  const phone = mayReveal && !typed ? await phoneOf(ctx) : null;
  const title = row.name ?? ctx.t('crm:customer.nameless');
  const stored = emptyForm({
    name: row.name,
    phone,
    gender: row.gender,
    birthOn: row.birthOn,
    note: row.note,
    consent: row.consentAt === null ? '' : '1',
    levelId: row.levelId ?? '',
    version: row.version,
  });
  const hidden = row.phoneMasked !== null && !mayReveal;
  const hint = hidden ? ctx.t('crm:customer.phoneKept', { phone: row.phoneMasked }) : undefined;
  const model = {
    head: { title, crumbs: [...crumbs(ctx), { href: `${CUSTOMERS}/${row.id}`, label: row.code }] },
    form: editForm(typed ?? stored, {
      action: `${CUSTOMERS}/${row.id}`,
      hidden: ['version'],
      submit: ctx.t('crm:customer.save'),
      cancelHref: `${CUSTOMERS}/${row.id}`,
      fields: customerFields(ctx, await levelsToSet(ctx, row.levelId), hint),
    }),
  };
  return page('crm/edit', title, model, { status });
}
