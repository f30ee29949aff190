import { type DomainError, fromInstant, invalid, isDomainError, notFound, shorten } from '../../kernel';
import type { Importer, ImportPlan, ImportProblem, ImportProgress } from '../modules';
import { type Actor, authorise } from '../permissions';
import type { Services } from '../services';
import { isCrossTable, type StoresAcross } from './cross-table';
import { removeFile, storedFile, storeFile } from './import-files';
import { importRun, type ImportRunRow } from './import-run.table';
import { keepProblems } from './problem-store';
import { type Place, previewFile, readImportRows } from './read-file';
import { askToStop, CANCELLED, isWorking, track } from './running';

/** Problems kept with a run for its page; the error file has all of them. */
const PROBLEMS_SHOWN = 100;

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
    const preview = await previewFile(await storedFile(services, storedAs), importer.columns);
    return await services.uow.run(actor, async (unit) => {
      const id = unit.takeIds(importRun);
      await unit.insert(importRun, [
        {
          id,
          importer: importer.id,
          storeId: file.storeId,
          fileName: shorten(file.name, 200) || 'file',
          storedAs,
          sheet: preview.sheet,
          headerRow: preview.header.row,
          mapping: preview.header.mapping,
          across: {},
          state: 'mapping',
          rowCount: 0,
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

/** How the reader says the file is to be read. */
export interface FileReading extends Place {
  mapping: Record<string, number>;
  across: StoresAcross;
}

/** Columns that the file must have and that no column of it was chosen for. */
function missingColumns(importer: Importer, { mapping, across }: FileReading): string[] {
  const { store, quantity } = (isCrossTable(across) && importer.storesAcross) || {};
  return importer.columns
    .filter(({ key, required }) => required && mapping[key] === undefined && key !== store && key !== quantity)
    .map(({ key }) => key);
}

/** Columns that stand for a column of the file which is taken already, by another one or by a store. */
function doubleColumns({ mapping, across }: FileReading): string[] {
  const used = new Set(Object.keys(across).map(Number));
  return Object.entries(mapping).flatMap(([key, place]) => {
    if (used.has(place)) return [key];
    used.add(place);
    return [];
  });
}

/** Notes how the file is to be read and checks all of it in the background; nothing of the books is written. */
export async function checkImport(
  services: Services,
  actor: Actor,
  importer: Importer,
  { id, version, ...reading }: FileReading & { id: number; version: number },
): Promise<RunningImport> {
  const wrong = [
    ...missingColumns(importer, reading).map((key) => ({
      path: `column.${key}`,
      code: 'imports:error.column_missing',
    })),
    ...doubleColumns(reading).map((key) => ({ path: `column.${key}`, code: 'imports:error.column_twice' })),
  ];
  if (wrong.length > 0) throw invalid('imports:error.columns', {}, wrong);
  if (isCrossTable(reading.across) && !importer.storesAcross) throw invalid('imports:error.no_cross_table');
  await begin(services, actor, importer, id, version, {
    ...reading,
    state: 'checking',
    done: 0,
    failure: null,
    problems: null,
    problemCount: 0,
    summary: null,
  });
  return background(services, actor, id, async (onProgress) => {
    await finish(services, actor, id, await checked(services, actor, importer, id, onProgress));
  });
}

/** Writes a checked file, all or nothing, in one unit of work; asked twice it writes once. Runs in the background. */
export async function applyImport(
  services: Services,
  actor: Actor,
  importer: Importer,
  { id, version }: { id: number; version: number },
): Promise<RunningImport> {
  const run = await services.database.read.get(importRun, id);
  if (!run) throw notFound('imports.run', id);
  if (run.state !== 'checked' || run.problemCount > 0) throw invalid('imports:error.not_ready');
  await begin(services, actor, importer, id, version, { state: 'applying', done: 0 });
  return background(services, actor, id, async (onProgress) => {
    // Checked again, as the books may have changed since: the first half of the work.
    const firstHalf: ImportProgress = (done, total) => onProgress(Math.floor(done / 2), total);
    const plan = await planOf(services, actor, importer, id, firstHalf);
    if (plan.problems.length > 0) {
      await finish(services, actor, id, await outcome(services, run, plan));
      return;
    }
    const secondHalf: ImportProgress = (done, total) => onProgress(Math.floor((total + done) / 2), total);
    await services.uow.run(
      actor,
      async (unit) => {
        await plan.apply(unit, secondHalf);
        await unit.update(importRun, id, { state: 'done', done: plan.rows, rowCount: plan.rows, finishedAt: unit.now });
        await unit.audit({
          action: 'imports.run.apply',
          subjectType: 'imports.run',
          subjectId: id,
          storeId: run.storeId,
          detail: { importer: importer.id, rows: plan.rows },
        });
      },
      { operationKey: `import-run-${id}` },
    );
  });
}

/** Stops a run that is being checked or written; what it wrote so far is taken back. Nothing happens to one that has ended. */
export async function cancelImport(
  services: Services,
  actor: Actor,
  importer: Importer,
  { id }: { id: number },
): Promise<void> {
  const run = await services.database.read.get(importRun, id);
  if (!run || run.importer !== importer.id) throw notFound('imports.run', id);
  authorise(actor, importer.permission, run.storeId ?? undefined);
  askToStop(id);
}

type Plan = ImportPlan & { rows: number };

/** Reads and checks the whole file against the books. */
async function planOf(
  services: Services,
  actor: Actor,
  importer: Importer,
  id: number,
  onProgress: ImportProgress,
): Promise<Plan> {
  const { read } = services.database;
  const run = await read.get(importRun, id);
  if (!run) throw notFound('imports.run', id);
  const { sheet, headerRow, mapping, across } = run;
  const { rows, problems } = await readImportRows(
    await storedFile(services, run.storedAs),
    {
      sheet,
      headerRow,
      mapping,
      across,
      ...(importer.storesAcross ? { storesAcross: importer.storesAcross } : {}),
    },
    (count) => onProgress(0, Math.max(count, run.rowCount)),
  );
  if (rows.length === 0 && problems.length === 0) throw invalid('imports:error.no_rows');
  const today = fromInstant(services.clock(), services.timeZone);
  const plan = await importer.plan(read, actor, rows, { storeId: run.storeId, today, onProgress, keys: services.keys });
  // Of a cell whose digits are lost nothing else need be said, such as that the number is missing.
  const lost = new Set(problems.map(({ line, column }) => `${line}/${column}`));
  const further = plan.problems.filter(({ line, column }) => !lost.has(`${line}/${column}`));
  return { ...plan, rows: rows.length, problems: inOrder([...problems, ...further]) };
}

/** By line; the same thing said of a line several times (of each store of a cross table) is said once. */
function inOrder(problems: readonly ImportProblem[]): ImportProblem[] {
  const seen = new Set<string>();
  return problems
    .filter((problem) => {
      const text = JSON.stringify(problem);
      return seen.has(text) ? false : seen.add(text);
    })
    .sort((a, b) => a.line - b.line);
}

async function checked(
  services: Services,
  actor: Actor,
  importer: Importer,
  id: number,
  onProgress: ImportProgress,
): Promise<Partial<ImportRunRow>> {
  const plan = await planOf(services, actor, importer, id, onProgress);
  const run = await services.database.read.get(importRun, id);
  if (!run) throw notFound('imports.run', id);
  return outcome(services, run, plan);
}

async function outcome(services: Services, run: ImportRunRow, plan: Plan): Promise<Partial<ImportRunRow>> {
  await keepProblems(services, run.storedAs, plan.problems);
  return {
    state: 'checked',
    rowCount: plan.rows,
    problems: plan.problems.slice(0, PROBLEMS_SHOWN),
    problemCount: plan.problems.length,
    summary: plan.summary,
  };
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
    if (run.state === 'done' || isWorking({ id })) throw invalid('imports:error.not_ready');
    await unit.update(importRun, id, changes, version);
  });
}

const finish = (services: Services, actor: Actor, id: number, changes: Partial<ImportRunRow>): Promise<void> =>
  services.uow.run(actor, async (unit) => {
    await unit.update(importRun, id, changes);
  });

function background(
  services: Services,
  actor: Actor,
  id: number,
  work: (onProgress: ImportProgress) => Promise<void>,
): RunningImport {
  const ended = track(id, (onProgress) =>
    work(onProgress).catch(async (error: unknown) => {
      if (isDomainError(error) && error.code === CANCELLED) {
        await finish(services, actor, id, { state: 'cancelled' });
        return;
      }
      if (!isDomainError(error)) services.log.error({ err: error, importRun: id }, 'an import failed');
      await finish(services, actor, id, { state: 'failed', failure: failureOf(error) });
    }),
  ).catch((error: unknown) => services.log.error({ err: error, importRun: id }, 'the end of an import was not noted'));
  return { ended };
}

function failureOf(error: unknown): { code: string; details: Record<string, unknown> } {
  if (!isDomainError(error)) return { code: 'imports:error.failed', details: {} };
  const { code, details }: DomainError = error;
  return { code, details };
}
