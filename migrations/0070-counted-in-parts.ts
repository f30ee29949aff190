import { addColumn, col, migration } from '../src/platform/database/portable';

/** Goods that are counted in parts while people sell: how much went in or out between the parts. */
export default migration('0070-counted-in-parts', [
  addColumn('stocktake_goods', 'movedPieces', col.quantity().default(0)),
]);
