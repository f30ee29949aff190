import type { SelfTestFlow } from '../bench';
import { books } from './books';
import { imports } from './imports';
import { masterData } from './master-data';
import { permissions } from './permissions';
import { reports } from './reports';
import { saleOut, saleReturn } from './sale';
import { stockCount } from './stock-count';
import { openingStockFlow, purchaseIn } from './stock-in';

/** In this order: each builds on what those before it left. The books are looked at last. */
export const flows: readonly SelfTestFlow[] = [
  masterData,
  openingStockFlow,
  purchaseIn,
  saleOut,
  saleReturn,
  imports,
  stockCount,
  reports,
  permissions,
  books,
];
