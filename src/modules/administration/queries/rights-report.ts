import type { Reader } from '../../../platform/database';
import type { Actor } from '../../../platform/permissions';
import { staffByIds } from '../../organization';
import { type Finding, findingsOf } from '../domain/rights-findings';
import { readParameters } from './parameters';
import { type Account, activeAccounts, rolePermissions } from './rights';
import { listRoles } from './user-list';

export interface RightsReport {
  findings: Finding[];
  /** By id: those whom findings name. */
  accounts: ReadonlyMap<number, Account>;
}

/** What is doubtful about rights at `now` (epoch milliseconds): for the page, its export and doctor. */
export async function rightsReport(read: Reader, actor: Actor, now: number): Promise<RightsReport> {
  const permissions = await rolePermissions(read, actor);
  const accounts = await activeAccounts(read, actor, now);
  const [roles, { unusedAccountDays }] = await Promise.all([listRoles(read), readParameters(read)]);
  const people = await staffByIds(
    read,
    accounts.flatMap(({ staffId }) => (staffId === null ? [] : [staffId])),
  );
  const findings = findingsOf({
    roles,
    permissions,
    accounts: accounts.map((account) => {
      const person = account.staffId === null ? undefined : people.get(account.staffId);
      return { ...account, homeStoreId: person?.storeId ?? null, left: person?.active === false };
    }),
    now,
    unusedDays: unusedAccountDays,
  });
  return { findings, accounts: new Map(accounts.map((account) => [account.id, account])) };
}
