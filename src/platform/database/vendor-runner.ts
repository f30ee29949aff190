import type { DataSource, QueryRunner } from 'typeorm';
import type { Connection } from './connection';
import { isConnectionError } from './errors';
import { CommitOutcomeUnknown } from './server-runner';
import type { Transaction, TransactionRunner } from './transaction';

/**
 * Transactions on Oracle and SQL Server, whose drivers begin and end them by calls of their own and not by statements:
 * one pooled connection each, READ COMMITTED.
 */
export class VendorRunner implements TransactionRunner {
  constructor(
    private readonly dataSource: DataSource,
    private readonly makeTransaction: (connection: Connection) => Transaction,
    private readonly connectionOf: (runner: QueryRunner) => Connection,
    /** Takes the connection of a transaction that could not be ended cleanly out of the pool. */
    private readonly discard: (runner: QueryRunner) => Promise<void>,
  ) {}

  async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    let value: T;
    try {
      await runner.startTransaction('READ COMMITTED');
      value = await work(this.makeTransaction(this.connectionOf(runner)));
    } catch (error) {
      await this.abandon(runner, error);
      throw error;
    }
    try {
      await runner.commitTransaction();
    } catch (error) {
      await this.abandon(runner, error);
      throw isConnectionError(error) ? new CommitOutcomeUnknown('commit outcome unknown', { cause: error }) : error;
    }
    await runner.release();
    return value;
  }

  private async abandon(runner: QueryRunner, error: unknown): Promise<void> {
    try {
      if (isConnectionError(error)) throw error;
      await runner.rollbackTransaction();
      await runner.release();
    } catch {
      await this.discard(runner).catch(() => undefined);
    }
  }
}
