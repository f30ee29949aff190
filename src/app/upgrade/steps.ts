import { statSync } from 'node:fs';
import path from 'node:path';
import { DomainError } from '../../kernel';
import { type CheckOutcome, type Text, text } from '../../platform/checks';
import { pointLink } from '../../platform/release';
import { type Figures, refuseDifference } from './figures';
import { keep } from './kept-data';
import type { OwnCopy } from './own-copy';
import { placeCheck, spaceCheck } from './preconditions';
import { rehearse } from './rehearse';
import { openAgain } from './reopen';
import { placeProgram, stagePackage } from './stage';
import type { StepId } from './state';
import { keyOption, makeWayBackKey } from './way-back-key';
import { makeWorkFolder, MB, newProgram, part, type Step, type Work } from './work';

/** Every step may be interrupted and begun again; what an interruption leads to is in docs/decisions/0020-upgrade.md. */
export const steps: Readonly<Record<StepId, Step>> = {
  package: stagePackage,

  checks: async (work) => {
    const { state, config } = work;
    const own = [await spaceCheck(config), ...(state.rehearseOnly ? [] : [placeCheck(work)])];
    return look(work, state.programs.old, own);
  },

  backup: async (work) => {
    const folder = makeWorkFolder(work.config, 'backup');
    await makeWayBackKey(work.config);
    const wanted = ['--folder', folder, ...keyOption(work.config), '--send'];
    return saidOf(await part<BackupMade>(work, work.state.programs.old, 'backup', wanted));
  },

  rehearsal: rehearse,

  place: placeProgram,

  close: async (work) => {
    const { servers } = await part<{ servers: string[] }>(work, work.state.programs.old, 'close', [
      '--token',
      work.state.id,
    ]);
    return text('upgrade:found.close', { count: servers.length });
  },

  keep: async (work) => {
    const { state } = work;
    state.kept = await keep(work, state.programs.old, 'before');
    const { figures } = await part<{ figures: Figures }>(work, state.programs.old, 'figures');
    state.figures = figures;
    return text('upgrade:found.keep', { mb: Math.ceil(statSync(state.kept.file).size / MB) });
  },

  migrate: async (work) => {
    const { state } = work;
    state.touched = true;
    work.save();
    const { steps: done } = await part<{ steps: number }>(work, newProgram(state), 'migrate');
    return text('upgrade:found.migrate', { steps: done });
  },

  compare: async (work) => {
    const { state } = work;
    const { figures } = await part<{ figures: Figures }>(work, newProgram(state), 'figures');
    if (state.figures) refuseDifference(state.figures, figures);
    const { books, totals } = figures;
    return text('upgrade:found.compare', { checks: books.length, totals: Object.keys(totals).length });
  },

  switch: async ({ state, installation }) => {
    await pointLink(installation.current, path.dirname(newProgram(state)));
    return text('upgrade:found.switch', { version: state.to ?? '' });
  },

  start: async (work) => {
    const { findings } = await part<{ findings: number }>(work, newProgram(work.state), 'accept');
    return text('upgrade:found.start', { count: findings });
  },

  open: async (work) => {
    const { at, others = [] } = await openAgain(work, newProgram(work.state), 'done');
    work.state.openedAt = at;
    return others.length === 0 ? undefined : text('upgrade:found.openOthers', { servers: others.join(', ') });
  },
};

/** What a version finds before it gives way, or before it takes its place; a failed check stops. */
export async function look(work: Work, program: string, own: CheckOutcome[]): Promise<Text> {
  const { state } = work;
  const { checks } = await part<{ checks: CheckOutcome[] }>(work, program, 'preflight');
  state.checks = [...own, ...checks];
  const failed = state.checks.filter(({ status }) => status === 'fail');
  if (failed[0])
    throw new DomainError('upgrade:error.check', {
      status: 409,
      details: { ids: failed.map(({ id }) => id).join(', ') },
    });
  const warned = state.checks.filter(({ status }) => status === 'warn').length;
  return text('upgrade:found.checks', { count: state.checks.length, warned });
}

/** An earlier version tells nothing of places: it sends to none. */
type BackupMade = Pick<OwnCopy, 'bytes' | 'rows'> & Partial<Pick<OwnCopy, 'targets'>>;

function saidOf({ bytes, rows, targets }: BackupMade): Text {
  const values = { rows, mb: Math.ceil(bytes / MB) };
  const named = (wanted: boolean): string =>
    (targets ?? [])
      .filter(({ ok }) => ok === wanted)
      .map(({ target }) => target)
      .join(', ');
  const [sent, failed] = [named(true), named(false)];
  if (failed !== '') return text('upgrade:found.backupPartly', { ...values, sent: sent || '–', failed });
  return sent === '' ? text('upgrade:found.backup', values) : text('upgrade:found.backupSent', { ...values, sent });
}
