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
import { pageOf, readListQuery } from '../../../platform/lists';
import { editForm } from '../../../platform/views';
import { listDepartments } from '../queries/staff';
import { getStaff, staffList, staffListSpec } from '../queries/staff-list';
import { listStores } from '../queries/stores';
import { createStaff, updateStaff } from '../use-cases/save-staff';
import { STAFF, type StaffChoices, staffFields, staffListPage } from './staff.page';

const view = { permission: 'organization.staff.view' };
const edit = { permission: 'organization.staff.edit' };

const words = {
  name: fields.required,
  storeId: fields.optionalId,
  departmentId: fields.optionalId,
  jobTitle: fields.text,
  phone: fields.text,
  operationKey: fields.operationKey,
};
const newStaff = z.object({ ...words, code: fields.required });
const staffChange = z.object({ ...words, version: fields.version, active: fields.checkbox });

export const staffRoutes: readonly Route[] = [
  {
    method: 'get',
    path: STAFF,
    access: view,
    handler: async (ctx) => {
      const query = readListQuery(staffListSpec, ctx.query);
      const found = pageOf(query, await staffList(ctx.read, ctx.actor, ctx.services.keys, query));
      return page(
        'organization/list',
        ctx.t('organization:staff.title'),
        staffListPage(ctx, query, found, await choices(ctx)),
      );
    },
  },
  {
    method: 'get',
    path: `${STAFF}/new`,
    access: edit,
    handler: (ctx) => showNew(ctx, emptyForm({ storeId: ctx.store?.id })),
  },
  {
    method: 'post',
    path: STAFF,
    access: edit,
    handler: (ctx) =>
      submit(
        ctx,
        newStaff,
        async ({ operationKey, ...command }) => {
          await createStaff(ctx.uow, ctx.actor, ctx.services.keys, command, { operationKey });
          return redirect(STAFF, { kind: 'ok', text: ctx.t('organization:staff.created', { name: command.name }) });
        },
        (form, status) => showNew(ctx, form, status),
      ),
  },
  {
    method: 'get',
    path: `${STAFF}/:id`,
    access: view,
    handler: async (ctx) => showStaff(ctx),
  },
  {
    method: 'post',
    path: `${STAFF}/:id`,
    access: edit,
    handler: (ctx) =>
      submit(
        ctx,
        staffChange,
        async ({ operationKey, ...command }) => {
          await updateStaff(ctx.uow, ctx.actor, ctx.services.keys, { ...command, id: ctx.id() }, { operationKey });
          return redirect(STAFF, { kind: 'ok', text: ctx.t('organization:saved') });
        },
        (form, status) => showStaff(ctx, form, status),
      ),
  },
];

/** Only the stores that the reader may choose. */
async function choices(ctx: Ctx): Promise<StaffChoices> {
  const scope = ctx.actor.scope('organization.staff.view');
  const stores = await listStores(ctx.read);
  return {
    stores: stores.filter((row) => scope === 'all' || scope.includes(row.id)),
    departments: await listDepartments(ctx.read),
  };
}

const crumbs = (ctx: Ctx) => [{ href: STAFF, label: ctx.t('organization:staff.title') }];

async function showNew(ctx: Ctx, form: FormState, status = 200): Promise<Reply> {
  const title = ctx.t('organization:staff.newTitle');
  const model = {
    head: { title, crumbs: crumbs(ctx) },
    form: editForm(form, {
      action: STAFF,
      submit: ctx.t('organization:staff.create'),
      cancelHref: STAFF,
      fields: staffFields(ctx, await choices(ctx), true),
    }),
  };
  return page('organization/edit', title, model, { status });
}

async function showStaff(ctx: Ctx, typed?: FormState, status = 200): Promise<Reply> {
  const row = await getStaff(ctx.read, ctx.actor, ctx.services.keys, ctx.id());
  const stored = emptyForm({ ...row, active: row.active ? '1' : '' });
  // Whose data was erased is called by the number.
  const title = row.name === row.code ? row.code : `${row.code} ${row.name}`;
  const mayEdit =
    row.storeId === null ? ctx.can('organization.staff.edit') : ctx.can('organization.staff.edit', row.storeId);
  const mayErase = ctx.actor.scope('organization.staff.privacy') === 'all';
  const privacy = {
    label: ctx.t('organization:staff.privacy'),
    href: `/privacy/staff/${row.id}`,
    icon: 'shield-lock' as const,
  };
  const shown = staffFields(ctx, await choices(ctx), false);
  const model = {
    head: { title, crumbs: crumbs(ctx), actions: mayErase ? [privacy] : [] },
    mayEdit,
    form: editForm(typed ?? stored, {
      action: `${STAFF}/${row.id}`,
      hidden: ['version'],
      submit: ctx.t('organization:staff.save'),
      cancelHref: STAFF,
      fields: mayEdit ? shown : shown.map((field) => ({ ...field, disabled: true })),
    }),
  };
  return page('organization/person', title, model, { status });
}
