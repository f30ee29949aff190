export { DATE_PARTS } from './numbering';
export { auditLog, counter, operation, outboxEvent } from './tables';
export {
  type AuditEntry,
  createUnitOfWork,
  type RunOptions,
  type Unit,
  type UnitOfWork,
  type UnitOfWorkOptions,
} from './unit-of-work';
