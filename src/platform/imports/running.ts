import { setImmediate as nextTurn } from 'node:timers/promises';
import { invalid } from '../../kernel';
import type { ImportProgress } from '../modules';

/** Work of one import in this process: how far it is, and whether somebody wants it to stop. */
interface Running {
  done: number;
  total: number;
  cancelled: boolean;
}

/** Runs that this process is working on. A run that says it is working but is not here was cut off by a restart. */
const running = new Map<number, Running>();

export const isWorking = ({ id }: { id: number }): boolean => running.has(id);

/** How far a run is, from memory: the transaction that writes cannot show its progress in the database before it ends. */
export const progressOf = (id: number): { done: number; total: number } | undefined => running.get(id);

/** Asks a run to stop; it does at its next step. False when it is not running here. */
export function askToStop(id: number): boolean {
  const run = running.get(id);
  if (run) run.cancelled = true;
  return run !== undefined;
}

/** Thrown out of the work when somebody asked it to stop: the transaction rolls back. */
export const CANCELLED = 'imports:error.cancelled';

const LONGEST_TURN_MS = 15;

/**
 * Registers a run and runs its work, which is given a function to call with its progress after each step. That function
 * lets waiting requests have their turn, and throws when the run is to stop.
 */
export async function track<T>(id: number, work: (onProgress: ImportProgress) => Promise<T>): Promise<T> {
  const run: Running = { done: 0, total: 0, cancelled: false };
  running.set(id, run);
  let turnAt = performance.now();
  try {
    return await work(async (done, total) => {
      run.done = done;
      run.total = total;
      if (performance.now() - turnAt > LONGEST_TURN_MS) {
        await nextTurn();
        turnAt = performance.now();
      }
      if (run.cancelled) throw invalid(CANCELLED);
    });
  } finally {
    running.delete(id);
  }
}
