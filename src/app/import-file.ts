import { createWriteStream } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { notFound } from '../kernel';
import { listStores } from '../modules/organization';
import { findUserByLogin, loadActor } from '../platform/auth';
import type { Translate } from '../platform/i18n';
import {
  applyImport,
  checkImport,
  importRun,
  type ImportRunRow,
  previewFile,
  progressOf,
  startImport,
  storedFile,
} from '../platform/imports';
import type { Importer } from '../platform/modules';
import type { Actor } from '../platform/permissions';
import type { Services } from '../platform/services';
import { readOff } from './module-store';
import { activeModules } from './module-switches';
import { modules } from './modules';
import { problemBook } from './system/imports/import-downloads';
import { importerWords } from './system/imports/importer-words';

export interface ImportFileCommand {
  importer: Importer;
  file: string;
  /** Login of who imports: their rights count, and the audit log names them. */
  login: string;
  /** Code of a store, for kinds that need one. */
  store: string | undefined;
  sheet: number | undefined;
  headerRow: number | undefined;
  /** Importer's column → name or number of the file's column, over what is found out. */
  mapping: Readonly<Record<string, string>>;
  dryRun: boolean;
}

export interface ImportFileResult {
  ok: boolean;
  runId: number;
  state: ImportRunRow['state'];
  rows: number;
  written: boolean;
  /** In words: what is (or would be) new or changed. */
  summary: { text: string; count: number }[];
  problemCount: number;
  /** The first hundred. */
  problems: { line: number; column: string | null; code: string; message: string }[];
  /** The rows that cannot be taken, with the reasons, beside the imported file. */
  problemFile: string | null;
  failure: string | null;
}

/** Column of the file that was named and is not there. */
export class UnknownColumn extends Error {
  override name = 'UnknownColumn';
}

/** The kinds of files that can be imported, of the modules that are on. */
export async function importersOf({ database }: Pick<Services, 'database'>): Promise<Importer[]> {
  return activeModules(modules, await readOff(database.read)).flatMap(({ imports = [] }) => imports);
}

/**
 * Imports a file as the pages do: the same check and the same writing, all or nothing, listed among the imports. Rows that
 * cannot be taken go into a workbook beside the file, and nothing is written then.
 */
export async function importFile(
  services: Services,
  command: ImportFileCommand,
  { t, onProgress }: { t: Translate; onProgress: (done: number, total: number) => void },
): Promise<ImportFileResult> {
  const { importer } = command;
  const actor = await actorOf(services, command.login);
  const storeId = command.store === undefined ? null : await storeOf(services, command.store);
  const content = await readFile(command.file);
  const id = await startImport(services, actor, importer, { name: path.basename(command.file), content, storeId });
  const watch = setInterval(() => {
    const progress = progressOf(id);
    if (progress) onProgress(progress.done, progress.total);
  }, 1000);
  try {
    let run = await runOf(services, id);
    const reading = await readingOf(services, run, command);
    await (
      await checkImport(services, actor, importer, { id, version: run.version, ...reading, across: {} })
    ).ended;
    run = await runOf(services, id);
    if (run.state === 'checked' && run.problemCount === 0 && !command.dryRun) {
      await (
        await applyImport(services, actor, importer, { id, version: run.version })
      ).ended;
      run = await runOf(services, id);
    }
    return await resultOf(services, run, command, t);
  } finally {
    clearInterval(watch);
  }
}

async function actorOf({ database, clock }: Services, login: string): Promise<Actor> {
  const user = await findUserByLogin(database.read, login);
  const loaded = user && (await loadActor(database.read, user.id, clock()));
  if (!loaded) throw notFound('auth.user', login);
  return loaded.actor;
}

async function storeOf({ database }: Services, code: string): Promise<number> {
  const found = (await listStores(database.read)).find((store) => store.code.toUpperCase() === code.toUpperCase());
  if (!found) throw notFound('organization.store', code);
  return found.id;
}

async function runOf({ database }: Services, id: number): Promise<ImportRunRow> {
  const run = await database.read.get(importRun, id);
  if (!run) throw notFound('imports.run', id);
  return run;
}

async function readingOf(services: Services, run: ImportRunRow, { importer, ...asked }: ImportFileCommand) {
  const place =
    asked.sheet === undefined && asked.headerRow === undefined
      ? { sheet: run.sheet, headerRow: run.headerRow }
      : { sheet: asked.sheet ?? run.sheet, headerRow: asked.headerRow ?? 0 };
  const { header } = await previewFile(await storedFile(services, run.storedAs), importer.columns, place);
  const mapping = { ...header.mapping };
  for (const [key, column] of Object.entries(asked.mapping)) {
    const named = header.names.indexOf(column);
    const at = named >= 0 ? named : /^[1-9]\d{0,3}$/.test(column) ? Number(column) - 1 : -1;
    if (at < 0 || at >= header.names.length)
      throw new UnknownColumn(`The file has no column "${column}". Its columns: ${header.names.join(', ')}`);
    for (const [other, taken] of Object.entries(mapping)) if (taken === at) delete mapping[other];
    mapping[key] = at;
  }
  return { sheet: place.sheet, headerRow: header.row, mapping };
}

async function resultOf(
  services: Services,
  run: ImportRunRow,
  { importer, file, dryRun }: ImportFileCommand,
  t: Translate,
): Promise<ImportFileResult> {
  const words = importerWords(importer);
  return {
    ok: run.failure === null && run.problemCount === 0 && run.state === (dryRun ? 'checked' : 'done'),
    runId: run.id,
    state: run.state,
    rows: run.rowCount,
    written: run.state === 'done',
    summary: Object.entries(run.summary ?? {}).map(([key, count]) => ({ text: t(key), count })),
    problemCount: run.problemCount,
    problems: (run.problems ?? []).map(({ line, column, code, details }) => ({
      line,
      column: column === null ? null : t(words.column(column)),
      code,
      message: t(code, details),
    })),
    problemFile: run.problemCount > 0 ? await writeProblems(services, run, importer, file, t) : null,
    failure: run.failure === null ? null : t(run.failure.code, run.failure.details),
  };
}

/** Whole or not at all: an older one is replaced only when the new one is there. */
async function writeProblems(
  services: Services,
  run: ImportRunRow,
  importer: Importer,
  file: string,
  t: Translate,
): Promise<string> {
  const target = `${file}.problems.xlsx`;
  const { content } = await problemBook({ t, services }, importer, run);
  try {
    await pipeline(content, createWriteStream(`${target}.part`, { mode: 0o600 }));
    await rename(`${target}.part`, target);
  } finally {
    await rm(`${target}.part`, { force: true });
  }
  return target;
}
