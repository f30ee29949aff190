import { addColumn, col, migration } from '../src/platform/database/portable';
import { numberDocuments } from './number-documents';

/** Loans go both ways: what others lend us (借入) comes with a day to give it back, and is not ours meanwhile. */
export default migration('0061-borrowing', [
  addColumn('loan', 'inbound', col.bool().default(0)),
  numberDocuments('JR'),
]);
