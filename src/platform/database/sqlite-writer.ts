import type { Connection } from './connection';
import type { PoolUse } from './statement-watch';
import type { SqliteConnection } from './sqlite-connection';
import { IdBlockExhausted, isRetryable, TransactionLost } from './errors';
import { type LastWork, type Transaction, type TransactionRunner, withLast } from './transaction';

interface Unit {
  work: (tx: Transaction) => Promise<unknown>;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

const MAX_UNITS_PER_COMMIT = 32;
const MAX_MS_PER_COMMIT = 40;

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What came of a unit; its caller hears it after the commit, since it may follow from what others of the group wrote. */
type Outcome = { unit: Unit; value: unknown } | { unit: Unit; error: unknown };

/**
 * SQLite has one writer. Units of work queue here; those that wait together share one transaction and its commit
 * (measured: 550 commits a second alone, 4,330 units a second twenty to a commit, both with synchronous=FULL). Nobody is
 * told "done" or "refused" before the commit.
 *
 * A savepoint around each unit would copy every page that it touches, a tenth of what a sale costs, for the rare unit that
 * fails after it wrote something. Such a unit rolls back the whole group instead, and the group runs once more (a unit of
 * work does nothing but database work and may be repeated), this time each within a savepoint: nobody runs a third time.
 */
export class SqliteWriter implements TransactionRunner {
  private readonly queue: Unit[] = [];
  private draining = false;
  private closed = false;

  constructor(
    private readonly connection: SqliteConnection,
    private readonly makeTransaction: (connection: Connection) => Transaction,
  ) {}

  transaction<T>(work: (tx: Transaction) => Promise<T>, last?: LastWork<T>): Promise<T> {
    if (this.closed) return Promise.reject(new TransactionLost('the database is closed'));
    return new Promise<T>((resolve, reject) => {
      this.queue.push({ work: withLast(work, last), resolve: resolve as (value: unknown) => void, reject });
      if (!this.draining) {
        this.draining = true;
        void this.drain();
      }
    });
  }

  use(): PoolUse {
    return { busy: this.draining ? 1 : 0, idle: this.draining ? 0 : 1, waiting: this.queue.length };
  }

  /** Waits for the units under way; later ones are refused. */
  async close(): Promise<void> {
    this.closed = true;
    while (this.draining) await nextTurn();
  }

  private async drain(): Promise<void> {
    let again: Unit[] = [];
    while (again.length > 0 || this.queue.length > 0) again = await this.group(again);
    this.draining = false;
  }

  /** Runs the units that wait, or those that have to run once more, in one transaction. Returns who has to run once more. */
  private async group(again: Unit[]): Promise<Unit[]> {
    const careful = again.length > 0;
    const units = careful ? again : this.queue;
    const outcomes: Outcome[] = [];
    try {
      this.say('BEGIN IMMEDIATE');
    } catch (error) {
      units.shift()?.reject(error);
      return again;
    }
    const startedAt = performance.now();
    for (;;) {
      const unit = units.shift();
      if (!unit) break;
      const outcome = await this.runUnit(unit, careful);
      if ('undone' in outcome) {
        const others = outcomes.map((one) => one.unit);
        // Too few ids are no matter of what the others wrote: the caller fetches more and comes again.
        if (!(outcome.undone instanceof IdBlockExhausted)) return [...others, unit];
        unit.reject(outcome.undone);
        return others;
      }
      outcomes.push(outcome);
      if (!this.connection.inTransaction()) {
        // SQLite itself ended it (disk full, I/O error): nothing of the group was kept. Who met the reason hears it.
        if ('error' in outcome) unit.reject(outcome.error);
        rejectAll(outcomes, new TransactionLost('the shared transaction ended'));
        return again;
      }
      if (outcomes.length >= MAX_UNITS_PER_COMMIT || performance.now() - startedAt > MAX_MS_PER_COMMIT) break;
      // Requests that arrived meanwhile get their chance to join this commit.
      if (units.length === 0) await nextTurn();
    }
    try {
      this.say('COMMIT');
    } catch (error) {
      this.tryTo('ROLLBACK');
      rejectAll(outcomes, isRetryable(error) ? error : new TransactionLost('commit failed', { cause: error }));
      return again;
    }
    for (const outcome of outcomes)
      if ('error' in outcome) outcome.unit.reject(outcome.error);
      else outcome.unit.resolve(outcome.value);
    return again;
  }

  private say(statement: string): void {
    this.connection.change(statement, []);
  }

  /** For the way out of a transaction that may have ended already. */
  private tryTo(statement: string): void {
    try {
      this.say(statement);
    } catch {
      // There is nothing left to leave.
    }
  }

  /** `undone`: why it failed after it wrote something; the whole transaction was rolled back. */
  private async runUnit(unit: Unit, careful: boolean): Promise<Outcome | { undone: unknown }> {
    let changed = false;
    const { connection } = this;
    const watched: Connection = {
      rows: (text, values) => connection.rows(text, values),
      change: (text, values) => {
        changed = true;
        return connection.change(text, values);
      },
    };
    try {
      if (careful) this.say('SAVEPOINT unit');
      const value = await unit.work(this.makeTransaction(watched));
      if (careful) this.say('RELEASE unit');
      return { unit, value };
    } catch (error) {
      if (!connection.inTransaction()) return { unit, error };
      if (careful) for (const way of ['ROLLBACK TO unit', 'RELEASE unit']) this.tryTo(way);
      else if (changed) {
        this.tryTo('ROLLBACK');
        return { undone: error };
      }
      return { unit, error };
    }
  }
}

const rejectAll = (outcomes: readonly Outcome[], error: unknown): void =>
  outcomes.forEach(({ unit }) => unit.reject(error));
