import { addColumn, col, migration } from '../src/platform/database/portable';
import { roleAccounts } from './account-roles';

/** Transfers at another price than cost: the receiving store bears the markup, the sending one has it as its result. */
export default migration('0058-transfer-markup', [
  addColumn('transfer', 'markupBp', col.int().nullable()),
  addColumn('transfer_step', 'markupFen', col.money().nullable()),
  roleAccounts({ transfer_result: '5401' }),
]);
