import { sealAudit } from '../../platform/audit';
import { sql } from '../../platform/database';
import type { Job } from '../../platform/modules';

const DAY_MS = 86_400_000;
/** A request that is repeated later than this is a new one. */
const OPERATIONS_KEPT_MS = 30 * DAY_MS;
const EVENTS_KEPT_MS = 30 * DAY_MS;
const JOB_RUNS_KEPT_MS = 180 * DAY_MS;

/** What the platform does for itself. */
export const systemJobs: readonly Job[] = [
  { id: 'system.seal-audit', schedule: '*/2 * * * *', run: async (services) => void (await sealAudit(services)) },
  {
    id: 'system.seal-audit-fully',
    schedule: '40 3 * * *',
    run: async (services) => void (await sealAudit(services, { full: true })),
  },
  {
    id: 'system.clear-away',
    schedule: '17 * * * *',
    run: async ({ uow }, actor) => {
      // Each in a unit of its own, so that nobody waits for all of them together.
      const clear = (statement: (now: number) => ReturnType<typeof sql>) =>
        uow.run(actor, (unit) => unit.execute(statement(unit.now)));
      await clear((now) => sql`DELETE FROM session WHERE expires_at <= ${now}`);
      await clear((now) => sql`DELETE FROM one_time_link WHERE expires_at <= ${now - 30 * DAY_MS}`);
      await clear((now) => sql`DELETE FROM operation WHERE created_at <= ${now - OPERATIONS_KEPT_MS}`);
      await clear((now) => sql`DELETE FROM outbox_event WHERE delivered_at <= ${now - EVENTS_KEPT_MS}`);
      await clear((now) => sql`DELETE FROM job_run WHERE started_at <= ${now - JOB_RUNS_KEPT_MS}`);
    },
  },
];
