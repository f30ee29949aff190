import type { DataSource, QueryRunner } from 'typeorm';
import type { Connection } from './connection';
import { isConnectionError } from './errors';
import { type LastWork, type Transaction, type TransactionRunner, withLast } from './transaction';

/** The connection broke while the commit was under way: it may or may not have happened. */
export class CommitOutcomeUnknown extends Error {}

/** How Oracle and SQL Server begin and end a transaction. Both run READ COMMITTED. */
export interface TransactionEnds {
  begin: (runner: QueryRunner) => Promise<unknown>;
  commit: (runner: QueryRunner) => Promise<unknown>;
  rollback: (runner: QueryRunner) => Promise<unknown>;
  /** Takes the connection of a transaction that could not be ended cleanly out of the pool. */
  discard: (runner: QueryRunner) => Promise<unknown>;
}

/** By calls of the driver. */
export const byDriver = (discard: TransactionEnds['discard']): TransactionEnds => ({
  begin: (runner) => runner.startTransaction('READ COMMITTED'),
  commit: (runner) => runner.commitTransaction(),
  rollback: (runner) => runner.rollbackTransaction(),
  discard,
});

/** Transactions on Oracle and SQL Server: one pooled connection each. */
export class ServerRunner implements TransactionRunner {
  constructor(
    private readonly dataSource: DataSource,
    private readonly makeTransaction: (connection: Connection) => Transaction,
    private readonly connectionOf: (runner: QueryRunner) => Connection,
    private readonly ends: TransactionEnds,
  ) {}

  async transaction<T>(work: (tx: Transaction) => Promise<T>, last?: LastWork<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    let value: T;
    try {
      await this.ends.begin(runner);
      value = await withLast(work, last)(this.makeTransaction(this.connectionOf(runner)));
    } catch (error) {
      await this.abandon(runner, error);
      throw error;
    }
    try {
      await this.ends.commit(runner);
    } catch (error) {
      await this.abandon(runner, error);
      throw isConnectionError(error) ? new CommitOutcomeUnknown('commit outcome unknown', { cause: error }) : error;
    }
    await runner.release();
    return value;
  }

  /** Rolls back; a connection that may be broken never goes back to the pool. */
  private async abandon(runner: QueryRunner, error: unknown): Promise<void> {
    try {
      if (isConnectionError(error)) throw error;
      await this.ends.rollback(runner);
      await runner.release();
    } catch {
      await this.ends.discard(runner).catch(() => undefined);
    }
  }
}
