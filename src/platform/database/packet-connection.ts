import type mysql from 'mysql2';
import { camelRows, type Connection } from './connection';
import { isRetryable } from './errors';
import type { SqlValue } from './sql';

/** Another statement of the same packet failed, so this one was not run. */
export class StatementNotRun extends Error {}

const MOST_VALUES = 16_000;

interface Asked {
  text: string;
  values: readonly SqlValue[];
  resolve: (result: unknown) => void;
  reject: (error: unknown) => void;
}

/**
 * One connection of a MySQL or MariaDB server in a transaction. Statements that are asked for before anybody waits for one of
 * them travel in one packet and come back in one: a sale is two dozen statements, and each round trip costs both sides about
 * as much as the statement itself. They run in their order; when one fails, those behind it are not run.
 */
export class PacketConnection implements Connection {
  private asked: Asked[] = [];
  private busy = false;
  /** What ended the transaction on the server's side: anything sent after it would be kept by itself. */
  private lost: unknown;

  constructor(private readonly connection: mysql.PoolConnection) {}

  async rows(text: string, values: readonly SqlValue[]): Promise<Record<string, unknown>[]> {
    const result = await this.ask(text, values);
    return Array.isArray(result) ? camelRows(result as Record<string, unknown>[]) : [];
  }

  async change(text: string, values: readonly SqlValue[]): Promise<number> {
    return ((await this.ask(text, values)) as mysql.ResultSetHeader).affectedRows;
  }

  /** Sent whatever happened before. */
  rollback(): Promise<unknown> {
    this.lost = undefined;
    return this.ask('ROLLBACK', []);
  }

  private ask(text: string, values: readonly SqlValue[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.asked.push({ text, values, resolve, reject });
      // Behind everything that can go on without an answer, and before the program waits for the network.
      if (this.asked.length === 1 && !this.busy) this.sendSoon();
    });
  }

  /** How many statements wait to be sent. */
  get waiting(): number {
    return this.asked.length;
  }

  private sendSoon(): void {
    queueMicrotask(() => process.nextTick(() => this.send()));
  }

  private send(): void {
    if (this.busy || this.asked.length === 0) return;
    const packet = this.take();
    if (this.lost !== undefined) {
      for (const { reject } of packet) reject(notRun(this.lost));
      if (this.asked.length > 0) this.sendSoon();
      return;
    }
    this.busy = true;
    const text = packet.length === 1 ? (packet[0] as Asked).text : packet.map((one) => one.text).join(';\n');
    const values = packet.flatMap((one) => one.values);
    const query = this.connection.query(text, values, (error, result) => {
      this.busy = false;
      if (error) this.fail(packet, error, query);
      else if (packet.length === 1) packet[0]?.resolve(result);
      else for (const [index, one] of packet.entries()) one.resolve((result as unknown[])[index]);
      if (this.asked.length > 0) this.sendSoon();
    });
  }

  /** As many as fit into a packet that no server refuses (max_allowed_packet); the others go with the next. */
  private take(): Asked[] {
    let values = 0;
    const end = this.asked.findIndex((one) => (values += one.values.length) > MOST_VALUES);
    return this.asked.splice(0, end < 0 ? this.asked.length : Math.max(1, end));
  }

  private fail(packet: readonly Asked[], error: unknown, query: unknown): void {
    if (isRetryable(error)) this.lost = error;
    const done = completed(query);
    for (const [index, one] of packet.entries()) {
      if (index < done.length) one.resolve(done[index]);
      else if (index === done.length) one.reject(error);
      else one.reject(notRun(error));
    }
  }
}

const notRun = (cause: unknown): StatementNotRun => new StatementNotRun('a statement before it failed', { cause });

/** The results that came before the error. The driver keeps them in the command and does not hand them out. */
function completed(query: unknown): unknown[] {
  const { _rows: results, _resultIndex: failed } = query as { _rows?: unknown[]; _resultIndex?: number };
  return (results ?? []).slice(0, failed ?? 0);
}
