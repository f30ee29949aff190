import { CONFLICTING_DUTIES, type ConflictingDuties } from './conflicting-duties';
import type { Grant, RolePermissions } from './rights';

const DAY_MS = 24 * 3_600_000;
/** Enough to stand in for each other. */
const ENOUGH_ADMINISTRATORS = 2;
/** Roles of the whole company: to have everything, everywhere, is what they are for. */
const ALL_POWERFUL = new Set(['administrator', 'owner']);
const COMPANY_WIDE = new Set([...ALL_POWERFUL, 'auditor', 'accountant']);

export interface RoleFacts {
  id: number;
  code: string;
  readyMade: boolean;
}

export interface AccountFacts {
  id: number;
  /** Of the member of staff; null for head office and for accounts of nobody. */
  homeStoreId: number | null;
  /** The member of staff is not active any more. */
  left: boolean;
  hasPassword: boolean;
  hasSecondFactor: boolean;
  lastSignInAt: number | null;
  createdAt: number;
  grants: readonly Grant[];
}

export type FindingKind =
  | 'left'
  | 'secondFactor'
  | 'administrators'
  | 'conflict'
  | 'everywhere'
  | 'unused'
  | 'neverUsed'
  | 'roleConflict'
  | 'temporary';

export interface Finding {
  kind: FindingKind;
  /** `way`: comes with a ready-made role, good to know; the others want something done. */
  tone: 'bad' | 'hold' | 'way';
  subject: { type: 'role' | 'account'; id: number };
  conflict?: ConflictingDuties;
  /** Of the temporary role that ends first; epoch milliseconds. */
  endsAt?: number;
  /** People of a role, administrators, or days. */
  count?: number;
}

interface Facts {
  roles: readonly RoleFacts[];
  permissions: RolePermissions;
  accounts: readonly AccountFacts[];
  now: number;
  unusedDays: number;
}

/** What is doubtful about the rights of active accounts, the worst first. */
export function findingsOf(facts: Facts): Finding[] {
  const codes = new Map(facts.roles.map(({ id, code }) => [id, code]));
  const has = (account: AccountFacts, wanted: ReadonlySet<string>): boolean =>
    account.grants.some(({ roleId }) => wanted.has(codes.get(roleId) ?? ''));
  const administrators = facts.accounts.filter((account) => has(account, new Set(['administrator'])));
  const about = (account: AccountFacts, finding: Omit<Finding, 'subject'>): Finding => ({
    ...finding,
    subject: { type: 'account', id: account.id },
  });
  const everywhere = facts.accounts.filter(
    ({ homeStoreId, grants }) =>
      homeStoreId !== null &&
      grants.some(({ roleId, storeId }) => storeId === null && !COMPANY_WIDE.has(codes.get(roleId) ?? '')),
  );
  return [
    ...facts.accounts.filter(({ left }) => left).map((one) => about(one, { kind: 'left', tone: 'bad' })),
    ...administrators
      .filter(({ hasPassword, hasSecondFactor }) => hasPassword && !hasSecondFactor)
      .map((one) => about(one, { kind: 'secondFactor', tone: 'bad' })),
    ...(administrators.length > ENOUGH_ADMINISTRATORS
      ? administrators.map((one) => about(one, { kind: 'administrators', tone: 'hold', count: administrators.length }))
      : []),
    ...facts.accounts.flatMap((one) =>
      conflictsAcrossRoles(one.grants, facts.permissions, (id) => ALL_POWERFUL.has(codes.get(id) ?? '')).map(
        (conflict) => about(one, { kind: 'conflict', tone: 'hold', conflict }),
      ),
    ),
    ...everywhere.map((one) => about(one, { kind: 'everywhere', tone: 'hold' })),
    ...facts.accounts.flatMap((one) => unusedFinding(one, facts).map((finding) => about(one, finding))),
    ...conflictsInRoles(facts),
    ...facts.accounts.flatMap((one) => {
      const ends = one.grants.flatMap(({ endsAt }) => endsAt ?? []);
      return ends.length === 0 ? [] : [about(one, { kind: 'temporary', tone: 'way', endsAt: Math.min(...ends) })];
    }),
  ];
}

function unusedFinding(
  { lastSignInAt, createdAt }: AccountFacts,
  { now, unusedDays }: Facts,
): Omit<Finding, 'subject'>[] {
  const days = Math.floor((now - (lastSignInAt ?? createdAt)) / DAY_MS);
  return days < unusedDays ? [] : [{ kind: lastSignInAt === null ? 'neverUsed' : 'unused', tone: 'hold', count: days }];
}

/** A pair inside one role is said once, of the role, and not of everybody who has it. */
function conflictsInRoles({ roles, permissions, accounts }: Facts): Finding[] {
  return roles
    .filter(({ code }) => !ALL_POWERFUL.has(code))
    .sort((a, b) => Number(a.readyMade) - Number(b.readyMade))
    .flatMap(({ id, readyMade }): Finding[] => {
      const count = accounts.filter(({ grants }) => grants.some(({ roleId }) => roleId === id)).length;
      const held = permissions.get(id);
      if (count === 0 || !held) return [];
      return CONFLICTING_DUTIES.filter(({ pair }) => pair.every((one) => held.has(one))).map((conflict) => ({
        kind: 'roleConflict',
        tone: readyMade ? 'way' : 'hold',
        subject: { type: 'role', id },
        conflict,
        count,
      }));
    });
}

/** Pairs that come together only because somebody has two roles in the same store. */
function conflictsAcrossRoles(
  grants: readonly Grant[],
  permissions: RolePermissions,
  isExempt: (roleId: number) => boolean,
): ConflictingDuties[] {
  const counted = grants.filter(({ roleId }) => !isExempt(roleId));
  const gives = ({ roleId }: Grant, permission: string): boolean => permissions.get(roleId)?.has(permission) === true;
  const meet = (a: Grant, b: Grant): boolean => a.storeId === null || b.storeId === null || a.storeId === b.storeId;
  return CONFLICTING_DUTIES.filter(({ pair: [first, second] }) =>
    counted.some(
      (a) =>
        gives(a, first) && !gives(a, second) && counted.some((b) => gives(b, second) && !gives(b, first) && meet(a, b)),
    ),
  );
}
