import { col, createTable, migration } from '../src/platform/database/portable';

export default migration('0011-imports', [
  ...createTable(
    'import_run',
    {
      id: col.id().primary(),
      importer: col.code(60),
      storeId: col.id().nullable(),
      fileName: col.text(200),
      storedAs: col.code(80),
      sheet: col.int(),
      headerRow: col.int(),
      mapping: col.json(),
      across: col.json(),
      state: col.code(12),
      rows: col.int(),
      done: col.int(),
      failure: col.json().nullable(),
      problems: col.json().nullable(),
      problemCount: col.int(),
      summary: col.json().nullable(),
      createdBy: col.id().nullable(),
      createdByName: col.text(80),
      createdAt: col.instant(),
      finishedAt: col.instant().nullable(),
      version: col.int(),
    },
    { indexes: [{ name: 'ix_import_run_importer', columns: ['importer', 'createdAt'] }] },
  ),
]);
