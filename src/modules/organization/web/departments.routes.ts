import { z } from 'zod';
import { notFound } from '../../../kernel';
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
import { editForm, stateLabel } from '../../../platform/views';
import { listDepartments } from '../queries/staff';
import { createDepartment, updateDepartment } from '../use-cases/save-department';

const DEPARTMENTS = '/organization/departments';
const edit = { permission: 'organization.department.edit' };

const newDepartment = z.object({ name: fields.required, operationKey: fields.operationKey });
const departmentChange = newDepartment.extend({ version: fields.version, active: fields.checkbox });

export const departmentRoutes: readonly Route[] = [
  { method: 'get', path: DEPARTMENTS, access: edit, handler: (ctx) => showList(ctx, emptyForm()) },
  {
    method: 'post',
    path: DEPARTMENTS,
    access: edit,
    handler: (ctx) =>
      submit(
        ctx,
        newDepartment,
        async ({ operationKey, name }) => {
          await createDepartment(ctx.uow, ctx.actor, { name }, { operationKey });
          return redirect(DEPARTMENTS, { kind: 'ok', text: ctx.t('organization:department.created', { name }) });
        },
        (form, status) => showList(ctx, form, status),
      ),
  },
  { method: 'get', path: `${DEPARTMENTS}/:id`, access: edit, handler: (ctx) => showOne(ctx) },
  {
    method: 'post',
    path: `${DEPARTMENTS}/:id`,
    access: edit,
    handler: (ctx) =>
      submit(
        ctx,
        departmentChange,
        async ({ operationKey, ...command }) => {
          await updateDepartment(ctx.uow, ctx.actor, { ...command, id: ctx.id() }, { operationKey });
          return redirect(DEPARTMENTS, { kind: 'ok', text: ctx.t('organization:saved') });
        },
        (form, status) => showOne(ctx, form, status),
      ),
  },
];

async function showList(ctx: Ctx, form: FormState, status = 200): Promise<Reply> {
  const { t } = ctx;
  const rows = await listDepartments(ctx.read);
  const model = {
    head: { title: t('organization:department.title') },
    list: {
      table: {
        id: 'departments',
        caption: t('organization:department.title'),
        columns: [
          { key: 'name', label: t('organization:name'), card: 'title' },
          { key: 'state', label: t('organization:state'), card: 'state' },
        ],
        rows: rows.map((row) => ({
          id: row.id,
          label: row.name,
          cells: [
            { text: row.name, href: `${DEPARTMENTS}/${row.id}`, strong: true },
            { state: stateLabel(t, row.active ? 'active' : 'inactive') },
          ],
        })),
      },
      empty: { title: t('organization:department.empty'), text: t('organization:department.emptyHint') },
    },
    form: editForm(form, {
      action: DEPARTMENTS,
      submit: t('organization:department.create'),
      cancelHref: DEPARTMENTS,
      fields: [{ name: 'name', label: t('organization:department.newName'), required: true, maxlength: 60 }],
    }),
  };
  return page('organization/list-and-form', model.head.title, model, { status });
}

async function showOne(ctx: Ctx, typed?: FormState, status = 200): Promise<Reply> {
  const { t } = ctx;
  const row = (await listDepartments(ctx.read)).find((one) => one.id === ctx.id());
  if (!row) throw notFound('organization.department', ctx.id());
  const model = {
    head: { title: row.name, crumbs: [{ href: DEPARTMENTS, label: t('organization:department.title') }] },
    form: editForm(typed ?? emptyForm({ name: row.name, version: row.version, active: row.active ? '1' : '' }), {
      action: `${DEPARTMENTS}/${row.id}`,
      hidden: ['version'],
      submit: t('organization:department.save'),
      cancelHref: DEPARTMENTS,
      fields: [
        { name: 'name', label: t('organization:name'), required: true, maxlength: 60 },
        { name: 'active', label: t('organization:department.isActive'), type: 'checkbox', wide: true },
      ],
    }),
  };
  return page('organization/edit', row.name, model, { status });
}
