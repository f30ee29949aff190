import { duplicateKey, sql } from '../database';
import { systemActor } from '../permissions';
import type { UnitOfWork } from '../unit-of-work';
import { jobLease } from './tables';

/** A lease ends by itself this long after its holder was last heard of. */
export const LEASE_MS = 60_000;
const RENEW_EVERY_MS = LEASE_MS / 3;

export interface Lease {
  /** False once another node took over (this one stood still for longer than a lease). */
  readonly held: boolean;
  release: () => Promise<void>;
}

const actor = systemActor('lease');

/**
 * Takes the lease of a name for one moment it is due at: granted to one caller over all nodes, and never again for the same
 * or an earlier moment. With `after` only when that is still the last one it was granted for. It is renewed until released.
 * Null when another has it or was there first.
 */
export async function takeLease(
  uow: UnitOfWork,
  name: string,
  owner: string,
  dueAt: number,
  after?: number,
): Promise<Lease | null> {
  const taken = await uow.run(actor, async (unit) => {
    const [row] = await unit.find(jobLease, { jobId: name });
    if (!row)
      try {
        await unit.insert(jobLease, [{ jobId: name, owner: null, leasedUntil: 0, lastDueAt: 0 }]);
      } catch (error) {
        if (!duplicateKey(error)) throw error;
      }
    const changed = await unit.execute(
      sql`UPDATE job_lease SET owner = ${owner}, leased_until = ${unit.now + LEASE_MS}, last_due_at = ${dueAt}
          WHERE job_id = ${name} AND last_due_at < ${dueAt} AND leased_until <= ${unit.now}
            AND ${after === undefined ? sql`1 = 1` : sql`last_due_at = ${after}`}`,
    );
    return changed === 1;
  });
  return taken ? hold(uow, name, owner) : null;
}

function hold(uow: UnitOfWork, name: string, owner: string): Lease {
  const state = { held: true };
  const renew = async (): Promise<void> => {
    try {
      const changed = await uow.run(actor, (unit) =>
        unit.execute(
          sql`UPDATE job_lease SET leased_until = ${unit.now + LEASE_MS} WHERE job_id = ${name} AND owner = ${owner}`,
        ),
      );
      if (changed === 0) state.held = false;
    } catch {
      // The database is away; the next renewal tries again, and without one the lease ends by itself.
    }
  };
  const timer = setInterval(() => void renew(), RENEW_EVERY_MS);
  timer.unref();
  return {
    get held() {
      return state.held;
    },
    release: async () => {
      clearInterval(timer);
      await uow.run(actor, (unit) =>
        unit.execute(
          sql`UPDATE job_lease SET leased_until = 0, owner = NULL WHERE job_id = ${name} AND owner = ${owner}`,
        ),
      );
    },
  };
}
