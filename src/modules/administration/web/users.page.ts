import { type role, roleName, type RoleGrant } from '../../../platform/auth';
import type { Row } from '../../../platform/database';
import type { Ctx, FormState } from '../../../platform/http';
import { listHref, type ListPage, type ListQuery, sortLink } from '../../../platform/lists';
import { type Field, type FilterBar, type List, type PageHead, stateLabel } from '../../../platform/views';
import type { StaffRow, StoreRow } from '../../organization';
import { localMinute } from '../../../kernel';
import type { UserListRow } from '../queries/user-list';
import { periodWords } from './rights-words';

export const USERS = '/administration/users';
/** Lines for further roles on the form; saving shows new empty ones. */
const EMPTY_LINES = 3;

/** A line of the form: a role, the store, and from when until when. */
export type GrantLine = Record<'role' | 'store' | 'from' | 'until', Field>;

export interface UserChoices {
  roles: readonly Row<typeof role>[];
  stores: readonly StoreRow[];
  staff: readonly StaffRow[];
}

export function userListPage(
  ctx: Ctx,
  query: ListQuery,
  { rows, previousHref, nextHref }: ListPage<UserListRow>,
  { roles, stores }: UserChoices,
): { head: PageHead; list: List } {
  const { t, f } = ctx;
  const storeNames = new Map(stores.map(({ id, name }) => [id, name]));
  const create = {
    label: t('administration:user.create'),
    href: `${USERS}/new`,
    icon: 'user-plus' as const,
    look: 'primary' as const,
  };
  const mayManage = ctx.can('administration.user.manage');
  const rolesText = (row: UserListRow): string =>
    row.roles
      .map((one) => {
        const where =
          one.storeId === null ? t('common:frame.allStores') : (storeNames.get(one.storeId) ?? `#${one.storeId}`);
        return t('administration:user.roleIn', { role: roleName(one, t), store: where }) + periodWords(ctx, one);
      })
      .join(t('auth:role_join'));
  return {
    head: { title: t('administration:user.title'), ...(mayManage ? { actions: [create] } : {}) },
    list: {
      filters: userFilters(ctx, query, roles),
      table: {
        id: 'users',
        caption: t('administration:user.title'),
        sticky: true,
        columns: [
          { key: 'login', label: t('administration:user.login'), card: 'title', sort: sortLink(query, 'login') },
          { key: 'name', label: t('administration:user.name') },
          { key: 'roles', label: t('administration:user.roles'), card: 'full' },
          { key: 'factor', label: t('administration:account.secondFactor') },
          {
            key: 'lastSignIn',
            label: t('administration:user.lastSignIn'),
            card: 'number',
            sort: sortLink(query, 'lastSignIn'),
          },
          { key: 'state', label: t('administration:user.state'), card: 'state' },
        ],
        rows: rows.map((row) => ({
          id: row.id,
          label: row.login,
          cells: [
            { text: row.login, href: `${USERS}/${row.id}`, strong: true },
            row.name,
            rolesText(row),
            row.secondFactor ? t('administration:account.on') : { text: t('administration:account.off'), muted: true },
            row.hasPassword
              ? f.dateTime(row.lastSignInAt)
              : { text: t('administration:user.noPassword'), tone: 'hold' as const },
            { state: stateLabel(t, row.active ? 'active' : 'inactive') },
          ],
        })),
      },
      pager: { ...(previousHref ? { previousHref } : {}), ...(nextHref ? { nextHref } : {}) },
      empty: { title: t('administration:user.empty'), ...(mayManage ? { action: create } : {}) },
      filtered: Object.keys(query.filters).length > 0,
      clearHref: USERS,
    },
  };
}

function userFilters({ t }: Ctx, query: ListQuery, roles: UserChoices['roles']): FilterBar {
  const { q = '', role: roleId, active } = query.filters;
  const chips: FilterBar['chips'] = [];
  const chosen = roles.find(({ id }) => String(id) === roleId);
  if (chosen) chips.push({ label: roleName(chosen, t), removeHref: listHref(query, { role: null }) });
  if (active === 'no' || active === 'all')
    chips.push({ label: t(`administration:user.active.${active}`), removeHref: listHref(query, { active: null }) });
  return {
    action: USERS,
    text: { name: 'q', value: q, label: t('administration:user.searchFor') },
    chips,
    fields: [
      {
        name: 'role',
        label: t('administration:user.role'),
        type: 'select',
        value: roleId ?? '',
        options: roles.map((one) => ({ value: one.id, label: roleName(one, t) })),
      },
      {
        name: 'active',
        label: t('administration:user.state'),
        type: 'select',
        value: active ?? '',
        choose: t('administration:user.active.yes'),
        options: ['no', 'all'].map((value) => ({ value, label: t(`administration:user.active.${value}`) })),
      },
    ],
  };
}

export function userFields({ t }: Ctx, { staff }: UserChoices): Field[] {
  return [
    {
      name: 'login',
      label: t('administration:user.login'),
      required: true,
      maxlength: 40,
      hint: t('administration:user.loginHint'),
    },
    { name: 'name', label: t('administration:user.name'), required: true, maxlength: 40 },
    {
      name: 'staffId',
      label: t('administration:user.staff'),
      type: 'select',
      optional: true,
      choose: t('common:none'),
      options: staff.map(({ id, code, name }) => ({ value: id, label: `${code} ${name}` })),
    },
    {
      name: 'locale',
      label: t('administration:account.language'),
      type: 'select',
      choose: false,
      options: [
        { value: 'zh-CN', label: '中文' },
        { value: 'en', label: 'English' },
      ],
    },
  ];
}

/** One line a role with its store, and empty ones for more: works without script. */
export function grantFields({ t }: Ctx, form: FormState, { roles, stores }: UserChoices): GrantLine[] {
  const typed = Object.keys(form.values).flatMap((name) => /^grants\.(\d{1,3})\.roleId$/.exec(name)?.[1] ?? []);
  const used = typed.filter((line) => form.values[`grants.${line}.roleId`]).length;
  const lines = Math.max(typed.length, used + EMPTY_LINES);
  return Array.from({ length: lines }, (_, line) => {
    const error = form.problems[`grants.${line}.roleId`];
    return {
      role: {
        name: `grants.${line}.roleId`,
        label: t('administration:user.role'),
        type: 'select',
        value: form.values[`grants.${line}.roleId`] ?? '',
        options: roles.map((one) => ({ value: one.id, label: roleName(one, t) })),
        ...(error === undefined ? {} : { error }),
      },
      store: {
        name: `grants.${line}.storeId`,
        label: t('administration:user.store'),
        type: 'select',
        value: form.values[`grants.${line}.storeId`] ?? '',
        choose: t('common:frame.allStores'),
        options: stores.map(({ id, code, name }) => ({ value: id, label: `${code} ${name}` })),
      },
      from: timeField(t('administration:user.from'), `grants.${line}.startsAt`, form),
      until: timeField(t('administration:user.until'), `grants.${line}.endsAt`, form),
    };
  });
}

function timeField(label: string, name: string, form: FormState): Field {
  const error = form.problems[name];
  const value = form.values[name] ?? '';
  return { name, label, type: 'datetime-local', optional: true, value, ...(error === undefined ? {} : { error }) };
}

export function grantValues(grants: readonly RoleGrant[], timeZone: string): Record<string, string | number | null> {
  const time = (at: number | undefined): string | null => (at === undefined ? null : localMinute(at, timeZone));
  return Object.fromEntries(
    grants.flatMap(({ roleId, storeId, startsAt, endsAt }, line): [string, string | number | null][] => [
      [`grants.${line}.roleId`, roleId],
      [`grants.${line}.storeId`, storeId],
      [`grants.${line}.startsAt`, time(startsAt)],
      [`grants.${line}.endsAt`, time(endsAt)],
    ]),
  );
}
