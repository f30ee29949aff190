import { IdBlockExhausted, isRetryable, duplicateKey } from './errors';
import { sql } from './sql';
import type { Transaction, TransactionRunner } from './transaction';

/** Ids in a block taken at once; a table that needed more takes bigger ones. */
const BLOCK_SIZE = 1000;

const MAX_BLOCK_SIZE = 100_000;
/** A block used up sooner than this makes the next one twice as big: few gaps when it is quiet, few waits when it is not. */
const BUSY_MS = 2000;

/** Of a block that is being used up this quickly the next one is fetched when a quarter is left, before anybody has to wait. */
const AHEAD_WITHIN_MS = 30_000;

interface Block {
  next: number;
  /** Exclusive. */
  end: number;
  size: number;
  takenAt: number;
  /** Fetched ahead. */
  following?: Block;
}

const left = (block: Block | undefined): number => (block ? block.end - block.next : 0);

/**
 * Hi/lo numbers: a row per table or number series in `counter`, blocks taken in a short transaction of their own before
 * the unit of work. Gaps are normal. `take` never waits: when a block is used up it throws IdBlockExhausted, and the
 * unit of work rolls back, calls `reserve` and runs again. In a rush that would be one sale in ten, and all that share
 * its commit: blocks that go quickly are therefore renewed ahead.
 */
export class IdSource {
  private readonly blocks = new Map<string, Block>();
  private readonly reserving = new Map<string, Promise<void>>();

  constructor(private readonly runner: TransactionRunner) {}

  /** `count` values that follow each other; returns the first. */
  take(name: string, count = 1, blockSize = BLOCK_SIZE): number {
    const block = this.blockFor(name, count, blockSize);
    const first = block.next;
    block.next += count;
    if (4 * left(block) < block.size && !block.following && Date.now() - block.takenAt < AHEAD_WITHIN_MS)
      // Whoever finds the block used up tries again and hears why.
      this.reserve(name, count, blockSize).catch(() => undefined);
    return first;
  }

  /** Throws like `take` when fewer than `count` are left, but takes none. */
  need(name: string, count: number, blockSize = BLOCK_SIZE): void {
    this.blockFor(name, count, blockSize);
  }

  /** Concurrent callers share one reservation and look again afterwards. */
  reserve(name: string, count = 1, blockSize = BLOCK_SIZE): Promise<void> {
    const running = this.reserving.get(name);
    if (running) return running;
    const last = this.blocks.get(name);
    const busy = last && Date.now() - last.takenAt < BUSY_MS ? 2 * last.size : 0;
    const size = Math.min(MAX_BLOCK_SIZE, Math.max(blockSize, busy));
    const reservation = this.reserveBlock(name, count > size ? count * 2 : size).finally(() =>
      this.reserving.delete(name),
    );
    this.reserving.set(name, reservation);
    return reservation;
  }

  /** The block with `count` values left; what is left of the one before it becomes a gap. */
  private blockFor(name: string, count: number, blockSize: number): Block {
    let block = this.blocks.get(name);
    if (block?.following && left(block) < count) {
      block = block.following;
      this.blocks.set(name, block);
    }
    if (!block || left(block) < count) throw new IdBlockExhausted(name, count, blockSize);
    return block;
  }

  private async reserveBlock(name: string, size: number): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        const end = await this.runner.transaction((tx) => advance(tx, name, size));
        const fresh: Block = { next: end - size, end, size, takenAt: Date.now() };
        const block = this.blocks.get(name);
        if (block && left(block) > 0) block.following = fresh;
        else this.blocks.set(name, fresh);
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
