import { constants, existsSync, statSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { DomainError } from '../../kernel';
import { type CheckOutcome, type Text, text } from '../../platform/checks';

import { embeddedFile } from '../../platform/database';
import { createScratchDatabase } from '../../platform/database/probe';
import { pointLink, programOf, sumOf, verifyRelease, versionOfLink } from '../../platform/release';
import { compareVersions } from './compare-versions';
import { type Figures, firstDifference } from './figures';
import { refusePackage } from './package-rules';
import { endWayBack, keep, putBackData } from './kept-data';
import type { OwnCopy } from './own-copy';
import { mayWrite, placeCheck, spaceCheck } from './preconditions';
import { keyOption, makeWayBackKey } from './way-back-key';
import type { SeenDatabase } from './follow';
import type { BackId, FOLLOW_IDS, StepId } from './state';
import { makeWorkFolder, newProgram, part, type Work, workFolder } from './work';

export type Step = (work: Work) => Promise<Text | undefined>;

const MB = 1024 * 1024;

/** Every step may be interrupted and begun again; what an interruption leads to is in docs/decisions/0020-upgrade.md. */
export const steps: Readonly<Record<StepId, Step>> = {
  /** Nothing of the package runs before list and signature were checked, and what runs is the copy that was compared. */
  package: async (work) => {
    const { state, config } = work;
    const { file } = state.package;
    const report = await verifyRelease(file);
    state.package.signature = report.signature;
    refusePackage(report, state.package.unsignedAllowed);
    const staged = stagedFile(work);
    await mkdir(path.dirname(staged), { recursive: true, mode: 0o755 });
    await rm(staged, { force: true });
    const sha256 = await sumOf(file, 'sha256');
    await copyFile(file, staged, constants.COPYFILE_FICLONE);
    await chmod(staged, 0o755);
    if ((await sumOf(staged, 'sha256')) !== sha256)
      throw new DomainError('upgrade:error.changed_meanwhile', { details: { file } });
    state.package.sha256 = sha256;
    const said = await part<{ version: string; notes: Record<string, string> }>(work, staged, 'describe');
    if (!/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(said.version))
      throw new DomainError('upgrade:error.version', { details: { version: said.version } });
    if (compareVersions(said.version, state.from) <= 0)
      throw new DomainError('upgrade:error.not_newer', {
        status: 409,
        details: { version: said.version, current: state.from },
      });
    state.to = said.version;
    state.notes = said.notes;
    state.programs.new = staged;
    for (const name of ['backup', 'rehearsal']) await rm(workFolder(config, name), { recursive: true, force: true });
    await endWayBack(config);
    return text('upgrade:found.package', { version: said.version, signature: report.signature.keyId ?? '–' });
  },

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

  /** On a copy that nothing else knows: no job runs and nothing is sent out, because no server serves it. */
  rehearsal: async (work) => {
    const { state, config } = work;
    const { old } = state.programs;
    const next = newProgram(state);
    const startedAt = Date.now();
    const [file] = await readdir(workFolder(config, 'backup'));
    const scratch = await openScratch(work);
    try {
      const at = ['--url', scratch.url];
      const backup = path.join(workFolder(config, 'backup'), file ?? '');
      const { rows } = await part<{ rows: number }>(work, old, 'restore', [
        ...at,
        '--file',
        backup,
        ...keyOption(config),
      ]);
      const before = (await part<{ figures: Figures }>(work, old, 'figures', at)).figures;
      const { steps: migratedSteps } = await part<{ steps: number }>(work, next, 'migrate', at);
      const after = (await part<{ figures: Figures }>(work, next, 'figures', at)).figures;
      refuseDifference(before, after);
      await part(work, next, 'accept', [...at, '--data-dir', workFolder(config, 'rehearsal')]);
      const selfTest = await part<{ passed: boolean; steps: number }>(work, next, 'selftest');
      if (!selfTest.passed) throw new DomainError('upgrade:error.selftest');
      const ms = Date.now() - startedAt;
      const { sameKind } = scratch;
      state.rehearsal = {
        rows,
        migratedSteps,
        before,
        after,
        sameKind,
        selfTest: { ok: true, steps: selfTest.steps },
        ms,
      };
      return text(sameKind ? 'upgrade:found.rehearsal' : 'upgrade:found.rehearsalEmbedded', {
        rows,
        steps: migratedSteps,
        seconds: Math.ceil(ms / 1000),
      });
    } finally {
      await scratch.remove();
    }
  },

  place: async (work) => {
    const { state, installation } = work;
    const target = programOf(installation, state.to ?? '');
    const staged = stagedFile(work);
    if (existsSync(staged)) {
      await mkdir(path.dirname(target), { recursive: true, mode: 0o755 });
      await rename(staged, target);
      await rm(path.dirname(staged), { recursive: true, force: true });
    }
    state.programs.new = target;
    return text('upgrade:found.place', { folder: path.dirname(target) });
  },

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
async function look(work: Work, program: string, own: CheckOutcome[]): Promise<Text> {
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

/** Whether another machine has brought the database to the new version: then there is nothing to keep, migrate or go back to here. */
export async function isFollower(work: Work): Promise<boolean> {
  const { state } = work;
  const { seen } = await part<{ seen: SeenDatabase | null }>(work, newProgram(state), 'database');
  if (!seen) return false;
  if (seen.upgrading !== null) throw new DomainError('upgrade:error.elsewhere', { status: 409 });
  if (seen.state === 'newer') throw new DomainError('upgrade:error.newer_schema', { status: 409 });
  if (seen.state !== 'current') return false;
  if (seen.recorded) return true;
  const { seen: before } = await part<{ seen: SeenDatabase | null }>(work, state.programs.old, 'database');
  return before?.state === 'newer';
}

/** The steps of a machine that follows; what they share with an upgrade is the same. */
export const stepsOfFollower: Readonly<Record<Exclude<(typeof FOLLOW_IDS)[number], 'package'>, Step>> = {
  checks: (work) => look(work, newProgram(work.state), [placeCheck(work)]),
  place: (work) => steps.place(work),
  switch: (work) => steps.switch(work),
  start: (work) => steps.start(work),
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

/** Servers may go on with the version in force, as if nothing had been wanted. */
export async function openOnly(work: Work): Promise<void> {
  await openAgain(work, newProgram(work.state), 'done');
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

async function openAgain(work: Work, program: string, outcome: string): Promise<{ at: number; others?: string[] }> {
  const { id, from, to, byName, package: given } = work.state;
  const unsigned =
    given.unsignedAllowed && given.signature?.state !== 'release' && given.signature?.state !== 'development';
  const args = ['--token', id, '--from', from, '--to', to ?? '', '--by', byName, '--outcome', outcome];
  return part<{ at: number; others?: string[] }>(work, program, 'open', [...args, ...(unsigned ? ['--unsigned'] : [])]);
}

function refuseDifference(before: Figures, after: Figures): void {
  const found = firstDifference(before, after);
  if (found) throw new DomainError('upgrade:error.differs', { details: found });
}

/** Beside the versions where that may be written; a copy that is only tried out lies in the data folder. */
function stagedFile({ installation, config }: Work): string {
  const folder = mayWrite(installation.versions)
    ? path.join(installation.versions, '.new')
    : workFolder(config, 'program');
  return path.join(folder, path.basename(programOf(installation, '')));
}

async function openScratch(work: Work): Promise<{ url: string; sameKind: boolean; remove: () => Promise<void> }> {
  const { config, state, save } = work;
  const folder = workFolder(config, 'rehearsal');
  await rm(folder, { recursive: true, force: true });
  makeWorkFolder(config, 'rehearsal');
  const removeFolder = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const embedded = embeddedFile(config.database.url) !== undefined;
  // An account that may not make databases still gets its rehearsal, on another kind; the report says so.
  const made = embedded ? undefined : await createScratchDatabase(config.database.url).catch(() => undefined);
  if (!made)
    return { url: `sqlite:${path.join(folder, 'rehearsal.sqlite')}`, sameKind: embedded, remove: removeFolder };
  state.scratch = made.name;
  save();
  return {
    url: made.url,
    sameKind: true,
    remove: async () => {
      await made.drop();
      state.scratch = null;
      save();
      await removeFolder();
    },
  };
}
