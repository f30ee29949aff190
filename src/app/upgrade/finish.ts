import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { isDomainError } from '../../kernel';
import type { Config } from '../../platform/config';
import type { Installation } from '../../platform/release';
import { endWayBack } from './kept-data';
import { type Failure, type StepState, type UpgradeState, writeUpgrade } from './state';
import { steps } from './steps';
import { leadBack, stepsBack, undo } from './steps-back';
import { stepsOfFollower } from './steps-of-follower';
import { type Work, workFolder } from './work';

export interface UpgradeWatch {
  /** After each change of the state, when it is on the disk. */
  onState?: ((state: UpgradeState) => void) | undefined;
  /** What the step that runs is doing. */
  onSay?: ((what: string) => void) | undefined;
}

export function workOf(
  config: Config,
  installation: Installation,
  state: UpgradeState,
  { onState, onSay }: UpgradeWatch,
): Work {
  return {
    config,
    installation,
    state,
    save: () => {
      writeUpgrade(config, state);
      onState?.(state);
    },
    say: (what) => onSay?.(what),
  };
}

/** The link leads to the new version: it is looked at, and opened. */
export async function finishForward(work: Work): Promise<void> {
  for (const id of ['start', 'open'] as const) await runStep(work, id, steps[id]);
  end(work, 'done', null);
  await forgetOldVersions(work);
}

/** The old version and the old data, because of a failure or an interruption. */
export async function fallBack(work: Work, cause: unknown): Promise<void> {
  try {
    work.state.failure = failureOf(cause);
    await undo(work);
  } catch (error) {
    return end(work, 'stuck', failureOf(error));
  }
  end(work, 'rolled-back', work.state.failure);
  // It is in force again.
  await endWayBack(work.config);
}

/** A machine that follows: the link leads to the new version, which is looked at. */
export async function finishFollowing(work: Work): Promise<void> {
  await runStep(work, 'start', stepsOfFollower.start);
  end(work, 'done', null);
  await forgetOldVersions(work);
}

/** The program before, because the new one does not come up here; the database is that of the new one all the same. */
export async function fallBackAlone(work: Work, cause: unknown): Promise<void> {
  await leadBack(work);
  end(work, 'rolled-back', failureOf(cause));
}

/** From here there is only one way: back. */
export async function finishBack(work: Work): Promise<void> {
  const { state } = work;
  try {
    for (const id of ['restore', 'switch', 'start', 'open'] as const) await runStep(work, id, stepsBack[id]);
    end(work, 'rolled-back', null);
    // It is in force again; what was given up for it stays with its key.
    await rm(workFolder(work.config, 'before'), { recursive: true, force: true });
  } catch (error) {
    state.child = null;
    end(work, 'stuck', failureOf(error));
  }
}

export async function runStep(
  work: Work,
  id: StepState['id'],
  run: (work: Work) => Promise<StepState['found']>,
): Promise<void> {
  const step = work.state.steps.find((one) => one.id === id);
  if (!step) return;
  Object.assign(step, { state: 'running', startedAt: Date.now() });
  work.save();
  try {
    const found = await run(work);
    Object.assign(step, { state: 'done', finishedAt: Date.now(), ...(found && { found }) });
  } catch (error) {
    Object.assign(step, { state: 'failed', finishedAt: Date.now() });
    work.save();
    throw error;
  }
  work.save();
}

export function end(work: Work, outcome: UpgradeState['outcome'], failure: Failure | null): void {
  Object.assign(work.state, { outcome, failure, finishedAt: Date.now(), child: null });
  work.save();
}

/** Nothing of an upgrade that changed nothing stays, and the way back from the one before has ended with it. */
export async function tidyAll(work: Pick<Work, 'config' | 'installation'>): Promise<void> {
  await tidy(work);
  await endWayBack(work.config);
}

/** Nothing of a rehearsal or of a package that was refused stays. */
async function tidy({ config, installation }: Pick<Work, 'config' | 'installation'>): Promise<void> {
  for (const name of ['backup', 'rehearsal', 'program'])
    await rm(workFolder(config, name), { recursive: true, force: true });
  await rm(path.join(installation.versions, '.new'), { recursive: true, force: true });
}

/** The version in force and the one before it stay. */
async function forgetOldVersions(work: Work): Promise<void> {
  const { state, installation } = work;
  await tidy(work);
  for (const name of readdirSync(installation.versions))
    if (name !== state.to && name !== state.from)
      await rm(path.join(installation.versions, name), { recursive: true, force: true });
}

export function failureOf(error: unknown): Failure {
  if (isDomainError(error)) {
    const details = Object.entries(error.details).map(([key, value]) => [
      key,
      typeof value === 'number' ? value : String(value),
    ]);
    return { code: error.code, details: Object.fromEntries(details) as Failure['details'] };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'upgrade:error.defect', details: { message } };
}
