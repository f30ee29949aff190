import { migration, renameColumn } from '../src/platform/database/portable';

/** `rows` is a word of MariaDB's own language: an import could not even begin there. */
export default migration('0016-import-row-count', [renameColumn('import_run', 'rows', 'rowCount')]);
