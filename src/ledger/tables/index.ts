import type { AnyTable } from '../../platform/database';
import { account, accountRole } from './account.table';
import { device, deviceEvent, deviceIdentifier } from './device.table';
import { journalEntry, journalLine, openItem, settlement } from './journal.table';
import { accountingPeriod, posting } from './posting.table';
import { stockBalance, stockEntry, stockFreeze } from './stock.table';

export { account, accountRole, type AccountKind } from './account.table';
export { device, deviceEvent, deviceIdentifier, type FactChanges } from './device.table';
export { journalEntry, journalLine, openItem, settlement } from './journal.table';
export { accountingPeriod, posting, type PostingKind } from './posting.table';
export { stockBalance, stockEntry, stockFreeze } from './stock.table';

/** In the order in which they are created. */
export const ledgerTables: readonly AnyTable[] = [
  account,
  accountRole,
  accountingPeriod,
  posting,
  device,
  deviceIdentifier,
  deviceEvent,
  stockBalance,
  stockEntry,
  stockFreeze,
  journalEntry,
  journalLine,
  openItem,
  settlement,
];
