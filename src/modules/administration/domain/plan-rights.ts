import type { Grant } from './rights';
import type { PlannedRights, PresentRights, RightsProblem } from './rights-workbook';

export interface RoleChange {
  roleId: number;
  gains: string[];
  loses: string[];
  /** Everything it will have. */
  permissions: string[];
}

export interface AccountChange {
  userId: number;
  gains: Grant[];
  loses: Grant[];
  /** Everything it will have. */
  grants: Grant[];
}

export interface RightsPlan {
  roles: RoleChange[];
  accounts: AccountChange[];
  problems: RightsProblem[];
  /** Of what there is, how many the workbook does not name: these stay as they are. */
  unnamed: { permissions: number; roles: number; accounts: number };
}

/** Whether the planner has a permission in a store (null: in all), until that moment at least, and so may give it. */
export type MayGive = (permission: string, storeId: number | null, endsAt?: number) => boolean;

const ADMINISTRATOR = 'administrator';

/**
 * What putting the planned rights in force would change, and why it cannot be. Refused are changes of ready-made roles, giving
 * what one does not have, and a company without an administrator. Pure.
 */
export function planRights(present: PresentRights, planned: PlannedRights, mayGive: MayGive): RightsPlan {
  const problems = [...planned.problems];
  const matrix = planned.sheets.matrix ?? '';
  const sheet = planned.sheets.accounts ?? '';
  const roles = present.roles.flatMap((role): RoleChange[] => {
    const cells = [...(planned.roles.get(role.id) ?? [])];
    const changed = cells.filter(([id, { has }]) => has !== role.permissions.has(id));
    if (changed.length === 0) return [];
    for (const [id, { has, line }] of changed) {
      const code = role.readyMade ? 'readyMade' : has && !mayGive(id, null) ? 'beyond' : null;
      if (code) problems.push({ sheet: matrix, line, place: id, code, details: { roleId: role.id, permission: id } });
    }
    const gains = changed.flatMap(([id, { has }]) => (has ? [id] : []));
    const loses = changed.flatMap(([id, { has }]) => (has ? [] : [id]));
    const permissions = [...role.permissions].filter((id) => !loses.includes(id));
    return [{ roleId: role.id, gains, loses, permissions: [...permissions, ...gains].sort() }];
  });
  const willHave = new Map(present.roles.map(({ id, permissions }) => [id, [...permissions]]));
  for (const { roleId, permissions } of roles) willHave.set(roleId, permissions);
  const accounts = (present.accounts ?? []).flatMap(({ id, login, grants }): AccountChange[] => {
    const wanted = planned.accounts.get(id);
    if (!wanted) return [];
    const gains = wanted.filter((one) => !grants.some((had) => same(had, one)));
    const loses = grants.filter((had) => !wanted.some((one) => same(had, one)));
    for (const { roleId, storeId, endsAt, line } of gains) {
      const permission = willHave.get(roleId)?.find((one) => !mayGive(one, storeId, endsAt));
      if (permission !== undefined)
        problems.push({ sheet, line, place: login, code: 'beyond', details: { roleId, permission } });
    }
    if (gains.length === 0 && loses.length === 0) return [];
    return [
      {
        userId: id,
        gains: gains.map(bare),
        loses: [...loses],
        grants: wanted.map((one) => grants.find((had) => same(had, one)) ?? bare(one)),
      },
    ];
  });
  if (!keepsAdministrator(present, accounts)) problems.push({ sheet, line: 0, place: '', code: 'lastAdministrator' });
  return {
    roles,
    accounts,
    problems,
    unnamed: {
      permissions: planned.sheets.matrix === null ? 0 : present.permissions.size - namedPermissions(planned),
      roles: planned.sheets.matrix === null ? 0 : present.roles.length - planned.roles.size,
      accounts: planned.sheets.accounts === null ? 0 : (present.accounts?.length ?? 0) - planned.accounts.size,
    },
  };
}

const namedPermissions = ({ roles }: PlannedRights): number => [...roles.values()][0]?.size ?? 0;
/** A workbook keeps whole minutes. */
const minuteOf = (at: number | undefined): number => (at === undefined ? -1 : Math.floor(at / 60_000));
const same = (a: Grant, b: Grant): boolean =>
  a.roleId === b.roleId &&
  a.storeId === b.storeId &&
  minuteOf(a.startsAt) === minuteOf(b.startsAt) &&
  minuteOf(a.endsAt) === minuteOf(b.endsAt);
const bare = ({ line: _line, ...grant }: Grant & { line: number }): Grant => grant;

/** Somebody must be able to manage accounts afterwards, now and without an end, unless nobody was before. */
function keepsAdministrator({ roles, accounts, now }: PresentRights, changes: readonly AccountChange[]): boolean {
  const administrator = roles.find(({ code }) => code === ADMINISTRATOR)?.id;
  const administers = ({ roleId, storeId, startsAt = 0, endsAt }: Grant): boolean =>
    roleId === administrator && storeId === null && startsAt <= now && endsAt === undefined;
  const before = (accounts ?? []).filter(({ grants }) => grants.some(administers));
  if (before.length === 0) return true;
  return (accounts ?? []).some(({ id, grants }) =>
    (changes.find(({ userId }) => userId === id)?.grants ?? grants).some(administers),
  );
}
