import { fromInstant, isDomainError } from '../../kernel';
import { customer } from '../../modules/crm';
import { type Reader, type Sql, sql } from '../../platform/database';
import { type Actor, authoriseEverywhere, systemActor } from '../../platform/permissions';
import { retentionRules, type RetentionRules } from '../../platform/retention';
import type { Services } from '../../platform/services';
import { type StartedUpkeep, startUpkeep } from '../../platform/upkeep';
import type { UnitOfWork } from '../../platform/unit-of-work';
import { erasePerson, openWith } from '../privacy/person';

export const RETENTION_MANAGE = 'system.retention.manage';

export type DataSet = keyof RetentionRules;

const DAY_MS = 24 * 3_600_000;
const YEAR_MS = 365.25 * DAY_MS;
/** Customers that one run erases: the rest follows the next night. */
const MOST_CUSTOMERS = 500;

/** Rows of one kind that are older than an instant: what goes, by which condition. */
const TABLES: Readonly<
  Record<Exclude<DataSet, 'customers'>, readonly { table: string; old: (before: number) => Sql }[]>
> = {
  operations: [{ table: 'operation', old: (before) => sql`created_at < ${before}` }],
  events: [{ table: 'outbox_event', old: (before) => sql`delivered_at < ${before}` }],
  jobs: [{ table: 'job_run', old: (before) => sql`started_at < ${before}` }],
  notifications: [{ table: 'notification', old: (before) => sql`created_at < ${before} AND state <> ${'waiting'}` }],
  runs: [
    { table: 'backup_run', old: (before) => sql`finished_at < ${before}` },
    { table: 'upkeep_run', old: (before) => sql`finished_at < ${before}` },
  ],
  drafts: [{ table: 'held_sale', old: (before) => sql`held_at < ${before}` }],
};

export const DATA_SETS: readonly DataSet[] = [...(Object.keys(TABLES) as Exclude<DataSet, 'customers'>[]), 'customers'];

/** What is older than this goes; null: nothing does. Epoch milliseconds. */
export function limitOf(set: DataSet, rules: RetentionRules, now: number): number | null {
  if (set === 'customers') return rules.customers === 0 ? null : now - rules.customers * YEAR_MS;
  return now - rules[set] * DAY_MS;
}

export interface Due {
  set: DataSet;
  before: number | null;
  /** Rows that would go now. Customers with something open are among them and stay. */
  count: number;
}

/** What the rules would take away now. */
export async function dueNow(read: Reader, rules: RetentionRules, now: number): Promise<Due[]> {
  const due: Due[] = [];
  for (const set of DATA_SETS) {
    const before = limitOf(set, rules, now);
    let count = 0;
    if (before !== null)
      for (const { table, where } of conditionsOf(set, before)) {
        const row = await read.one<{ due: number }>(
          sql`SELECT COUNT(*) AS due FROM ${sql.identifier(table)} WHERE ${where}`,
        );
        count += Number(row?.due ?? 0);
      }
    due.push({ set, before, count });
  }
  return due;
}

/** What other rules would take away that those in force do not; counted as a whole, with what goes anyway. */
export async function dueEarlier(read: Reader, rules: RetentionRules, now: number): Promise<Due[]> {
  const { rules: inForce } = await retentionRules(read);
  const before = new Map((await dueNow(read, inForce, now)).map(({ set, count }) => [set, count]));
  return (await dueNow(read, rules, now)).filter(({ set, count }) => count > (before.get(set) ?? 0));
}

function conditionsOf(set: DataSet, before: number): { table: string; where: Sql }[] {
  if (set === 'customers') return [{ table: 'customer', where: unseen(before) }];
  return TABLES[set].map(({ table, old }) => ({ table, where: old(before) }));
}

/** Customers that were made before an instant and have bought nothing since. */
const unseen = (before: number): Sql =>
  sql`customer.erased_at IS NULL AND customer.updated_at < ${before} AND NOT EXISTS
      (SELECT 1 FROM sale WHERE sale.customer_id = customer.id AND sale.sold_at >= ${before})`;

type RetentionServices = Pick<Services, 'uow' | 'database' | 'keys' | 'clock' | 'log' | 'timeZone'>;

/** Takes away what the rules say, in the background; what went is kept in the audit log. */
export async function startRetention(services: RetentionServices, actor: Actor): Promise<StartedUpkeep> {
  authoriseEverywhere(actor, RETENTION_MANAGE);
  return startUpkeep(services, actor, 'retention', async (progress) => {
    const { rules } = await retentionRules(services.database.read);
    const now = services.clock();
    const total = (await dueNow(services.database.read, rules, now)).reduce((sum, { count }) => sum + count, 0);
    const removed: Partial<Record<DataSet, number>> = {};
    let done = 0;
    for (const set of DATA_SETS) {
      const before = limitOf(set, rules, now);
      if (before === null) continue;
      const count =
        set === 'customers'
          ? await eraseCustomers(services, actor, before)
          : await removeRows(services.uow, actor, set, before);
      if (count > 0) removed[set] = count;
      done += count;
      await progress(done, Math.max(total, done));
    }
    if (done > 0)
      await services.uow.run(actor, (unit) => unit.audit({ action: 'system.retention.run', detail: removed }));
    return { ...removed, done };
  });
}

async function removeRows(
  uow: UnitOfWork,
  actor: Actor,
  set: Exclude<DataSet, 'customers'>,
  before: number,
): Promise<number> {
  let count = 0;
  for (const { table, old } of TABLES[set])
    count += await uow.run(actor, (unit) =>
      unit.execute(sql`DELETE FROM ${sql.identifier(table)} WHERE ${old(before)}`),
    );
  return count;
}

/** Customers with something open stay, and are looked at again the next night. */
async function eraseCustomers(services: RetentionServices, actor: Actor, before: number): Promise<number> {
  const { database, timeZone, clock } = services;
  const rows = await database.read.all<{ id: number }>(
    sql`SELECT id FROM customer WHERE ${unseen(before)} ORDER BY id ${sql.limit(MOST_CUSTOMERS)}`,
  );
  const today = fromInstant(clock(), timeZone);
  let count = 0;
  for (const { id } of rows) {
    if ((await openWith(database.read, Number(id), today)).length > 0) continue;
    const row = await database.read.get(customer, Number(id));
    if (!row) continue;
    try {
      await erasePerson(services, actor, { customerId: row.id, reason: 'retention', typedCode: row.code });
      count += 1;
    } catch (error) {
      // Somebody sold them something a moment ago.
      if (!isDomainError(error)) throw error;
    }
  }
  return count;
}

/** The nightly run, as a job: its end is the end of the work. */
export async function retentionJob(services: RetentionServices): Promise<void> {
  const { over } = await startRetention(services, systemActor('retention'));
  const row = await over;
  if (row.state !== 'ok') throw new Error(row.failure ?? 'retention failed');
}
