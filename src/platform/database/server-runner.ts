import type { DataSource, QueryRunner } from 'typeorm';
import { type Connection, serverConnection } from './connection';
import { isConnectionError } from './errors';
import type { Transaction, TransactionRunner } from './transaction';

/** The connection broke while the commit was under way: it may or may not have happened. */
export class CommitOutcomeUnknown extends Error {}

/** Transactions on a database server: one pooled connection each, READ COMMITTED (set when the connection is made). */
export class ServerRunner implements TransactionRunner {
  constructor(
    private readonly dataSource: DataSource,
    private readonly makeTransaction: (connection: Connection) => Transaction,
  ) {}

  async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    let value: T;
    try {
      await runner.query('START TRANSACTION');
      value = await work(this.makeTransaction(serverConnection(runner)));
    } catch (error) {
      await this.abandon(runner, error);
      throw error;
    }
    try {
      await runner.query('COMMIT');
    } catch (error) {
      await this.abandon(runner, error);
      throw isConnectionError(error) ? new CommitOutcomeUnknown('commit outcome unknown', { cause: error }) : error;
    }
    await runner.release();
    return value;
  }

  /** Rolls back; a connection that may be broken is destroyed, never given back to the pool. */
  private async abandon(runner: QueryRunner, error: unknown): Promise<void> {
    try {
      if (isConnectionError(error)) throw error;
      await runner.query('ROLLBACK');
      await runner.release();
    } catch {
      const connection: unknown = await Promise.resolve(runner.connect()).catch(() => undefined);
      (connection as { destroy?: () => void } | undefined)?.destroy?.();
    }
  }
}
