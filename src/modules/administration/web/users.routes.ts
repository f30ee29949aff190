import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type FieldProblem, invalid, notFound, parseLocalMinute } from '../../../kernel';
import {
  createUser,
  grantsOf,
  issueLink,
  linkPath,
  loginSubject,
  periodIsPossible,
  type RoleGrant,
  setUserActive,
  updateUser,
} from '../../../platform/auth';
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
import { type Action, editForm, type Facts, type PageHead } from '../../../platform/views';
import { listStaff, listStores } from '../../organization';
import { getUser, listRoles, lockedUntil, userList, userListSpec } from '../queries/user-list';
import { grantFields, grantValues, type UserChoices, userFields, userListPage, USERS } from './users.page';

const view = { permission: 'administration.user.view' };
const manage = { permission: 'administration.user.manage' };

const grant = z.object({
  roleId: fields.optionalId,
  storeId: fields.optionalId,
  startsAt: fields.text,
  endsAt: fields.text,
});
const schema = z.object({
  login: fields.required,
  name: fields.required,
  staffId: fields.optionalId,
  locale: z.enum(['zh-CN', 'en']),
  grants: z.array(grant).max(500).default([]),
  version: fields.version,
  operationKey: fields.operationKey,
});

export const userRoutes: readonly Route[] = [
  {
    method: 'get',
    path: USERS,
    access: view,
    handler: async (ctx) => {
      const query = readListQuery(userListSpec, ctx.query);
      const rows = pageOf(query, await userList(ctx.read, ctx.actor, query));
      const model = userListPage(ctx, query, rows, await choicesFor(ctx));
      return page('administration/list', model.head.title, model);
    },
  },
  {
    method: 'get',
    path: `${USERS}/new`,
    access: manage,
    handler: (ctx) => showNew(ctx, emptyForm({ locale: 'zh-CN' })),
  },
  {
    method: 'post',
    path: USERS,
    access: manage,
    handler: (ctx) =>
      submit(
        ctx,
        schema,
        async ({ operationKey, version: _version, ...command }) => {
          const typed = { ...command, grants: typedGrants(ctx, command.grants) };
          const { userId } = await createUser(ctx.uow, ctx.actor, typed, { operationKey });
          return showLink(ctx, userId);
        },
        (form, status) => showNew(ctx, form, status),
      ),
  },
  { method: 'get', path: `${USERS}/:id`, access: view, handler: (ctx) => showUser(ctx) },
  {
    method: 'post',
    path: `${USERS}/:id`,
    access: manage,
    handler: (ctx) =>
      submit(
        ctx,
        schema,
        async ({ operationKey, ...command }) => {
          const typed = { ...command, userId: ctx.id(), grants: typedGrants(ctx, command.grants) };
          await updateUser(ctx.uow, ctx.actor, typed, { operationKey });
          return redirect(`${USERS}/${ctx.id()}`, { kind: 'ok', text: ctx.t('administration:saved') });
        },
        (form, status) => showUser(ctx, form, status),
      ),
  },
  {
    method: 'get',
    path: `${USERS}/:id/password-link/new`,
    access: manage,
    handler: (ctx) => ask(ctx, 'reset', 'password-link'),
  },
  {
    method: 'post',
    path: `${USERS}/:id/password-link`,
    access: manage,
    handler: async (ctx) => showLink(ctx, ctx.id(), ctx.body['withoutSecondFactor'] === '1'),
  },
  {
    method: 'get',
    path: `${USERS}/:id/deactivation/new`,
    access: manage,
    handler: (ctx) => ask(ctx, 'deactivate', 'deactivation'),
  },
  { method: 'post', path: `${USERS}/:id/deactivation`, access: manage, handler: (ctx) => setActive(ctx, false) },
  { method: 'post', path: `${USERS}/:id/activation`, access: manage, handler: (ctx) => setActive(ctx, true) },
];

const grantsTyped = async ({ read, services }: Ctx, userId: number) =>
  grantValues(await grantsOf(read, userId), services.timeZone);

/** Lines without a role are left out; a time is the company's. Throws 422 at the field that is wrong. */
function typedGrants({ services, now }: Ctx, lines: readonly z.output<typeof grant>[]): RoleGrant[] {
  const problems: FieldProblem[] = [];
  const grants = lines.flatMap(({ roleId, storeId, ...times }, line): RoleGrant[] => {
    if (roleId === null) return [];
    const read = (name: 'startsAt' | 'endsAt'): Partial<RoleGrant> => {
      if (times[name].trim() === '') return {};
      const at = parseLocalMinute(times[name], services.timeZone);
      if (at === null) problems.push({ path: `grants.${line}.${name}`, code: 'auth:grant_time' });
      return at === null ? {} : { [name]: at };
    };
    const typed: RoleGrant = { roleId, storeId, ...read('startsAt'), ...read('endsAt') };
    if (!periodIsPossible(typed, now)) problems.push({ path: `grants.${line}.endsAt`, code: 'auth:grant_period' });
    return [typed];
  });
  if (problems.length > 0) throw invalid('errors:form', {}, problems);
  return grants;
}

async function choicesFor(ctx: Ctx): Promise<UserChoices> {
  const [roles, stores, staff] = await Promise.all([listRoles(ctx.read), listStores(ctx.read), listStaff(ctx.read)]);
  return { roles, stores, staff };
}

async function setActive(ctx: Ctx, active: boolean): Promise<Reply> {
  await setUserActive(ctx.uow, ctx.actor, { userId: ctx.id(), active });
  const text = ctx.t(active ? 'administration:user.activated' : 'administration:user.deactivated');
  return redirect(`${USERS}/${ctx.id()}`, { kind: 'ok', text });
}

/** The link is on this page only, and not in its address: nothing to find in a history or a log. */
async function showLink(ctx: Ctx, userId: number, withoutSecondFactor = false): Promise<Reply> {
  const { token } = await issueLink(ctx.uow, ctx.actor, { userId, withoutSecondFactor });
  const user = await getUser(ctx.read, ctx.actor, userId);
  const { publicUrl } = ctx.services.config.server;
  const base = publicUrl?.replace(/\/$/, '') ?? `${ctx.request.protocol}://${ctx.request.host}`;
  const title = ctx.t('administration:user.linkTitle', { name: user?.name ?? '' });
  const model = { title, userHref: `${USERS}/${userId}`, link: base + linkPath(token) };
  return page('administration/password-link', title, model);
}

async function ask(ctx: Ctx, what: 'reset' | 'deactivate', action: string): Promise<Reply> {
  const { t } = ctx;
  const user = await mustGet(ctx);
  const title = t(`administration:user.ask.${what}.title`, { name: user.name });
  const withSecondFactor = what === 'reset' && user.totpSecret !== null;
  const model = {
    title,
    effects: [t(`administration:user.ask.${what}.first`), t(`administration:user.ask.${what}.second`)],
    action: `${USERS}/${user.id}/${action}`,
    verb: t(`administration:user.ask.${what}.verb`),
    danger: what === 'deactivate',
    cancelHref: `${USERS}/${user.id}`,
    fields: { operationKey: randomUUID() },
    ...(withSecondFactor
      ? {
          reason: {
            name: 'withoutSecondFactor',
            type: 'checkbox' as const,
            label: t('administration:user.withoutSecondFactor'),
          },
        }
      : {}),
  };
  return page('administration/confirm', title, model);
}

async function mustGet(ctx: Ctx) {
  const user = await getUser(ctx.read, ctx.actor, ctx.id());
  if (!user) throw notFound('auth.user', ctx.id());
  return user;
}

async function showNew(ctx: Ctx, form: FormState, status = 200): Promise<Reply> {
  const title = ctx.t('administration:user.newTitle');
  return showForm(ctx, form, status, {
    head: { title, crumbs: [{ href: USERS, label: ctx.t('administration:user.title') }] },
    action: USERS,
    submit: ctx.t('administration:user.create'),
    cancelHref: USERS,
    facts: [],
  });
}

async function showUser(ctx: Ctx, typed?: FormState, status = 200): Promise<Reply> {
  const { t, f } = ctx;
  const user = await mustGet(ctx);
  const { login, name, staffId, locale, version, id } = user;
  const form = typed ?? emptyForm({ login, name, staffId, locale, version, ...(await grantsTyped(ctx, id)) });
  const locked = await lockedUntil(ctx.read, loginSubject(ctx.services, login), ctx.now);
  const href = (what: string): string => `${USERS}/${id}/${what}`;
  const rights: Action = { label: t('administration:rights.show'), href: href('rights'), icon: 'eye' };
  const actions: Action[] = user.active
    ? [
        { label: t('administration:user.reset'), href: href('password-link/new'), icon: 'key', confirm: true },
        { label: t('administration:user.deactivate'), href: href('deactivation/new'), look: 'danger', confirm: true },
      ]
    : [{ label: t('administration:user.activate'), href: href('activation'), method: 'post' }];
  return showForm(ctx, form, status, {
    head: {
      title: name,
      crumbs: [{ href: USERS, label: t('administration:user.title') }],
      state: user.active
        ? { tone: 'ok' as const, text: t('common:state.active') }
        : { tone: 'gone' as const, text: t('common:state.inactive') },
      actions: [
        ...(ctx.can('administration.role.view') ? [rights] : []),
        ...(ctx.can('administration.user.manage') ? actions : []),
      ],
    },
    action: `${USERS}/${id}`,
    submit: t('common:action.save'),
    cancelHref: USERS,
    facts: [
      { label: t('administration:user.lastSignIn'), value: f.dateTime(user.lastSignInAt) || t('common:none') },
      {
        label: t('administration:account.passwordSet'),
        value: user.passwordHash === null ? t('administration:user.noPassword') : f.dateTime(user.passwordSetAt),
      },
      {
        label: t('administration:account.secondFactor'),
        value: t(user.totpSecret === null ? 'administration:account.off' : 'administration:account.on'),
      },
      ...(locked === null
        ? []
        : [{ label: t('administration:user.locked'), value: f.dateTime(locked), tone: 'bad' as const }]),
    ],
  });
}

interface FormPage {
  head: PageHead;
  action: string;
  submit: string;
  cancelHref: string;
  facts: Facts['facts'];
}

async function showForm(ctx: Ctx, form: FormState, status: number, { head, facts, ...spec }: FormPage): Promise<Reply> {
  const choices = await choicesFor(ctx);
  const mayManage = ctx.can('administration.user.manage');
  const lock = <F extends object>(field: F): F => (mayManage ? field : { ...field, disabled: true });
  const edit = editForm(form, { ...spec, hidden: ['version'], fields: userFields(ctx, choices).map(lock) });
  const grants = grantFields(ctx, form, choices).map((line) => Object.values(line).map(lock));
  const model = { head, facts, form: edit, grants, mayManage };
  return page('administration/user', head.title, model, { status });
}
