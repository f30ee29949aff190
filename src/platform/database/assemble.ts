import type { Connection } from './connection';
import type { Dialect } from './dialect';
import { IdSource } from './id-source';
import type { StatementWatch } from './statement-watch';
import { RunnerTransaction, type Transaction, type TransactionRunner } from './transaction';

/** The part all kinds share: a transaction is made of a connection and the id source, which itself needs transactions. */
export function assemble<R extends TransactionRunner>(
  dialect: Dialect,
  makeRunner: (make: (connection: Connection) => Transaction) => R,
  watch?: StatementWatch,
): { runner: R; ids: IdSource } {
  const box: { ids?: IdSource } = {};
  const memory = new Map<symbol, unknown>();
  const runner = makeRunner((connection) => {
    if (!box.ids) throw new Error('id source not ready');
    return new RunnerTransaction(dialect, connection, box.ids, memory, watch);
  });
  const ids = new IdSource(runner);
  box.ids = ids;
  return { runner, ids };
}
