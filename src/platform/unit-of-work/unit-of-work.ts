import { type BusinessDate, fromInstant, invalid } from '../../kernel';
import {
  CommitOutcomeUnknown,
  type Database,
  duplicateKey,
  IdBlockExhausted,
  isRetryable,
  type Transaction,
} from '../database';
import type { Actor } from '../permissions';
import { NUMBERING_SET, numberingOf, seriesOf } from './numbering';
import { auditLog, operation, outboxEvent } from './tables';

export interface AuditEntry {
  /** What was done, as a permission-like name: `sales.sale.post`. */
  action: string;
  subjectType?: string;
  subjectId?: number;
  storeId?: number | null;
  /** Before/after or figures; no secrets, no personal data beyond ids. */
  detail?: Record<string, unknown>;
}

/** The transaction of one unit of work, with who acts and when. `now` is the same for the whole unit. */
export interface Unit extends Transaction {
  readonly actor: Actor;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Today's business date where the company is. */
  readonly today: BusinessDate;
  audit(entry: AuditEntry): Promise<void>;
  /** Writes an event to the outbox, for the modules whose manifests handle it. */
  publish(event: string, payload: Record<string, unknown>): Promise<void>;
  /** `XS261122-NJ01-0042`, by the rule of the type; gaps are allowed, doubles are not. */
  documentNumber(type: string, storeCode: string, businessDate: string): string;
}

export interface RunOptions {
  /** Given by the caller (a form's hidden field, an API header): the work is done once, repeats get the first result. */
  operationKey?: string | undefined;
}

export interface UnitOfWork {
  readonly database: Database;
  run<T>(actor: Actor, work: (unit: Unit) => Promise<T>, options?: RunOptions): Promise<T>;
}

export interface UnitOfWorkOptions {
  timeZone: string;
  /** Epoch milliseconds; tests and the sample company set the clock. */
  clock?: () => number;
  /** Called in the same transaction when the work is done and has audited something, with what it audited. */
  beforeCommit?: (unit: Unit, audited: readonly AuditEntry[]) => Promise<void>;
}

const GIVE_UP_AFTER_MS = 30_000;
/** The same operation was or is being done by another request; this one rolls back and finds its result. */
class SameOperation extends Error {}

/** Numbers of a series taken at once, so that selling does not queue on one row. */
const NUMBER_BLOCK = 10;

/** Document numbers that an attempt took before it was rolled back, by series: the next attempt takes them first. */
type KeptNumbers = Map<string, readonly number[]>;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Runs work in one transaction and retries the whole of it on deadlocks, lock time-outs and lost connections
 * (25 ms × 2^n with jitter, up to 30 s). Work must therefore do nothing but database work. A commit whose outcome is
 * unknown is retried only with an operation key: the retry then finds the first result.
 *
 * Nobody asks beforehand whether an operation was done, as nearly none was: its key is written last, and a repeat that is
 * refused there, or sooner because its work is done already, is rolled back and gets the first result.
 */
export function createUnitOfWork(database: Database, options: UnitOfWorkOptions): UnitOfWork {
  const clock = options.clock ?? Date.now;
  const numbering = numberingOf(database);

  async function inUnit<T>(
    tx: Transaction,
    actor: Actor,
    work: (unit: Unit) => Promise<T>,
    kept: KeptNumbers,
  ): Promise<T> {
    const audited: AuditEntry[] = [];
    const unit = makeUnit(tx, actor, kept, audited);
    const result = await work(unit);
    if (audited.length > 0) await options.beforeCommit?.(unit, audited);
    return result;
  }

  function makeUnit(tx: Transaction, actor: Actor, kept: KeptNumbers, audited: AuditEntry[]): Unit {
    const now = clock();
    const used = new Map<string, number>();
    return Object.assign(Object.create(tx) as Transaction, {
      actor,
      now,
      today: fromInstant(now, options.timeZone),
      audit: async (entry: AuditEntry) => {
        audited.push(entry);
        if (entry.detail?.['set'] === NUMBERING_SET) numbering.forget();
        await tx.insert(auditLog, [
          {
            id: tx.takeIds(auditLog),
            at: now,
            actorId: actor.userId,
            actorName: actor.name,
            address: actor.address ?? null,
            requestId: actor.requestId ?? null,
            action: entry.action,
            subjectType: entry.subjectType ?? null,
            subjectId: entry.subjectId ?? null,
            storeId: entry.storeId ?? null,
            detail: entry.detail ?? null,
          },
        ]);
      },
      publish: async (name: string, payload: Record<string, unknown>) => {
        await tx.insert(outboxEvent, [
          { id: tx.takeIds(outboxEvent), name, payload, createdAt: now, dueAt: now, attempts: 0 },
        ]);
      },
      documentNumber: (type: string, storeCode: string, businessDate: string) => {
        const rule = numbering.ruleOf(type);
        const series = seriesOf(rule, storeCode, businessDate);
        const numbers = kept.get(series) ?? [];
        const place = used.get(series) ?? 0;
        const number = numbers[place] ?? database.ids.take(series, 1, NUMBER_BLOCK);
        kept.set(series, [...numbers.slice(0, place), number, ...numbers.slice(place + 1)]);
        used.set(series, place + 1);
        return `${series}-${String(number).padStart(rule.digits, '0')}`;
      },
    });
  }

  async function attempt<T>(
    actor: Actor,
    work: (unit: Unit) => Promise<T>,
    key: string | undefined,
    kept: KeptNumbers,
  ): Promise<T> {
    if (key === undefined) return database.transaction((tx) => inUnit(tx, actor, work, kept));
    return database.transaction(
      (tx) => inUnit(tx, actor, work, kept),
      (tx, result) => finish(tx, key, actor, result),
    );
  }

  async function finish(tx: Transaction, operationKey: string, actor: Actor, result: unknown): Promise<void> {
    try {
      await tx.insert(operation, [{ operationKey, actorId: actor.userId, result: result ?? null, createdAt: clock() }]);
    } catch (error) {
      throw duplicateKey(error) ? new SameOperation() : error;
    }
  }

  async function run<T>(actor: Actor, work: (unit: Unit) => Promise<T>, { operationKey }: RunOptions = {}): Promise<T> {
    if (operationKey !== undefined && !/^[\w.:-]{8,100}$/.test(operationKey)) throw invalid('errors:operation_key');
    const startedAt = Date.now();
    let kept: KeptNumbers = new Map();
    for (let tries = 0; ;) {
      try {
        const rules = numbering.fresh();
        if (rules) await rules;
        return await attempt(actor, work, operationKey, kept);
      } catch (error) {
        if (error instanceof IdBlockExhausted) {
          await database.ids.reserve(error.table, error.count, error.blockSize);
          continue;
        }
        const lost = isRetryable(error) || error instanceof CommitOutcomeUnknown;
        const late = Date.now() - startedAt > GIVE_UP_AFTER_MS;
        if (operationKey !== undefined && (!lost || late)) {
          const [done] = await database.read.find(operation, { operationKey });
          if (done) return done.result as T;
        }
        const again = operationKey === undefined ? isRetryable(error) : lost || error instanceof SameOperation;
        if (!again || late) throw error;
        // The attempt may have been kept after all, with its numbers.
        if (error instanceof CommitOutcomeUnknown) kept = new Map();
        await pause(Math.min(25 * 2 ** tries, 2000) * (0.5 + Math.random() / 2));
        tries += 1;
      }
    }
  }

  return { database, run };
}
