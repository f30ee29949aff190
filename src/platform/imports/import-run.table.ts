import { col, defineTable, type Row } from '../database';
import type { ImportProblem } from '../modules';
import type { StoresAcross } from './cross-table';

export type ImportState = 'mapping' | 'checking' | 'checked' | 'applying' | 'done' | 'failed' | 'cancelled';

/** One file on its way into the books: uploaded, its columns named, checked, and written as a whole or not at all. */
export const importRun = defineTable(
  'import_run',
  {
    id: col.id().primary(),
    importer: col.code(60),
    storeId: col.id().nullable(),
    fileName: col.text(200),
    /** Name of the stored file below dataDir/imports. */
    storedAs: col.code(80),
    sheet: col.int(),
    /** Row of the column names as a spreadsheet program counts. */
    headerRow: col.int(),
    /** Importer's column → place in the file, from 0. */
    mapping: col.json<Record<string, number>>(),
    /** Of a cross table: place of a column → store code. */
    across: col.json<StoresAcross>(),
    state: col.code<ImportState>(12),
    rowCount: col.int(),
    done: col.int(),
    /** i18n key of a failure of the whole file, with its details. */
    failure: col.json<{ code: string; details: Record<string, unknown> }>().nullable(),
    /** The first ones; all of them are kept beside the file. */
    problems: col.json<ImportProblem[]>().nullable(),
    problemCount: col.int(),
    summary: col.json<Record<string, number>>().nullable(),
    createdBy: col.id().nullable(),
    createdByName: col.text(80),
    createdAt: col.instant(),
    finishedAt: col.instant().nullable(),
    version: col.int(),
  },
  { indexes: [{ name: 'ix_import_run_importer', columns: ['importer', 'createdAt'] }] },
);

export type ImportRunRow = Row<typeof importRun>;
