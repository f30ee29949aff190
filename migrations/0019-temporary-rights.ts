import { addColumn, col, migration } from '../src/platform/database/portable';

export default migration('0019-temporary-rights', [
  addColumn('user_role', 'startsAt', col.instant().nullable()),
  addColumn('user_role', 'endsAt', col.instant().nullable()),
]);
