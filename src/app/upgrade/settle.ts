import { setTimeout as pause } from 'node:timers/promises';
import { DomainError } from '../../kernel';
import type { Config } from '../../platform/config';
import { isSameProcess, Locked, takeLock } from '../../platform/files';
import { installationAt, versionOfLink } from '../../platform/release';
import { version } from '../../platform/version';
import {
  end,
  fallBack,
  fallBackAlone,
  finishBack,
  finishFollowing,
  finishForward,
  tidyAll,
  type UpgradeWatch,
  workOf,
} from './finish';
import { openOnly } from './reopen';
import { FOLLOW_IDS, inProduction, lockFile, readUpgrade, STEP_IDS, type UpgradeState } from './state';
import type { Work } from './work';

/**
 * Brings what an interruption has left to one of two ends, and never between: the old version with the old data as long as the
 * link leads to it, the new version with the new data once it leads there. The caller holds the lock. Returns the state, undefined
 * when there was nothing to settle.
 */
export async function settle(config: Config, watch: UpgradeWatch = {}): Promise<UpgradeState | undefined> {
  const state = readUpgrade(config);
  if (!state || (state.outcome !== 'running' && state.outcome !== 'stuck')) return undefined;
  const installation = installationAt(state.configFile);
  if (!installation) throw new DomainError('upgrade:error.not_installed', { details: { folder: state.configFile } });
  await waitForEnd(state.child);
  const work = workOf(config, installation, state, watch);
  const interrupted = new DomainError('upgrade:error.interrupted');
  if (state.follow) await settleFollower(work, interrupted);
  else if (state.direction === 'back') await settleBack(work);
  else if (!inProduction(state)) {
    await tidyAll(work);
    end(work, 'failed', { code: interrupted.code, details: {} });
  } else if (!state.undoing && versionOfLink(installation) === state.to) {
    try {
      await finishForward(work);
    } catch (error) {
      await fallBack(work, error);
    }
  } else await fallBack(work, interrupted);
  return state;
}

/** The link decides, and nothing but the link was changed. */
async function settleFollower(work: Work, interrupted: DomainError): Promise<void> {
  const { state, installation } = work;
  const isThere = versionOfLink(installation) === state.to;
  try {
    if (isThere && state.direction === 'up') return await finishFollowing(work);
  } catch (error) {
    return fallBackAlone(work, error);
  }
  if (state.direction === 'back') {
    if (!isThere) return end(work, 'rolled-back', null);
    Object.assign(state, { direction: 'up', steps: FOLLOW_IDS.map((id) => ({ id, state: 'done' as const })) });
    return end(work, 'done', null);
  }
  await tidyAll(work);
  end(work, 'failed', { code: interrupted.code, details: {} });
}

/** Before the data are touched the newer version simply goes on; afterwards the way back is finished. */
async function settleBack(work: Work): Promise<void> {
  const { state } = work;
  const restore = state.steps.find(({ id }) => id === 'restore');
  if (restore && restore.state !== 'waiting') return finishBack(work);
  await openOnly(work);
  const steps = STEP_IDS.map((id) => ({ id, state: 'done' as const }));
  Object.assign(state, { direction: 'up', steps });
  end(work, 'done', null);
}

const END_MS = 30_000;

/** A part of the work that outlived whoever began it must not write while its work is taken back. */
async function waitForEnd(child: UpgradeState['child']): Promise<void> {
  if (!child || !isSameProcess(child)) return;
  process.kill(child.pid, 'SIGKILL');
  for (const until = Date.now() + END_MS; isSameProcess(child);) {
    if (Date.now() > until) throw new Error(`process ${child.pid} of an interrupted upgrade does not end`);
    await pause(20);
  }
}

/**
 * Before a server opens the database. `serve`: nothing is in the way; `wait`: an upgrade is at work and servers stand still;
 * `restart`: another version than this one is in force now. Throws 'upgrade:error.stuck'.
 */
export async function settleAtStart(config: Config): Promise<'serve' | 'wait' | 'restart'> {
  const state = readUpgrade(config);
  if (!state || (state.outcome !== 'running' && state.outcome !== 'stuck')) return 'serve';
  let lock: ReturnType<typeof takeLock>;
  try {
    lock = takeLock(lockFile(config));
  } catch (error) {
    if (error instanceof Locked) return inProduction(state) ? 'wait' : 'serve';
    throw error;
  }
  try {
    const settled = await settle(config);
    if (settled?.outcome === 'stuck')
      throw new DomainError('upgrade:error.stuck', { details: { reason: settled.failure?.code ?? '' } });
    const installation = installationAt(state.configFile);
    return installation && versionOfLink(installation) !== version ? 'restart' : 'serve';
  } finally {
    lock.release();
  }
}
