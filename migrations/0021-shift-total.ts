import { createIndex, dropIndex, migration } from '../src/platform/database/portable';

/** The takings of a shift, shown after every sale, are read from the index alone. */
export default migration('0021-shift-total', [
  createIndex('sale', { name: 'ix_sale_shift_total', columns: ['shiftId', 'state', 'grossFen'] }),
  dropIndex('sale', 'ix_sale_shift'),
]);
