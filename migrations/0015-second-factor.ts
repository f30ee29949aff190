import { addColumn, col, migration } from '../src/platform/database/portable';

export default migration('0015-second-factor', [addColumn('role', 'needsSecondFactor', col.bool().default(0))]);
