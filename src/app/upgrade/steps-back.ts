import { statSync } from 'node:fs';
import path from 'node:path';
import { text } from '../../platform/checks';
import { pointLink, versionOfLink } from '../../platform/release';
import { keep, putBackData } from './kept-data';
import { openAgain } from './reopen';
import type { BackId } from './state';
import { MB, newProgram, part, type Step, type Work } from './work';

/** The way back: from `new`, which is in force, to `old`. */
export const stepsBack: Readonly<Record<BackId, Step>> = {
  close: async (work) => {
    const { servers } = await part<{ servers: string[] }>(work, newProgram(work.state), 'close', [
      '--token',
      work.state.id,
    ]);
    return text('upgrade:found.close', { count: servers.length });
  },
  /** What is going to be given up is kept as well. */
  keep: async (work) => {
    const { file } = await keep(work, newProgram(work.state), 'given-up');
    return text('upgrade:found.keep', { mb: Math.ceil(statSync(file).size / MB) });
  },
  restore: async (work) => {
    work.state.touched = true;
    work.save();
    await putBackData(work);
    return undefined;
  },
  switch: async ({ state, installation }) => {
    await pointLink(installation.current, path.dirname(state.programs.old));
    return text('upgrade:found.switch', { version: state.from });
  },
  start: async (work) => {
    const { findings } = await part<{ findings: number }>(work, work.state.programs.old, 'accept');
    return text('upgrade:found.start', { count: findings });
  },
  open: async (work) => {
    await openAgain(work, work.state.programs.old, 'back');
    return undefined;
  },
};

/** The program before takes the place again; nothing of the data was changed. */
export async function leadBack({ state, installation }: Work): Promise<void> {
  if (versionOfLink(installation) !== state.from)
    await pointLink(installation.current, path.dirname(state.programs.old));
}

/** What people have done since a moment, by the version in force. Called while nobody can work. */
export async function writesSince(work: Work, since: number): Promise<{ action: string; count: number }[]> {
  const { lost } = await part<{ lost: { action: string; count: number }[] }>(work, newProgram(work.state), 'writes', [
    '--since',
    String(since),
  ]);
  return lost;
}

/** The old program and the old data; may be done again after an interruption at any point. */
export async function undo(work: Work): Promise<void> {
  const { state, installation } = work;
  state.undoing = true;
  work.save();
  if (versionOfLink(installation) !== path.basename(path.dirname(state.programs.old)))
    await pointLink(installation.current, path.dirname(state.programs.old));
  if (state.touched && state.kept) await putBackData(work);
  await openAgain(work, state.programs.old, 'rolled-back');
}
