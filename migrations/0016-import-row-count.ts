import { change, migration } from '../src/platform/database/portable';

/** `rows` is a word of MariaDB's own language: an import could not even begin there. */
export default migration('0016-import-row-count', [
  change('import_run.rows is called row_count', async (runner) => {
    const table = await runner.getTable('import_run');
    if (table?.findColumnByName('rows')) await runner.renameColumn('import_run', 'rows', 'row_count');
  }),
]);
