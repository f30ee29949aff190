export { costOut, type ValuedQuantity } from '../kernel';
export { ACCOUNT_ROLES, type AccountBook, type AccountRole } from './account-role';
export {
  balancesFor,
  type DeviceOnBooks,
  devicesFor,
  type OpenItemOnBooks,
  openItemsFor,
  placeOf,
  stockKeyText,
  type StockOnBooks,
} from './books';
export {
  activeNumbers,
  type DeviceLife,
  deviceLife,
  findByNumberEnd,
  findByNumbers,
  type FoundNumber,
  type LifeEvent,
  shownNumbers,
  storedForms,
  numberEndsWith,
} from './device-reads';
export * from './posting';
export { type Dependent, reverse } from './reverse';
export { post } from './writer';
export { accountsOfRoles, type AccountRow, listAccounts, mapRole } from './accounts';
export { PostingDefect } from './check-posting';
export { freezeStock, type StockFreeze, thawStock } from './freezes';
export { closedPeriods, closePeriod, openPeriod, requireOpenPeriod } from './periods';
export * from './tables';
export {
  type CheckFindings,
  type LedgerCheck,
  ledgerChecks,
  type LedgerVerdict,
  type VerifiedCheck,
  verifyLedger,
} from './verify';
