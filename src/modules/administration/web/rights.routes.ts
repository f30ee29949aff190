import { localMinute } from '../../../kernel';
import { type Ctx, file, page, permissionWords, type Reply, type Route } from '../../../platform/http';
import { writeXlsx } from '../../../platform/spreadsheet';
import type { Action, List } from '../../../platform/views';
import { HIDDEN_WITHOUT, storesOf } from '../domain/rights';
import { ROLE_CODE_ROW } from '../domain/rights-workbook';
import { type Account, activeAccounts, rolePermissions } from '../queries/rights';
import { allPermissions, ROLE_VIEW } from '../queries/role-page';
import { USER_VIEW } from '../queries/user-list';
import { type RightsWords, rightsWords } from './rights-words';

export const RIGHTS = '/administration/rights';
export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
/** More accounts than these are in the list of accounts and in the export. */
const MOST_SHOWN = 200;
const access = { permission: ROLE_VIEW };

export const rightsRoutes: readonly Route[] = [
  { method: 'get', path: RIGHTS, access, handler: showMatrix },
  { method: 'get', path: `${RIGHTS}/export`, access, handler: exportMatrix },
];

async function load(ctx: Ctx, options?: { coming: boolean }) {
  const [permissions, groups, words] = await Promise.all([
    rolePermissions(ctx.read, ctx.actor),
    allPermissions(ctx.read),
    rightsWords(ctx),
  ]);
  const accounts = ctx.can(USER_VIEW) ? await activeAccounts(ctx.read, ctx.actor, ctx.now, options) : null;
  return { permissions, groups, words, accounts };
}

async function showMatrix(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const { permissions, groups, words, accounts } = await load(ctx);
  const title = t('administration:rights.title');
  const report: Action = { label: t('administration:rights.report'), href: `${RIGHTS}/report`, icon: 'shield-check' };
  const actions: Action[] = [
    ...(accounts === null ? [] : [report]),
    { label: t('administration:rights.plan'), href: `${RIGHTS}/plan`, icon: 'file-upload' },
    { label: t('common:action.exportExcel'), href: `${RIGHTS}/export`, icon: 'file-spreadsheet' },
  ];
  const model = {
    head: { title, say: t('administration:rights.say'), actions },
    matrix: {
      caption: title,
      roles: words.roles.map(({ id, readyMade }) => ({
        name: words.role(id),
        kind: t(readyMade ? 'administration:role.readyMade' : 'administration:role.own'),
        href: `/administration/roles/${id}`,
      })),
      groups: [...groups].map(([module, ids]) => ({
        label: t(`${module}:module`),
        rows: ids.map((id) => ({
          id,
          label: permissionWords(id, t),
          hides: hiddenFieldOf(ctx, id),
          has: words.roles.map((row) => permissions.get(row.id)?.has(id) === true),
        })),
      })),
    },
    accounts: accounts === null ? null : accountList(ctx, accounts, words),
  };
  return page('administration/rights', title, model);
}

/** What is left out of pages, exports and the API for who has not this permission. */
function hiddenFieldOf({ t }: Ctx, permission: string): string | null {
  const found = HIDDEN_WITHOUT.find((one) => one.permission === permission);
  return found ? t('administration:rights.hides', { field: t(`administration:rights.field.${found.field}`) }) : null;
}

function accountList({ t }: Ctx, accounts: readonly Account[], words: RightsWords): List {
  return {
    table: {
      id: 'rights-accounts',
      caption: t('administration:rights.accounts'),
      columns: [
        { key: 'login', label: t('administration:user.login'), card: 'title' },
        { key: 'name', label: t('administration:user.name'), card: 'state' },
        { key: 'stores', label: t('administration:rights.stores'), card: 'full' },
        { key: 'roles', label: t('administration:user.roles'), card: 'full' },
      ],
      rows: accounts.slice(0, MOST_SHOWN).map(({ id, login, name, grants }) => ({
        id,
        cells: [
          { text: login, href: `/administration/users/${id}/rights`, strong: true },
          name,
          words.stores(storesOf(grants)) || { text: t('administration:rights.nowhere'), muted: true },
          words.grants(grants),
        ],
      })),
    },
    ...(accounts.length > MOST_SHOWN
      ? { pager: { say: t('administration:rights.more', { shown: MOST_SHOWN, count: accounts.length }) } }
      : {}),
    empty: { title: t('administration:user.empty') },
  };
}

const MARK = '✓';

/** One sheet with a column per role, one with a row per role of each account: what is planned with in Excel. */
async function exportMatrix(ctx: Ctx): Promise<Reply> {
  const { t, services } = ctx;
  const { permissions, groups, words, accounts } = await load(ctx, { coming: true });
  const text = (header: string, width?: number) => ({
    header,
    type: 'text' as const,
    ...(width === undefined ? {} : { width }),
  });
  const matrix = {
    name: t('administration:rights.title'),
    columns: [
      text(t('administration:rights.module'), 12),
      text(t('administration:rights.permission'), 36),
      text(t('administration:rights.id'), 28),
      ...words.roles.map(({ id }) => text(words.role(id), 12)),
    ],
    rows: [
      ['', t('administration:rights.roleCode'), ROLE_CODE_ROW, ...words.roles.map(({ code }) => code)],
      ...[...groups].flatMap(([module, ids]) =>
        ids.map((id) => [
          t(`${module}:module`),
          [permissionWords(id, t), hiddenFieldOf(ctx, id)].filter(Boolean).join(' · '),
          id,
          ...words.roles.map((row) => (permissions.get(row.id)?.has(id) ? MARK : '')),
        ]),
      ),
    ],
  };
  // As text: a spreadsheet would show midnight as a day alone, which as an end means its last moment.
  const time = (at?: number): string => (at === undefined ? '' : localMinute(at, services.timeZone).replace('T', ' '));
  const people = {
    name: t('administration:rights.accounts'),
    columns: [
      text(t('administration:user.login'), 16),
      text(t('administration:user.name'), 16),
      text(t('administration:user.role'), 20),
      text(t('administration:user.store'), 20),
      text(t('administration:user.from'), 18),
      text(t('administration:user.until'), 18),
    ],
    rows: (accounts ?? []).flatMap(({ login, name, grants }) =>
      grants.length === 0
        ? [[login, name]]
        : grants.map(({ roleId, storeId, startsAt, endsAt }) => [
            login,
            name,
            words.role(roleId),
            words.stores({ everywhere: storeId === null, storeIds: storeId === null ? [] : [storeId] }),
            time(startsAt),
            time(endsAt),
          ]),
    ),
  };
  const body = writeXlsx(accounts === null ? [matrix] : [matrix, people], { timeZone: services.timeZone });
  return file(`rights-${ctx.today}.xlsx`, XLSX, body);
}
