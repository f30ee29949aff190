import { addColumn, col, migration } from '../src/platform/database/portable';

/** The address of a database that was filled, encrypted in a column of its own, so that it is encrypted anew when keys change. */
export default migration('0037-sealed-addresses', [
  addColumn('upkeep_run', 'addressCipher', col.longText().nullable()),
]);
