import { z } from 'zod';
import { createRole, deleteRole, roleName, setRoleSecondFactor, updateRole } from '../../../platform/auth';
import {
  type Ctx,
  emptyForm,
  fields,
  type FormState,
  page,
  permissionWords,
  redirect,
  type Reply,
  type Route,
  submit,
} from '../../../platform/http';
import { type Action, editForm, type List, type PageHead } from '../../../platform/views';
import { allPermissions, getRole, roleList } from '../queries/role-page';

const ROLES = '/administration/roles';
const view = { permission: 'administration.role.view' };
const manage = { permission: 'administration.role.manage' };

const schema = z.object({
  name: fields.required,
  version: fields.version,
  operationKey: fields.operationKey,
});

/** A ticked box is called `can:` and the permission with / for its dots, which would build objects. */
const BOX = 'can:';

export const roleRoutes: readonly Route[] = [
  { method: 'get', path: ROLES, access: view, handler: showList },
  { method: 'get', path: `${ROLES}/new`, access: manage, handler: (ctx) => showNew(ctx) },
  {
    method: 'post',
    path: ROLES,
    access: manage,
    handler: (ctx) =>
      submit(
        ctx,
        schema,
        async ({ name, operationKey }) => {
          const command = { name, permissions: ticked(ctx) };
          const { roleId } = await createRole(ctx.uow, ctx.actor, command, await known(ctx), { operationKey });
          return redirect(`${ROLES}/${roleId}`, { kind: 'ok', text: ctx.t('administration:role.created', { name }) });
        },
        (form, status) => showNew(ctx, form, status),
      ),
  },
  { method: 'get', path: `${ROLES}/:id`, access: view, handler: (ctx) => showRole(ctx) },
  {
    method: 'post',
    path: `${ROLES}/:id`,
    access: manage,
    handler: (ctx) =>
      submit(
        ctx,
        schema,
        async ({ name, version, operationKey }) => {
          const command = { roleId: ctx.id(), name, version, permissions: ticked(ctx) };
          await updateRole(ctx.uow, ctx.actor, command, await known(ctx), { operationKey });
          return redirect(`${ROLES}/${ctx.id()}`, { kind: 'ok', text: ctx.t('administration:saved') });
        },
        (form, status) => showRole(ctx, form, status),
      ),
  },
  {
    method: 'post',
    path: `${ROLES}/:id/second-factor`,
    access: manage,
    handler: async (ctx) => {
      const needed = fields.text.parse(ctx.body['needed']) === '1';
      await setRoleSecondFactor(ctx.uow, ctx.actor, { roleId: ctx.id(), needed });
      return redirect(`${ROLES}/${ctx.id()}`, { kind: 'ok', text: ctx.t('administration:saved') });
    },
  },
  {
    method: 'post',
    path: `${ROLES}/:id/removal`,
    access: manage,
    handler: async (ctx) => {
      await deleteRole(ctx.uow, ctx.actor, ctx.id());
      return redirect(ROLES, { kind: 'ok', text: ctx.t('administration:role.removed') });
    },
  },
];

function ticked(ctx: Ctx): string[] {
  return Object.keys(ctx.body).flatMap((name) =>
    name.startsWith(BOX) ? [name.slice(BOX.length).replaceAll('/', '.')] : [],
  );
}

async function known(ctx: Ctx): Promise<ReadonlySet<string>> {
  return new Set([...(await allPermissions(ctx.read)).values()].flat());
}

async function showList(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const rows = await roleList(ctx.read, ctx.actor);
  const create: Action = {
    label: t('administration:role.create'),
    href: `${ROLES}/new`,
    icon: 'plus',
    look: 'primary',
  };
  const title = t('administration:role.title');
  const list: List = {
    table: {
      id: 'roles',
      caption: title,
      columns: [
        { key: 'name', label: t('administration:role.name'), card: 'title' },
        { key: 'kind', label: t('administration:role.kind'), card: 'state' },
        { key: 'permissions', label: t('administration:role.permissions'), num: true, card: 'number' },
        { key: 'users', label: t('administration:role.users'), num: true, card: 'number' },
        { key: 'factor', label: t('administration:role.factor'), card: 'number' },
      ],
      rows: rows.map((row) => ({
        id: row.role.id,
        cells: [
          { text: roleName(row.role, t), href: `${ROLES}/${row.role.id}`, strong: true },
          t(row.role.readyMade ? 'administration:role.readyMade' : 'administration:role.own'),
          f.number(row.permissions),
          f.number(row.users),
          row.role.needsSecondFactor ? t('administration:role.factorYes') : '',
        ],
      })),
    },
    empty: { title: t('administration:role.empty') },
  };
  const actions = ctx.can('administration.role.manage') ? [create] : [];
  const head = { title, say: t('administration:role.say'), actions };
  return page('administration/list', title, { head, list });
}

/** `?copy=ID` starts from another role. */
async function showNew(ctx: Ctx, typed?: FormState, status = 200): Promise<Reply> {
  const { t } = ctx;
  const from = /^[1-9]\d{0,14}$/.test(ctx.query['copy'] ?? '')
    ? await getRole(ctx.read, ctx.actor, Number(ctx.query['copy']))
    : null;
  const name = from ? t('administration:role.copyOf', { name: roleName(from.role, t) }).slice(0, 40) : '';
  const has = new Set(typed ? ticked(ctx) : (from?.permissions ?? []));
  const title = t('administration:role.newTitle');
  return showForm(ctx, typed ?? emptyForm({ name }), status, has, {
    head: { title, crumbs: [{ href: ROLES, label: t('administration:role.title') }] },
    action: ROLES,
    submit: t('administration:role.create'),
    editable: true,
  });
}

async function showRole(ctx: Ctx, typed?: FormState, status = 200): Promise<Reply> {
  const { t } = ctx;
  const { role, permissions } = await getRole(ctx.read, ctx.actor, ctx.id());
  const mayManage = ctx.can('administration.role.manage');
  const name = roleName(role, t);
  const copy: Action = { label: t('administration:role.copy'), href: `${ROLES}/new?copy=${role.id}`, icon: 'copy' };
  const remove: Action = {
    label: t('common:action.delete'),
    href: `${ROLES}/${role.id}/removal`,
    method: 'post',
    look: 'danger',
  };
  const secondFactor: Action = {
    label: t(role.needsSecondFactor ? 'administration:role.factorOff' : 'administration:role.factorOn'),
    href: `${ROLES}/${role.id}/second-factor`,
    method: 'post',
    icon: 'shield-lock',
    fields: { needed: role.needsSecondFactor ? '' : '1' },
  };
  const say = t(role.readyMade ? 'administration:role.readyMadeSay' : 'administration:role.ownSay');
  return showForm(
    ctx,
    typed ?? emptyForm({ name, version: role.version }),
    status,
    new Set(typed ? ticked(ctx) : permissions),
    {
      head: {
        title: name,
        crumbs: [{ href: ROLES, label: t('administration:role.title') }],
        say: role.needsSecondFactor ? `${say} · ${t('administration:role.factorSay')}` : say,
        actions: mayManage ? [copy, secondFactor, ...(role.readyMade ? [] : [remove])] : [],
      },
      action: `${ROLES}/${role.id}`,
      submit: t('common:action.save'),
      editable: mayManage && !role.readyMade,
    },
  );
}

interface RoleForm {
  head: PageHead;
  action: string;
  submit: string;
  editable: boolean;
}

async function showForm(
  ctx: Ctx,
  form: FormState,
  status: number,
  has: ReadonlySet<string>,
  spec: RoleForm,
): Promise<Reply> {
  const { t } = ctx;
  const groups = [...(await allPermissions(ctx.read))].map(([module, ids]) => ({
    label: t(`${module}:module`),
    boxes: ids.map((id) => ({
      name: BOX + id.replaceAll('.', '/'),
      label: permissionWords(id, t),
      id,
      checked: has.has(id),
      disabled: !spec.editable,
    })),
  }));
  const name = {
    name: 'name',
    label: t('administration:role.name'),
    required: true,
    maxlength: 40,
    disabled: !spec.editable,
  };
  const edit = editForm(form, {
    action: spec.action,
    submit: spec.submit,
    cancelHref: ROLES,
    hidden: ['version'],
    fields: [name],
  });
  const model = { head: spec.head, form: edit, groups, editable: spec.editable };
  return page('administration/role', spec.head.title, model, { status });
}
