import type { Config } from '../../platform/config';
import { Locked, takeLock } from '../../platform/files';
import { endWayBack } from './kept-data';
import { lockFile, readUpgrade } from './state';

/** So long an upgrade can be taken back; by then the work of a month would be lost with it. */
const STANDS_MS = 30 * 86_400_000;

/** Destroys what an upgrade of this machine kept for its way back, once nobody would go it any more. */
export async function endOldWayBack(config: Config, now: number): Promise<void> {
  const state = readUpgrade(config);
  if (!state || state.outcome === 'running' || state.outcome === 'stuck') return;
  if ((state.finishedAt ?? now) > now - STANDS_MS) return;
  let lock: ReturnType<typeof takeLock>;
  try {
    lock = takeLock(lockFile(config));
  } catch (error) {
    // Another upgrade has begun.
    if (error instanceof Locked) return;
    throw error;
  }
  try {
    await endWayBack(config);
  } finally {
    lock.release();
  }
}
