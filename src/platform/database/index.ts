export { col, type Column } from './columns';
export { type Database, type OpenOptions, openDatabase } from './database';
export { type Dialect } from './dialect';
export { duplicateKey, IdBlockExhausted, isConnectionError, isRetryable } from './errors';
export { migrate, type MigrationProgress, pendingSteps } from './migrator';
export { CommitOutcomeUnknown } from './server-runner';
export { chunked, MAX_IN_VALUES, render, type Sql, sql, type SqlValue } from './sql';
export { type AnyTable, decodeRow, defineTable, encodeColumn, type NewRow, type Row, type Table } from './table';
export type { Reader, Transaction, TransactionRunner } from './transaction';
