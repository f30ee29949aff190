import { addColumn, col, migration } from '../src/platform/database/portable';

/** Where the price of a sold line came from. Price lists are never deleted; sales of earlier versions do not know: no key. */
export default migration('0032-price-source', [
  addColumn('sale_line', 'priceFrom', col.code(10).nullable()),
  addColumn('sale_line', 'priceListId', col.id().nullable()),
]);
