import type mysql from 'mysql2';
import type { Connection } from './connection';
import { isConnectionError } from './errors';
import { PacketConnection, StatementNotRun } from './packet-connection';
import { CommitOutcomeUnknown } from './server-runner';
import type { LastWork, Transaction, TransactionRunner } from './transaction';

/** Transactions on MySQL and MariaDB: one pooled connection each. READ COMMITTED is set when the connection is made. */
export class MysqlRunner implements TransactionRunner {
  constructor(
    private readonly pool: mysql.Pool,
    private readonly makeTransaction: (connection: Connection) => Transaction,
  ) {}

  async transaction<T>(work: (tx: Transaction) => Promise<T>, last?: LastWork<T>): Promise<T> {
    const pooled = await this.take();
    const connection = new PacketConnection(pooled);
    const tx = this.makeTransaction(connection);
    let value: T;
    let ending: Promise<void> | undefined;
    try {
      // Goes out together with the first statements of the work.
      const begun = connection.change('START TRANSACTION', []);
      begun.catch(() => undefined);
      value = await work(tx);
      await begun;
      ending = last?.(tx, value);
      // Behind the commit it would be kept by itself, whatever became of the commit.
      if (ending && connection.waiting === 0) throw new Error('the last work must ask for its statement at once');
    } catch (error) {
      throw await this.abandon(pooled, connection, reasonOf(error));
    }
    const [ended, committed] = await Promise.allSettled([ending, connection.change('COMMIT', [])]);
    if (ended.status === 'rejected') throw await this.abandon(pooled, connection, reasonOf(ended.reason));
    if (committed.status === 'fulfilled') {
      pooled.release();
      return value;
    }
    const reason = await this.abandon(pooled, connection, reasonOf(committed.reason));
    const sent = !(committed.reason instanceof StatementNotRun);
    throw sent && isConnectionError(reason)
      ? new CommitOutcomeUnknown('commit outcome unknown', { cause: reason })
      : reason;
  }

  private take(): Promise<mysql.PoolConnection> {
    return new Promise((resolve, reject) =>
      this.pool.getConnection((error, connection) => (error ? reject(error) : resolve(connection))),
    );
  }

  /** Rolls back; a connection that may be broken never goes back to the pool. Returns the reason. */
  private async abandon(pooled: mysql.PoolConnection, connection: PacketConnection, reason: unknown): Promise<unknown> {
    try {
      if (isConnectionError(reason)) throw reason;
      await connection.rollback();
      pooled.release();
    } catch {
      pooled.destroy();
    }
    return reason;
  }
}

const reasonOf = (error: unknown): unknown => (error instanceof StatementNotRun ? error.cause : error);
