import { type Check, type CheckOutcome, type CheckResult, hostFacts, runChecks, text } from '../../platform/checks';
import type { Config } from '../../platform/config';
import { openDatabase, sql } from '../../platform/database';
import { allTables } from '../all-tables';
import { productChecks, type ProductContext } from '../checks';
import { liveServers } from '../maintenance';

const of = (id: string, run: Check<ProductContext>['run']): Check<ProductContext> => ({
  id: `upgrade.${id}`,
  category: 'jobs',
  title: text(`upgrade:check.${id}.title`),
  required: text(`upgrade:check.${id}.required`),
  run,
});

const shifts = of('shifts', async ({ database }): Promise<CheckResult> => {
  const row = await database.read.one<{ total: number }>(
    sql`SELECT COUNT(*) AS total FROM shift WHERE open_register_id IS NOT NULL`,
  );
  const count = Number(row?.total ?? 0);
  if (count === 0) return { status: 'ok', found: text('upgrade:check.shifts.none') };
  return {
    status: 'warn',
    found: text('upgrade:check.shifts.found', { count }),
    remedy: [text('upgrade:check.shifts.remedy')],
  };
});

const jobs = of('jobs', async ({ database, now }): Promise<CheckResult> => {
  const rows = await database.read.all<{ jobId: string }>(
    sql`SELECT job_id FROM job_lease WHERE leased_until > ${now} ORDER BY job_id`,
  );
  const ids = rows.map(({ jobId }) => jobId).filter((id) => id !== 'platform.outbox');
  if (ids.length === 0) return { status: 'ok', found: text('upgrade:check.jobs.none') };
  return {
    status: 'warn',
    found: text('upgrade:check.jobs.found', { jobs: ids.join(', ') }),
    remedy: [text('upgrade:check.jobs.remedy')],
  };
});

const servers = of('servers', async ({ database, now }): Promise<CheckResult> => {
  const live = await liveServers(database.read, now);
  return {
    status: 'ok',
    found: text(live.length === 0 ? 'upgrade:check.servers.none' : 'upgrade:check.servers.found', {
      servers: live.map(({ node, program }) => `${node} (${program})`).join(', '),
    }),
  };
});

/** Of the doctor's checks only these stop an upgrade; the others are told. */
const MUST = new Set(['schema.state', 'database.integrity']);

/** What the version in force finds before it gives way. */
export async function preflight(config: Config): Promise<CheckOutcome[]> {
  const database = await openDatabase(config.database.url, { poolSize: 2, tables: allTables, readOnly: true });
  try {
    const context: ProductContext = { config, facts: hostFacts, database, now: Date.now() };
    // The books are compared figure by figure.
    const wanted = productChecks.filter(({ category }) => category !== 'ledger' && category !== 'permissions');
    const { checks } = await runChecks([...wanted, shifts, jobs, servers], context);
    return checks.map((check) =>
      check.status === 'fail' && !MUST.has(check.id) ? { ...check, status: 'warn' as const } : check,
    );
  } finally {
    await database.close();
  }
}
