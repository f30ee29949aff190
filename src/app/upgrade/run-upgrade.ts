import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { DomainError } from '../../kernel';
import { type Config, loadConfig } from '../../platform/config';
import { Locked, takeLock } from '../../platform/files';
import { type Installation, installationAt, programOf, versionOfLink } from '../../platform/release';
import {
  end,
  failureOf,
  fallBack,
  fallBackAlone,
  finishBack,
  finishFollowing,
  finishForward,
  runStep,
  tidyAll,
  type UpgradeWatch,
  workOf,
} from './finish';
import type { SeenDatabase } from './follow';
import { openOnly } from './reopen';
import { settle } from './settle';
import {
  BACK_IDS,
  FOLLOW_IDS,
  lockFile,
  readUpgrade,
  STEP_IDS,
  type StepState,
  makeUpgradeFolder,
  type UpgradeState,
} from './state';
import { steps } from './steps';
import { stepsBack, writesSince } from './steps-back';
import { isFollower, stepsOfFollower } from './steps-of-follower';
import { part, type Work } from './work';

export interface UpgradeOptions extends UpgradeWatch {
  configFile: string;
  /** The new program: a file of a release folder. */
  file: string;
  rehearseOnly?: boolean;
  unsignedAllowed?: boolean;
  byName: string;
  /** Asked after the rehearsal, before anything changes. False ends it as rehearsed. */
  confirm?: ((state: UpgradeState) => Promise<boolean>) | undefined;
}

/**
 * The whole upgrade. Resolves with the state it ended in; what keeps it from beginning is thrown: 'upgrade:error.not_installed',
 * '.busy', and what an interrupted one could not be settled with.
 */
export async function runUpgrade(options: UpgradeOptions): Promise<UpgradeState> {
  const { configFile, config, installation } = open(options.configFile);
  return locked(config, async () => {
    await settle(config, options);
    const from = versionOfLink(installation) ?? '';
    const state: UpgradeState = {
      ...blank(configFile, options.byName),
      rehearseOnly: options.rehearseOnly === true,
      from,
      package: {
        file: path.resolve(options.file),
        sha256: null,
        signature: null,
        unsignedAllowed: options.unsignedAllowed === true,
      },
      programs: { old: programOf(installation, from), new: null },
      steps: STEP_IDS.slice(0, options.rehearseOnly ? STEP_IDS.indexOf('place') : undefined).map(waiting),
    };
    const work = workOf(config, installation, state, options);
    work.save();
    await forward(work, options);
    return state;
  });
}

/** Settles what an interruption left, and nothing more. Undefined: there was nothing. */
export async function settleNow(file: string, watch: UpgradeWatch): Promise<UpgradeState | undefined> {
  const { config } = open(file);
  return locked(config, () => settle(config, watch));
}

export interface RollbackOptions extends UpgradeWatch {
  configFile: string;
  byName: string;
  /** Told what people have done since; false: leave it. Called while nobody can work. */
  agree: (lost: readonly { action: string; count: number }[]) => Promise<boolean>;
}

/** Goes back to the version and the data before the last upgrade. Throws 'upgrade:error.nothing_to_take_back'. */
export async function rollBack(options: RollbackOptions): Promise<UpgradeState> {
  const { config, installation } = open(options.configFile);
  return locked(config, async () => {
    await settle(config, options);
    const last = readUpgrade(config);
    if (
      last?.direction !== 'up' ||
      last.outcome !== 'done' ||
      (!last.follow && (!last.kept || !existsSync(last.kept.file))) ||
      !existsSync(last.programs.old)
    )
      throw new DomainError('upgrade:error.nothing_to_take_back', { status: 409 });
    const state: UpgradeState = {
      ...last,
      id: randomUUID(),
      direction: 'back',
      byName: options.byName,
      startedAt: Date.now(),
      finishedAt: null,
      outcome: 'running',
      touched: false,
      undoing: false,
      steps: BACK_IDS.map(waiting),
    };
    const work = workOf(config, installation, state, options);
    if (state.follow) await leadBackAlone(work, last);
    else await takeBack(work, last, options);
    return state;
  });
}

async function takeBack(work: Work, last: UpgradeState, options: RollbackOptions): Promise<void> {
  const { state } = work;
  const giveUp = async (): Promise<void> => {
    await openOnly(work);
    Object.assign(state, last);
    work.save();
  };
  work.save();
  try {
    await runStep(work, 'close', stepsBack.close);
    const lost = await writesSince(work, last.openedAt ?? 0);
    if (lost.length > 0 && !(await options.agree(lost))) {
      await giveUp();
      throw new DomainError('upgrade:error.would_lose', { status: 409 });
    }
    await runStep(work, 'keep', stepsBack.keep);
  } catch (error) {
    if (state.direction === 'back') await giveUp();
    throw error;
  }
  await finishBack(work);
}

async function forward(work: Work, { confirm, rehearseOnly }: UpgradeOptions): Promise<void> {
  const { state } = work;
  try {
    await runStep(work, 'package', steps.package);
    if (await isFollower(work)) return await follow(work, rehearseOnly === true);
    for (const id of ['checks', 'backup', 'rehearsal'] as const) await runStep(work, id, steps[id]);
    if (rehearseOnly || (confirm && !(await confirm(state)))) {
      await tidyAll(work);
      return end(work, 'rehearsed', null);
    }
    await runStep(work, 'place', steps.place);
  } catch (error) {
    await tidyAll(work);
    return end(work, 'failed', failureOf(error));
  }
  try {
    for (const id of ['close', 'keep', 'migrate', 'compare', 'switch'] as const) await runStep(work, id, steps[id]);
    await finishForward(work);
  } catch (error) {
    await fallBack(work, error);
  }
}

/** Another machine has upgraded the database: here the program is exchanged, and nothing else. */
async function follow(work: Work, rehearseOnly: boolean): Promise<void> {
  const { state } = work;
  state.follow = true;
  const [first] = state.steps;
  state.steps = FOLLOW_IDS.slice(0, rehearseOnly ? 2 : undefined).map((id) =>
    id === 'package' && first ? first : waiting(id),
  );
  work.save();
  await runStep(work, 'checks', stepsOfFollower.checks);
  if (rehearseOnly) {
    await tidyAll(work);
    return end(work, 'rehearsed', null);
  }
  await runStep(work, 'place', stepsOfFollower.place);
  try {
    await runStep(work, 'switch', stepsOfFollower.switch);
    await finishFollowing(work);
  } catch (error) {
    await fallBackAlone(work, error);
  }
}

/** A machine that has followed goes back once the database is that of the version before again. */
async function leadBackAlone(work: Work, last: UpgradeState): Promise<void> {
  const { state } = work;
  const { seen } = await part<{ seen: SeenDatabase | null }>(work, state.programs.old, 'database');
  if (seen?.state !== 'current' || seen.upgrading !== null) {
    Object.assign(state, last);
    work.save();
    throw new DomainError('upgrade:error.follow_back', { status: 409, details: { version: state.from } });
  }
  state.steps = [waiting('switch')];
  work.save();
  await runStep(work, 'switch', stepsBack.switch);
  end(work, 'rolled-back', null);
}

const waiting = (id: StepState['id']): StepState => ({ id, state: 'waiting' });

function blank(configFile: string, byName: string): UpgradeState {
  return {
    format: 1,
    id: randomUUID(),
    direction: 'up',
    rehearseOnly: false,
    configFile,
    from: '',
    to: null,
    package: { file: '', sha256: null, signature: null, unsignedAllowed: false },
    programs: { old: '', new: null },
    byName,
    startedAt: Date.now(),
    finishedAt: null,
    outcome: 'running',
    failure: null,
    steps: [],
    child: null,
    scratch: null,
    checks: [],
    rehearsal: null,
    kept: null,
    touched: false,
    undoing: false,
    figures: null,
    openedAt: null,
    notes: {},
  };
}

function open(file: string): { configFile: string; config: Config; installation: Installation } {
  const configFile = path.resolve(file);
  const installation = installationAt(configFile);
  if (!installation)
    throw new DomainError('upgrade:error.not_installed', {
      status: 409,
      details: { folder: path.dirname(configFile) },
    });
  return { configFile, config: loadConfig({ file: configFile }), installation };
}

async function locked<T>(config: Config, work: () => Promise<T>): Promise<T> {
  makeUpgradeFolder(config);
  let lock: ReturnType<typeof takeLock>;
  try {
    lock = takeLock(lockFile(config));
  } catch (error) {
    if (error instanceof Locked) throw new DomainError('upgrade:error.busy', { status: 409 });
    throw error;
  }
  try {
    return await work();
  } finally {
    lock.release();
  }
}
