import { DomainError, invalidField, notFound } from '../../kernel';
import { staff, type StaffRow } from '../../modules/organization';
import { sealedColumns } from '../keys/sealed-columns';
import { eraseUser, grantsOf, listSessions, role, roleName, userAccount } from '../../platform/auth';
import { encodeColumn, keyOf, type Reader, type Row, type Sql, sql } from '../../platform/database';
import type { Translate } from '../../platform/i18n';
import type { OpenMatter, PersonalPart } from '../../platform/modules';
import { type Actor, authoriseEverywhere } from '../../platform/permissions';
import type { Services } from '../../platform/services';
import { searchKey } from '../../platform/text-search';
import type { RunOptions, Unit, UnitOfWork } from '../../platform/unit-of-work';
import { allTables } from '../all-tables';
import type { EraseReason, PersonCopy } from './person';

export const STAFF_PRIVACY = 'organization.staff.privacy';
const MANAGE_USERS = 'administration.user.manage';
/** Entries of the log in a copy, the newest first. */
const MOST_ENTRIES = 5000;
/** Rows of one short transaction. */
const BATCH = 500;

type Account = Row<typeof userAccount>;

export const accountsOf = (read: Reader, staffId: number): Promise<Account[]> => read.find(userAccount, { staffId });

export async function mustGetStaff(read: Reader, id: number): Promise<StaffRow> {
  const row = await read.get(staff, id);
  if (!row) throw notFound('organization.staff', id);
  return row;
}

/** Erased before: nothing but the number is left. */
export const isErased = ({ active, name, code }: StaffRow): boolean => !active && name === code;

/** What speaks against erasing a member of staff now. Approvals are given on the spot at the till: none of them waits. */
export async function openWithStaff(read: Reader, actor: Actor, staffId: number, now: number): Promise<OpenMatter[]> {
  const accounts = await accountsOf(read, staffId);
  const ids = accounts.map(({ id }) => id);
  if (ids.length === 0) return [];
  const matters: OpenMatter[] = [];
  const add = (code: string, details: Record<string, unknown> = {}): void =>
    void matters.push({ code: `privacy:staff.open.${code}`, details });
  if (actor.userId !== null && ids.includes(actor.userId)) add('self');
  if (actor.scope(MANAGE_USERS) !== 'all') add('manage');
  const shifts = await read.all<{ name: string }>(
    sql`SELECT r.name FROM shift h JOIN register r ON r.id = h.open_register_id
        WHERE h.opened_by_id IN (${sql.list(ids)}) ORDER BY r.name, r.id`,
  );
  if (shifts.length > 0) add('shift', { registers: shifts.map(({ name }) => name).join('、') });
  const imports = await read.one<{ going: number }>(
    sql`SELECT COUNT(*) AS going FROM import_run
        WHERE created_by IN (${sql.list(ids)}) AND state NOT IN ('done', 'failed', 'cancelled')`,
  );
  if (Number(imports?.going ?? 0) > 0) add('imports', { count: Number(imports?.going) });
  if (await isLastAdministrator(read, ids, now)) add('administrator');
  return matters;
}

async function isLastAdministrator(read: Reader, ids: readonly number[], now: number): Promise<boolean> {
  const rows = await read.all<{ userId: number }>(
    sql`SELECT DISTINCT ur.user_id FROM user_role ur JOIN role r ON r.id = ur.role_id JOIN user_account u ON u.id = ur.user_id
        WHERE r.code = ${'administrator'} AND ur.store_id IS NULL AND u.active = ${true} AND ur.ends_at IS NULL
          AND (ur.starts_at IS NULL OR ur.starts_at <= ${now}) ORDER BY ur.user_id`,
  );
  return rows.length > 0 && rows.every(({ userId }) => ids.includes(Number(userId)));
}

/** Everything that is kept about a member of staff. That it was taken out is kept in the audit log. */
export async function collectStaff(
  { uow, database, keys, clock }: Pick<Services, 'uow' | 'database' | 'keys' | 'clock'>,
  actor: Actor,
  staffId: number,
  t: Translate,
): Promise<PersonCopy> {
  authoriseEverywhere(actor, STAFF_PRIVACY);
  const { read } = database;
  const row = await mustGetStaff(read, staffId);
  const accounts = await accountsOf(read, staffId);
  const purpose = sealedColumns.find(({ table, cipher }) => table === staff && cipher === 'phoneCipher')?.purpose ?? '';
  const phone = row.phoneCipher === null ? row.phone : keys.decrypt(row.phoneCipher, purpose);
  const roles = new Map((await read.find(role, {})).map((one) => [one.id, roleName(one, t)]));
  const accountRows: PersonalPart['rows'] = [];
  const sessions: PersonalPart['rows'] = [];
  for (const one of accounts) {
    const grants = await grantsOf(read, one.id);
    const names = grants.map(({ roleId }) => roles.get(roleId) ?? '').join(', ');
    accountRows.push([one.login, one.name, names, one.createdAt, one.lastSignInAt]);
    for (const { address, userAgent, seenAt } of await listSessions(read, one.id, { now: clock() }))
      sessions.push([address, userAgent, seenAt]);
  }
  const ids = accounts.map(({ id }) => id);
  const entries =
    ids.length === 0
      ? []
      : await read.all<{ at: number; action: string }>(
          sql`SELECT at, action FROM audit_log WHERE actor_id IN (${sql.list(ids)}) ORDER BY id DESC ${sql.limit(MOST_ENTRIES)}`,
        );
  await uow.run(actor, (unit) =>
    unit.audit({ action: 'organization.staff.export', subjectType: 'organization.staff', subjectId: staffId }),
  );
  const part = (title: string, labels: string, rows: PersonalPart['rows']): PersonalPart => ({
    title: `privacy:staff.part.${title}`,
    columns: labels.split(' ').map((label) => ({
      label: label === 'at' || label === 'action' ? `privacy:part.${label}` : `privacy:staff.part.${label}`,
      type: ['since', 'lastSignIn', 'seen', 'at'].includes(label) ? ('instant' as const) : ('text' as const),
    })),
    rows,
  });
  return {
    code: row.code,
    title: 'privacy:staff.copyTitle',
    parts: [
      part('card', 'code name jobTitle phone since', [[row.code, row.name, row.jobTitle, phone, row.createdAt]]),
      part('accounts', 'login name roles since lastSignIn', accountRows),
      part('sessions', 'address device seen', sessions),
      part(
        'log',
        'at action',
        entries.map(({ at, action }) => [Number(at), action]),
      ),
    ],
  };
}

export interface EraseStaffCommand {
  staffId: number;
  reason: EraseReason;
  /** The number on the badge, typed by who decides: the second confirmation. */
  typedCode: string;
}

/**
 * Takes away what tells who a member of staff was who left: the number takes the place of the name, also on documents; phone, job
 * title and everything that one signs in with go. Books and audit log stay as they are. Refused with 422 privacy:error.open while
 * something is open. Called again after an interruption it replaces the names that are left.
 */
export async function eraseStaff(
  services: Pick<Services, 'uow' | 'log'>,
  actor: Actor,
  { staffId, reason, typedCode }: EraseStaffCommand,
  options?: RunOptions,
): Promise<void> {
  authoriseEverywhere(actor, STAFF_PRIVACY);
  const { uow, log } = services;
  const done = await uow.run(
    actor,
    async (unit) => {
      await unit.lock(staff, [staffId]);
      const row = await mustGetStaff(unit, staffId);
      if (typedCode.trim().toUpperCase() !== row.code) throw invalidField('typedCode', 'privacy:error.code');
      const accounts = await accountsOf(unit, staffId);
      const found = { code: row.code, accountIds: accounts.map(({ id }) => id) };
      if (isErased(row)) return found;
      const open = await openWithStaff(unit, actor, staffId, unit.now);
      if (open.length > 0) throw new DomainError('privacy:error.open', { details: { count: open.length } });
      for (const { id, name } of accounts) {
        await eraseUser(unit, id, row.code);
        await replaceReversals(unit, name, row.code);
      }
      await forget(unit, row);
      await unit.audit({
        action: 'organization.staff.erase',
        subjectType: 'organization.staff',
        subjectId: staffId,
        storeId: row.storeId,
        detail: { reason, accounts: accounts.length },
      });
      return found;
    },
    options,
  );
  for (const id of done.accountIds) await replaceNames(uow, actor, id, done.code);
  log.info({ staffId, reason }, 'the data of a member of staff was erased');
}

/** A reversed sale has the name alone: it is theirs when nobody else is called so. */
async function replaceReversals(unit: Unit, name: string, code: string): Promise<void> {
  if ((await unit.find(userAccount, { name })).length > 0) return;
  await unit.execute(sql`UPDATE sale SET reversed_by_name = ${code} WHERE reversed_by_name = ${name}`);
}

async function forget(unit: Unit, { id, code, version }: StaffRow): Promise<void> {
  const gone = { jobTitle: null, phone: null, phoneCipher: null, active: false };
  await unit.update(staff, id, { ...gone, name: code, searchKey: searchKey(code) }, version);
}

/** Columns that copy the name of an account, beside its id: cashier_name and cashier_id. Books and audit log cannot be changed. */
const nameCopies = allTables.flatMap((table) =>
  table.specs.flatMap(({ property }) => {
    if (!/(?:By|cashier)Name$/.test(property)) return [];
    const id = [property.replace(/Name$/, 'Id'), property.replace(/Name$/, '')].find((candidate) =>
      table.specs.some((spec) => spec.property === candidate),
    );
    return id === undefined ? [] : [{ table, property, id }];
  }),
);

/** In short transactions, in the order of the key; what is done says so itself. */
async function replaceNames(uow: UnitOfWork, actor: Actor, userId: number, code: string): Promise<void> {
  for (const { table, property, id } of nameCopies) {
    const physical = (of: string): Sql => sql.identifier(encodeColumn(table, of, null).column);
    const [name, key] = [physical(property), sql.identifier(keyOf(table).column)];
    for (let last = 0; ;) {
      const rows = await uow.database.read.all<{ rowKey: number }>(
        sql`SELECT ${key} AS row_key FROM ${sql.identifier(table.name)}
            WHERE ${key} > ${last} AND ${physical(id)} = ${userId} AND ${name} <> ${code} ORDER BY ${key} ${sql.limit(BATCH)}`,
      );
      const ids = rows.map(({ rowKey }) => Number(rowKey));
      if (ids.length === 0) break;
      last = ids.at(-1) ?? last;
      await uow.run(actor, (unit) =>
        unit.execute(
          sql`UPDATE ${sql.identifier(table.name)} SET ${name} = ${code} WHERE ${key} IN (${sql.list(ids)})`,
        ),
      );
    }
  }
}

/** The id of the member of staff with this number; throws 404. */
export async function staffByCode(read: Reader, code: string): Promise<number> {
  const [row] = await read.find(staff, { code: code.trim().toUpperCase() });
  if (!row) throw notFound('organization.staff', code);
  return row.id;
}
