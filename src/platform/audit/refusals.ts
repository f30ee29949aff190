import { type Actor, systemActor } from '../permissions';
import type { Services } from '../services';

/** The action under which refusals stand in the audit log; detail: permission, times, route. */
export const REFUSED = 'auth.permission.refuse';

const EVERY_MS = 60_000;
/** Pairs of person and permission that are kept between two writes: somebody's script must not fill the memory. */
const MOST_KEPT = 1000;

/** A signed-in user was refused for lack of a permission. */
export interface Refusal {
  actor: Pick<Actor, 'userId' | 'name' | 'address' | 'requestId'>;
  permission: string;
  /** As it stands in the program, without what was in the address: `POST /sales/sales/:id/reversal`. */
  route: string;
}

export interface Refusals {
  /** Only counts; the request that was refused writes nothing. */
  note: (refusal: Refusal) => void;
  /** Writes what was counted: one entry for each person and permission. What could not be written is kept for the next time. */
  flush: () => Promise<void>;
}

interface Counted extends Refusal {
  times: number;
}

export function createRefusals({ uow, log }: Pick<Services, 'uow' | 'log'>): Refusals {
  let kept = new Map<string, Counted>();
  const add = (refusal: Refusal, times: number): void => {
    const key = `${refusal.actor.userId}/${refusal.permission}`;
    const before = kept.get(key);
    if (!before && kept.size >= MOST_KEPT) return;
    kept.set(key, { ...refusal, times: (before?.times ?? 0) + times });
  };
  return {
    note: (refusal) => add(refusal, 1),
    flush: async () => {
      const counted = [...kept.values()];
      kept = new Map();
      for (const [index, { actor, permission, route, times }] of counted.entries())
        try {
          const detail = { permission, times, route };
          await uow.run({ ...systemActor(actor.name), kind: 'user', ...actor, scope: () => [] }, (unit) =>
            unit.audit({ action: 'auth.permission.refuse', detail }),
          );
        } catch (error) {
          for (const left of counted.slice(index)) add(left, left.times);
          log.warn({ err: error }, 'refusals could not be written');
          return;
        }
    },
  };
}

/** Once a minute while the server runs, and once more when it stops. */
export function writeRefusals(refusals: Refusals): { stop: () => Promise<void> } {
  let pass: Promise<void> | null = null;
  const timer = setInterval(() => {
    pass ??= refusals.flush().finally(() => (pass = null));
  }, EVERY_MS);
  timer.unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await pass;
      await refusals.flush();
    },
  };
}
