import { isBusinessDate, addDays, normaliseCode, normaliseName, parseLocalMinute } from '../../../kernel';
import type { Grant } from './rights';

/** A sheet as text; `line` as the spreadsheet numbers it. */
export interface WorkbookSheet {
  name: string;
  rows: readonly { line: number; cells: readonly string[] }[];
}

/** What the names of a workbook can mean, and what holds now. */
export interface PresentRights {
  permissions: ReadonlySet<string>;
  roles: readonly PresentRole[];
  /** Accounts in use; null for a reader who may not see them. */
  accounts: readonly { id: number; login: string; grants: readonly Grant[] }[] | null;
  /** Logins of accounts that were deactivated. */
  inactive: ReadonlySet<string>;
  stores: readonly { id: number; code: string; name: string }[];
  /** Of the times in the workbook. */
  timeZone: string;
  /** Epoch milliseconds. */
  now: number;
}

export interface PresentRole {
  id: number;
  code: string;
  /** In every language of the program, so that a workbook may have been made in another. */
  names: readonly string[];
  readyMade: boolean;
  permissions: ReadonlySet<string>;
}

export interface RightsProblem {
  sheet: string;
  line: number;
  /** What stands there. */
  place: string;
  /** Words: administration:rights.problem.<code> */
  code: string;
  details?: Record<string, unknown>;
}

export interface PlannedRights {
  /** Role → permission → whether it is to have it; what the workbook does not name stays. */
  roles: Map<number, Map<string, { has: boolean; line: number }>>;
  /** Account → all the roles it is to have. */
  accounts: Map<number, (Grant & { line: number })[]>;
  problems: RightsProblem[];
  /** The sheets that were understood. */
  sheets: { matrix: string | null; accounts: string | null };
}

/** Stands in the row with the codes of the roles, which tell them apart whatever they are called. */
export const ROLE_CODE_ROW = 'role.code';
const HEADS = {
  id: ['权限代码', 'codeoftheright'],
  login: ['登录名', 'login'],
  role: ['角色', 'role'],
  store: ['门店', 'store'],
  from: ['从何时起', 'from'],
  until: ['到何时止', 'until'],
};
const ALL_STORES = new Set(['全部门店', 'allstores', '全部', 'all', '*']);
const YES = new Set(['✓', '✔', '√', '是', '有', 'y', 'yes', 'v', '1', 'true']);
const NO = new Set(['', '-', '−', '×', '✗', '否', '无', 'n', 'no', '0', 'false']);
/** The head is looked for in these; people put a title above their tables. */
const HEAD_ROWS = 10;

/** Reads the sheets of a workbook that was exported and edited, whatever the order of its rows, columns and sheets. Pure. */
export function readRightsWorkbook(sheets: readonly WorkbookSheet[], present: PresentRights): PlannedRights {
  const planned: PlannedRights = {
    roles: new Map(),
    accounts: new Map(),
    problems: [],
    sheets: { matrix: null, accounts: null },
  };
  for (const sheet of sheets) {
    for (const [index, row] of sheet.rows.slice(0, HEAD_ROWS).entries()) {
      const at = (head: keyof typeof HEADS): number => row.cells.findIndex((cell) => HEADS[head].includes(plain(cell)));
      const body = { ...sheet, rows: sheet.rows.slice(index + 1) };
      if (at('id') >= 0 && planned.sheets.matrix === null) {
        planned.sheets.matrix = sheet.name;
        readMatrix(body, row, at('id'), present, planned);
        break;
      }
      if (at('login') >= 0 && at('role') >= 0 && at('store') >= 0 && planned.sheets.accounts === null) {
        planned.sheets.accounts = sheet.name;
        const column = {
          login: at('login'),
          role: at('role'),
          store: at('store'),
          from: at('from'),
          until: at('until'),
        };
        readAccounts(body, column, present, planned);
        break;
      }
    }
  }
  return planned;
}

const plain = (text: string): string => normaliseName(text).toLowerCase().replace(/\s/g, '');

function readMatrix(
  { name: sheet, rows }: WorkbookSheet,
  head: WorkbookSheet['rows'][number],
  idColumn: number,
  present: PresentRights,
  planned: PlannedRights,
): void {
  const { problems } = planned;
  const codes = rows.find(({ cells }) => plain(cells[idColumn] ?? '') === ROLE_CODE_ROW)?.cells ?? [];
  const columns: { at: number; role: PresentRole }[] = [];
  for (const [at, title] of head.cells.entries()) {
    const code = codes[at]?.trim() ?? '';
    if (at <= idColumn || (title.trim() === '' && code === '')) continue;
    const role = roleNamed(present, code || title);
    const problem = (what: string): void =>
      void problems.push({ sheet, line: head.line, place: title || code, code: what });
    if (typeof role === 'string') problem(role);
    else if (columns.some((one) => one.role === role)) problem('roleTwice');
    else columns.push({ at, role });
  }
  for (const { role } of columns) planned.roles.set(role.id, new Map());
  const seen = new Set<string>();
  for (const { line, cells } of rows) {
    const id = normaliseName(cells[idColumn] ?? '').toLowerCase();
    if (id === ROLE_CODE_ROW || cells.every((cell) => cell.trim() === '')) continue;
    if (id === '') problems.push({ sheet, line, place: cells.find(Boolean) ?? '', code: 'noPermission' });
    else if (!present.permissions.has(id)) problems.push({ sheet, line, place: id, code: 'unknownPermission' });
    else if (seen.has(id)) problems.push({ sheet, line, place: id, code: 'permissionTwice' });
    else {
      seen.add(id);
      for (const { at, role } of columns) {
        const has = readMark(cells[at] ?? '');
        if (has === null)
          problems.push({
            sheet,
            line,
            place: id,
            code: 'mark',
            details: { mark: cells[at], role: head.cells[at] ?? '' },
          });
        else planned.roles.get(role.id)?.set(id, { has, line });
      }
    }
  }
}

function readMark(text: string): boolean | null {
  const mark = plain(text);
  return YES.has(mark) ? true : NO.has(mark) ? false : null;
}

/** A role by its code or its name in any language; else why not: unknown, or one name of several. */
function roleNamed({ roles }: PresentRights, text: string): PresentRole | 'unknownRole' | 'severalRoles' {
  const wanted = plain(text);
  const byCode = roles.find(({ code }) => plain(code) === wanted);
  if (byCode) return byCode;
  const named = roles.filter(({ names }) => names.some((name) => plain(name) === wanted));
  return named.length > 1 ? 'severalRoles' : (named[0] ?? 'unknownRole');
}

function readAccounts(
  { name: sheet, rows }: WorkbookSheet,
  column: { login: number; role: number; store: number; from: number; until: number },
  present: PresentRights,
  planned: PlannedRights,
): void {
  if (present.accounts === null) return;
  const accounts = new Map(present.accounts.map((account) => [normaliseCode(account.login), account]));
  for (const { line, cells } of rows) {
    const text = (at: number): string => normaliseName(cells[at] ?? '');
    const [login, role, store] = [normaliseCode(text(column.login)), text(column.role), text(column.store)];
    const problem = (place: string, code: string): void => void planned.problems.push({ sheet, line, place, code });
    if (login === '') {
      if (role !== '' || store !== '') problem(role || store, 'noLogin');
      continue;
    }
    const account = accounts.get(login);
    if (!account) {
      problem(login, present.inactive.has(login) ? 'inactiveUser' : 'unknownUser');
      continue;
    }
    const grants = planned.accounts.get(account.id) ?? [];
    planned.accounts.set(account.id, grants);
    // One line without a role: an account that is to have none.
    if (role === '' && store === '') continue;
    const startsAt = timeAt(text(column.from), present.timeZone, 0);
    const endsAt = timeAt(text(column.until), present.timeZone, 1);
    const found = role === '' ? 'noRole' : roleNamed(present, role);
    const storeId = storeNamed(present, store);
    if (typeof found === 'string') problem(role || login, found);
    else if (typeof storeId === 'string') problem(store || login, storeId);
    else if (startsAt === 'time' || endsAt === 'time') problem(login, 'time');
    else if ((endsAt ?? Infinity) <= Math.max(startsAt ?? 0, present.now)) problem(login, 'period');
    else {
      const times = { ...(startsAt === undefined ? {} : { startsAt }), ...(endsAt === undefined ? {} : { endsAt }) };
      const had = account.grants.find((one) => one.roleId === found.id && one.storeId === storeId);
      const { startsAt: begins, endsAt: ends } = had ?? {};
      // A table without these columns says nothing about times: what is there keeps its own.
      const kept = {
        ...(column.from < 0 && begins !== undefined ? { startsAt: begins } : {}),
        ...(column.until < 0 && ends !== undefined ? { endsAt: ends } : {}),
      };
      const grant = { roleId: found.id, storeId, ...times, ...kept };
      if (grants.some(({ line: _line, ...one }) => keyOf(one) === keyOf(grant))) problem(login, 'grantTwice');
      else grants.push({ ...grant, line });
    }
  }
}

const keyOf = ({ roleId, storeId, startsAt = 0, endsAt = 0 }: Grant): string =>
  [roleId, storeId, startsAt, endsAt].join('/');

/** A day alone is its beginning, or as an end its last moment (`daysMore` 1). */
function timeAt(text: string, timeZone: string, daysMore: 0 | 1): number | undefined | 'time' {
  if (text === '') return undefined;
  const [day = '', clock = ''] = text.replaceAll('/', '-').split(/[\sT]+/);
  if (!isBusinessDate(day)) return 'time';
  const at = clock === '' ? `${addDays(day, daysMore)}T00:00` : `${day}T${/^\d:/.test(clock) ? '0' : ''}${clock}`;
  return parseLocalMinute(at, timeZone) ?? 'time';
}

/** Null: all stores, which has to be said in words. */
function storeNamed(
  { stores }: PresentRights,
  text: string,
): number | null | 'noStore' | 'unknownStore' | 'severalStores' {
  const wanted = plain(text);
  if (wanted === '') return 'noStore';
  if (ALL_STORES.has(wanted)) return null;
  const byCode = stores.find(({ code }) => plain(code) === wanted);
  if (byCode) return byCode.id;
  const named = stores.filter(({ name }) => plain(name) === wanted);
  return named.length > 1 ? 'severalStores' : (named[0]?.id ?? 'unknownStore');
}
