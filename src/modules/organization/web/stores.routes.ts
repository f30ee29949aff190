import { z } from 'zod';
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
import { can } from '../../../platform/permissions';
import { editForm } from '../../../platform/views';
import { notFound } from '../../../kernel';
import { storeList } from '../queries/store-list';
import { getStore, locationsOf } from '../queries/stores';
import { STORE_KINDS } from '../domain/store-kind';
import { createStore } from '../use-cases/create-store';
import { updateStore } from '../use-cases/update-store';
import { locationCard, locationRoutes } from './locations.routes';
import { storeFields, storeListPage, STORES } from './stores.page';

const view = { permission: 'organization.store.view' };
const edit = { permission: 'organization.store.edit' };

const words = { name: fields.required, phone: fields.text, address: fields.text, operationKey: fields.operationKey };
const newStore = z.object({ ...words, code: fields.required, kind: z.enum(STORE_KINDS) });
const storeChange = z.object({ ...words, version: fields.version, active: fields.checkbox });

export const storeRoutes: readonly Route[] = [
  {
    method: 'get',
    path: STORES,
    access: view,
    handler: async (ctx) => {
      const all = ctx.query['active'] === 'all';
      const rows = await storeList(ctx.read, ctx.actor, all ? {} : { active: true });
      return page('organization/list', ctx.t('organization:store.title'), storeListPage(ctx, rows, all));
    },
  },
  {
    method: 'get',
    path: `${STORES}/new`,
    access: edit,
    handler: (ctx) => showNew(ctx, emptyForm({ kind: 'store' })),
  },
  {
    method: 'post',
    path: STORES,
    access: edit,
    handler: (ctx) =>
      submit(
        ctx,
        newStore,
        async ({ operationKey, ...command }) => {
          const { id } = await createStore(ctx.uow, ctx.actor, command, { operationKey });
          return redirect(`${STORES}/${id}`, {
            kind: 'ok',
            text: ctx.t('organization:store.created', { name: command.name }),
          });
        },
        (form, status) => showNew(ctx, form, status),
      ),
  },
  { method: 'get', path: `${STORES}/:id`, access: view, handler: (ctx) => showStore(ctx, ctx.id()) },
  {
    method: 'post',
    path: `${STORES}/:id`,
    access: edit,
    handler: (ctx) =>
      submit(
        ctx,
        storeChange,
        async ({ operationKey, ...command }) => {
          await updateStore(ctx.uow, ctx.actor, { ...command, id: ctx.id() }, { operationKey });
          return redirect(`${STORES}/${ctx.id()}`, { kind: 'ok', text: ctx.t('organization:saved') });
        },
        (form, status) => showStore(ctx, ctx.id(), { store: form }, status),
      ),
  },
  ...locationRoutes((ctx, storeId, form, status) => showStore(ctx, storeId, { location: form }, status)),
];

function showNew(ctx: Ctx, form: FormState, status = 200): Promise<Reply> {
  const title = ctx.t('organization:store.newTitle');
  const model = {
    head: { title, crumbs: [{ href: STORES, label: ctx.t('organization:store.title') }] },
    form: editForm(form, {
      action: STORES,
      submit: ctx.t('organization:store.create'),
      cancelHref: STORES,
      fields: storeFields(ctx, true),
    }),
  };
  return Promise.resolve(page('organization/edit', title, model, { status }));
}

async function showStore(
  ctx: Ctx,
  id: number,
  typed: { store?: FormState; location?: FormState } = {},
  status = 200,
): Promise<Reply> {
  if (!can(ctx.actor, 'organization.store.view', id)) throw notFound('organization.store', id);
  const row = await getStore(ctx.read, id);
  const locations = await locationsOf(ctx.read, id, { all: true });
  const mayEdit = ctx.can('organization.store.edit', id);
  const stored = emptyForm({
    name: row.name,
    phone: row.phone,
    address: row.address,
    active: row.active ? '1' : '',
    version: row.version,
  });
  const title = `${row.code} ${row.name}`;
  const fieldsShown = storeFields(ctx, false).map((field) => (mayEdit ? field : { ...field, disabled: true }));
  const model = {
    head: {
      title,
      crumbs: [{ href: STORES, label: ctx.t('organization:store.title') }],
      say: ctx.t(`organization:storeKind.${row.kind}`),
      ...(ctx.can('inventory.device.view', id)
        ? {
            actions: [
              { label: ctx.t('organization:store.devices'), href: `/inventory/devices?store=${id}`, look: 'quiet' },
            ],
          }
        : {}),
    },
    mayEdit,
    form: editForm(typed.store ?? stored, {
      action: `${STORES}/${id}`,
      hidden: ['version'],
      submit: ctx.t('organization:store.save'),
      cancelHref: STORES,
      fields: fieldsShown,
    }),
    locations: locationCard(ctx, id, locations, typed.location ?? null, mayEdit),
  };
  return page('organization/store', title, model, { status });
}
