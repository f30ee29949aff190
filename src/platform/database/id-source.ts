import { IdBlockExhausted, isRetryable, duplicateKey } from './errors';
import { sql } from './sql';
import type { Transaction, TransactionRunner } from './transaction';

/** Ids in a block taken at once; a table that needed more takes bigger ones. */
const BLOCK_SIZE = 1000;

const MAX_BLOCK_SIZE = 100_000;
/** A block used up sooner than this makes the next one twice as big: few gaps when it is quiet, few waits when it is not. */
const BUSY_MS = 2000;

interface Block {
  next: number;
  /** Exclusive. */
  end: number;
  takenAt: number;
}

/**
 * Hi/lo numbers: a row per table or number series in `counter`, blocks taken in a short transaction of their own before
 * the unit of work. Gaps are normal. `take` never waits: when a block is used up it throws IdBlockExhausted, and the
 * unit of work rolls back, calls `reserve` and runs again.
 */
export class IdSource {
  private readonly blocks = new Map<string, Block>();
  private readonly sizes = new Map<string, number>();
  private readonly reserving = new Map<string, Promise<void>>();

  constructor(private readonly runner: TransactionRunner) {}

  /** `count` values that follow each other; returns the first. */
  take(name: string, count = 1, blockSize = BLOCK_SIZE): number {
    const block = this.blocks.get(name);
    if (!block || block.end - block.next < count) throw new IdBlockExhausted(name, count, blockSize);
    const first = block.next;
    block.next += count;
    return first;
  }

  /** Throws like `take` when fewer than `count` are left, but takes none. */
  need(name: string, count: number, blockSize = BLOCK_SIZE): void {
    const block = this.blocks.get(name);
    if (!block || block.end - block.next < count) throw new IdBlockExhausted(name, count, blockSize);
  }

  /** Concurrent callers share one reservation and look again afterwards. */
  reserve(name: string, count = 1, blockSize = BLOCK_SIZE): Promise<void> {
    const running = this.reserving.get(name);
    if (running) return running;
    const last = this.blocks.get(name);
    const busy = last && Date.now() - last.takenAt < BUSY_MS ? 2 * (this.sizes.get(name) ?? 0) : 0;
    const size = Math.min(MAX_BLOCK_SIZE, Math.max(blockSize, busy));
    const reservation = this.reserveBlock(name, count > size ? count * 2 : size, count).finally(() =>
      this.reserving.delete(name),
    );
    this.reserving.set(name, reservation);
    return reservation;
  }

  private async reserveBlock(name: string, size: number, count: number): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        const end = await this.runner.transaction((tx) => advance(tx, name, size));
        const block = this.blocks.get(name);
        if (!block || block.end - block.next < count) {
          this.blocks.set(name, { next: end - size, end, takenAt: Date.now() });
          this.sizes.set(name, size);
        }
        return;
      } catch (error) {
        // Two nodes open the same series at once, or a lock was lost: the second look finds the row.
        if (tries >= 50 || !(isRetryable(error) || duplicateKey(error))) throw error;
        await new Promise((resolve) => setTimeout(resolve, 10 + Math.random() * 40));
      }
    }
  }
}

async function advance(tx: Transaction, name: string, size: number): Promise<number> {
  const changed = await tx.execute(sql`UPDATE counter SET next_value = next_value + ${size} WHERE name = ${name}`);
  if (changed === 0) {
    await tx.execute(sql`INSERT INTO counter (name, next_value) VALUES (${name}, ${1 + size})`);
    return 1 + size;
  }
  const row = await tx.one<{ nextValue: number }>(sql`SELECT next_value FROM counter WHERE name = ${name}`);
  if (!row) throw new Error(`counter ${name} vanished`);
  return Number(row.nextValue);
}
