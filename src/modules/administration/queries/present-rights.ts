import { createHash } from 'node:crypto';
import { type Reader, type Row, sql } from '../../../platform/database';
import { lastingScope, type role } from '../../../platform/auth';
import { type Actor, authorise, can } from '../../../platform/permissions';
import { openSpreadsheet } from '../../../platform/spreadsheet';
import { listStores } from '../../organization';
import { type PresentRights, readRightsWorkbook, type WorkbookSheet } from '../domain/rights-workbook';
import { type MayGive, planRights, type RightsPlan } from '../domain/plan-rights';
import { activeAccounts, rolePermissions } from './rights';
import { allPermissions, ROLE_VIEW } from './role-page';
import { listRoles, USER_VIEW } from './user-list';

/** A matrix of a company with hundreds of roles and accounts is far below. */
export const MOST_BYTES = 5 * 1024 * 1024;
const LIMITS = { fileBytes: MOST_BYTES, rows: 20_000, columns: 400, cells: 400_000 };

const MANAGE = ['administration.role.manage', 'administration.user.manage'];

/** All names of a role, in every language of the program. */
export type RoleNames = (row: Row<typeof role>) => readonly string[];

export interface ComparedRights {
  plan: RightsPlan;
  /** Of the rights as they are now: an order to apply must bring it back, so that what was shown is what is done. */
  seen: string;
  sheets: { matrix: string | null; accounts: string | null };
  /** There is a sheet of accounts, and the reader may not see accounts. */
  accountsHidden: boolean;
}

/** How an edited workbook differs from the rights in force. Writes nothing. Throws spreadsheet:error.… for no spreadsheet. */
export async function compareRights(
  read: Reader,
  actor: Actor,
  content: Buffer,
  { namesOf, timeZone, now }: { namesOf: RoleNames; timeZone: string; now: number },
): Promise<ComparedRights> {
  authorise(actor, ROLE_VIEW);
  const present = { ...(await presentRights(read, actor, namesOf, now)), timeZone, now };
  const planned = readRightsWorkbook(await sheetsOf(content), present);
  // Who only compares gives nothing: the administrator who applies the plan is asked again.
  const manages = MANAGE.some((permission) => actor.scope(permission) === 'all');
  const ends = new Set([undefined, ...[...planned.accounts.values()].flat().map(({ endsAt }) => endsAt)]);
  const lasting = new Map<number | undefined, Actor['scope']>();
  for (const endsAt of ends) lasting.set(endsAt, await lastingScope(read, actor, now, endsAt));
  const mayGive: MayGive = (permission, storeId, endsAt) => {
    const scope = manages ? (lasting.get(endsAt)?.(permission) ?? []) : 'all';
    return scope === 'all' || (storeId !== null && scope.includes(storeId));
  };
  return {
    plan: planRights(present, planned, mayGive),
    seen: await rightsFingerprint(read),
    sheets: planned.sheets,
    accountsHidden: planned.sheets.accounts !== null && present.accounts === null,
  };
}

async function presentRights(
  read: Reader,
  actor: Actor,
  namesOf: RoleNames,
  now: number,
): Promise<Omit<PresentRights, 'timeZone' | 'now'>> {
  const [permissions, groups, roles, stores] = await Promise.all([
    rolePermissions(read, actor),
    allPermissions(read),
    listRoles(read),
    listStores(read),
  ]);
  const accounts = can(actor, USER_VIEW) ? await activeAccounts(read, actor, now, { coming: true }) : null;
  const inactive = await read.all<{ login: string }>(
    sql`SELECT login FROM user_account WHERE active = ${false} ORDER BY login`,
  );
  return {
    permissions: new Set([...groups.values()].flat()),
    roles: roles.map((row) => ({
      id: row.id,
      code: row.code,
      names: namesOf(row),
      readyMade: row.readyMade,
      permissions: permissions.get(row.id) ?? new Set(),
    })),
    accounts,
    inactive: new Set(accounts === null ? [] : inactive.map(({ login }) => login)),
    stores,
  };
}

async function sheetsOf(content: Buffer): Promise<WorkbookSheet[]> {
  const book = await openSpreadsheet(content, LIMITS);
  const sheets: WorkbookSheet[] = [];
  for (const [index, { name }] of book.sheets.entries()) {
    const rows: WorkbookSheet['rows'][number][] = [];
    for await (const { number, cells } of book.rows(index))
      rows.push({ line: number, cells: cells.map(({ text }) => text) });
    sheets.push({ name, rows });
  }
  return sheets;
}

/** Changes with every right of a role and every role of an account. */
export async function rightsFingerprint(read: Reader): Promise<string> {
  const hash = createHash('sha256');
  const add = (rows: readonly object[]): void =>
    void hash.update(
      JSON.stringify(rows.map((row) => Object.values(row).map((part) => (part === null ? '' : `${part}`)))),
    );
  add(await read.all<object>(sql`SELECT role_id, permission FROM role_permission ORDER BY role_id, permission`));
  add(
    await read.all<object>(
      sql`SELECT user_id, role_id, store_id, starts_at, ends_at FROM user_role ORDER BY user_id, id`,
    ),
  );
  add(await read.all<object>(sql`SELECT id FROM user_account WHERE active = ${true} ORDER BY id`));
  return hash.digest('hex');
}
