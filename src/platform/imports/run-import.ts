import { type DomainError, invalid, isDomainError, notFound } from '../../kernel';
import type { Importer, ImportPlan, ImportProblem } from '../modules';
import { type Actor, authorise } from '../permissions';
import type { Services } from '../services';
import { removeFile, storedPath, storeFile } from './import-files';
import { importRun, type ImportRunRow } from './import-run.table';
import { previewFile, readImportRows } from './read-file';

/** Problems kept with a run; the error file is made from the same ones, so it says when there were more. */
export const MOST_PROBLEMS = 2000;
const PROGRESS_EVERY_MS = 500;

/** Takes a file in, finds its columns and keeps it for the next steps. Throws DomainError for what cannot be read. */
export async function startImport(
  services: Services,
  actor: Actor,
  importer: Importer,
  file: { name: string; content: Buffer; storeId: number | null },
): Promise<number> {
  authorise(actor, importer.permission, file.storeId ?? undefined);
  const storedAs = await storeFile(services, file.content);
  try {
    const preview = await previewFile(storedPath(services, storedAs), importer.columns);
    return await services.uow.run(actor, async (unit) => {
      const id = unit.takeIds(importRun);
      await unit.insert(importRun, [
        {
          id,
          importer: importer.id,
          storeId: file.storeId,
          fileName: [...file.name].slice(0, 200).join('') || 'file',
          storedAs,
          sheet: preview.sheet,
          headerRow: preview.header.row,
          mapping: preview.header.mapping,
          state: 'mapping',
          rows: 0,
          done: 0,
          problemCount: 0,
          createdBy: actor.userId,
          createdByName: actor.name,
          createdAt: unit.now,
          version: 1,
        },
      ]);
      await unit.audit({
        action: 'imports.run.start',
        subjectType: 'imports.run',
        subjectId: id,
        storeId: file.storeId,
        detail: { importer: importer.id },
      });
      return id;
    });
  } catch (error) {
    await removeFile(services, storedAs);
    throw error;
  }
}

export interface RunningImport {
  /** Settles when the work in the background is over; never rejects: the run itself says how it went. */
  ended: Promise<void>;
}

/** Runs that this process is working on. A run that says it is working but is not here was cut off by a restart. */
const working = new Set<number>();

export const isWorking = (run: Pick<ImportRunRow, 'id'>): boolean => working.has(run.id);

export function missingColumns(importer: Importer, mapping: Readonly<Record<string, number>>): string[] {
  return importer.columns.filter(({ key, required }) => required && mapping[key] === undefined).map(({ key }) => key);
}

/** Notes the reader's mapping and checks the whole file in the background; nothing of the books is written. */
export async function checkImport(
  services: Services,
  actor: Actor,
  importer: Importer,
  command: { id: number; version: number; mapping: Record<string, number>; sheet: number; headerRow: number },
): Promise<RunningImport> {
  const missing = missingColumns(importer, command.mapping);
  if (missing.length > 0)
    throw invalid(
      'imports:error.columns',
      {},
      missing.map((key) => ({ path: `column.${key}`, code: 'imports:error.column_missing' })),
    );
  const { id, mapping, sheet, headerRow } = command;
  await begin(services, actor, importer, id, command.version, {
    state: 'checking',
    mapping,
    sheet,
    headerRow,
    done: 0,
    failure: null,
    problems: null,
    problemCount: 0,
    summary: null,
  });
  return background(services, actor, id, async () => {
    const { plan, rows } = await planOf(services, actor, importer, id);
    await finish(services, actor, id, {
      state: 'checked',
      rows,
      problems: plan.problems.slice(0, MOST_PROBLEMS),
      problemCount: plan.problems.length,
      summary: plan.summary,
    });
  });
}

/** Writes a checked file, all or nothing, in one unit of work; asked twice it writes once. Runs in the background. */
export async function applyImport(
  services: Services,
  actor: Actor,
  importer: Importer,
  command: { id: number; version: number },
): Promise<RunningImport> {
  const { id } = command;
  const run = await services.database.read.get(importRun, id);
  if (!run) throw notFound('imports.run', id);
  if (run.state !== 'checked' || run.problemCount > 0) throw invalid('imports:error.not_ready');
  await begin(services, actor, importer, id, command.version, { state: 'applying', done: 0 });
  return background(services, actor, id, async () => {
    // Checked again: the books may have changed since.
    const { plan, rows } = await planOf(services, actor, importer, id);
    if (plan.problems.length > 0) {
      await finish(services, actor, id, {
        state: 'checked',
        rows,
        problems: plan.problems.slice(0, MOST_PROBLEMS),
        problemCount: plan.problems.length,
      });
      return;
    }
    const report = progressReporter(services, id);
    await services.uow.run(
      actor,
      async (unit) => {
        await plan.apply(unit, report);
        await unit.update(importRun, id, { state: 'done', done: rows, rows, finishedAt: unit.now });
        await unit.audit({
          action: 'imports.run.apply',
          subjectType: 'imports.run',
          subjectId: id,
          storeId: run.storeId,
          detail: { importer: importer.id, rows },
        });
      },
      { operationKey: `import-run-${id}` },
    );
  });
}

/** Percent done, from memory: the transaction that writes cannot show its own progress in the database before it ends. */
const progress = new Map<number, { done: number; total: number }>();
export const progressOf = (id: number): { done: number; total: number } | undefined => progress.get(id);

function progressReporter(services: Services, id: number): (done: number, total: number) => void {
  let last = 0;
  return (done, total) => {
    const now = services.clock();
    if (done < total && now - last < PROGRESS_EVERY_MS) return;
    last = now;
    progress.set(id, { done, total });
  };
}

async function planOf(
  services: Services,
  actor: Actor,
  importer: Importer,
  id: number,
): Promise<{ plan: ImportPlan; rows: number }> {
  const run = await services.database.read.get(importRun, id);
  if (!run) throw notFound('imports.run', id);
  const { rows, problems } = await readImportRows(storedPath(services, run.storedAs), run);
  if (rows.length === 0 && problems.length === 0) throw invalid('imports:error.no_rows');
  const today = await services.uow.run(actor, (unit) => Promise.resolve(unit.today));
  const plan = await importer.plan(services.database.read, actor, rows, { storeId: run.storeId, today });
  const all: ImportProblem[] = [...problems, ...plan.problems].sort((a, b) => a.line - b.line);
  return { plan: { ...plan, problems: all }, rows: rows.length };
}

async function begin(
  services: Services,
  actor: Actor,
  importer: Importer,
  id: number,
  version: number,
  changes: Partial<ImportRunRow>,
): Promise<void> {
  await services.uow.run(actor, async (unit) => {
    await unit.lock(importRun, [id]);
    const run = await unit.get(importRun, id);
    if (!run || run.importer !== importer.id) throw notFound('imports.run', id);
    authorise(actor, importer.permission, run.storeId ?? undefined);
    if (run.state === 'done' || working.has(id)) throw invalid('imports:error.not_ready');
    await unit.update(importRun, id, changes, version);
  });
}

const finish = (services: Services, actor: Actor, id: number, changes: Partial<ImportRunRow>): Promise<void> =>
  services.uow.run(actor, async (unit) => {
    await unit.update(importRun, id, changes);
  });

function background(services: Services, actor: Actor, id: number, work: () => Promise<void>): RunningImport {
  working.add(id);
  const ended = work()
    .catch(async (error: unknown) => {
      if (!isDomainError(error)) services.log.error({ err: error, importRun: id }, 'an import failed');
      await finish(services, actor, id, { state: 'failed', failure: failureOf(error) });
    })
    .finally(() => {
      working.delete(id);
      progress.delete(id);
    });
  return { ended };
}

function failureOf(error: unknown): { code: string; details: Record<string, unknown> } {
  if (!isDomainError(error)) return { code: 'imports:error.failed', details: {} };
  const { code, details }: DomainError = error;
  return { code, details };
}
