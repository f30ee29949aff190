import { normaliseCode } from '../../../kernel';
import { type Reader, sql } from '../../../platform/database';
import { type Actor, inScope } from '../../../platform/permissions';
import type { TransferState } from '../domain/transfer-state';
import { inTransferScope } from './transfer-list';

export interface FoundTransfer {
  id: number;
  number: string;
  state: TransferState;
  fromStoreName: string;
  toStoreName: string;
  businessDate: string;
}

const MOST = 8;

/** Transfers by their number or a part of it, also by that of one of their postings (`…/2`). */
export async function findTransfers(read: Reader, actor: Actor, text: string): Promise<FoundTransfer[]> {
  const code = normaliseCode(text)
    .replace(/\s/g, '')
    .replace(/\/\d*$/, '');
  if (!/^DB?[\dA-Z-]{2,}$|^\d{2,6}-[A-Z0-9-]+$/.test(code)) return [];
  return read.all<FoundTransfer>(
    sql`SELECT t.id, t.number, t.state, fs.name AS from_store_name, ts.name AS to_store_name, t.business_date
      FROM transfer t JOIN store fs ON fs.id = t.from_store_id JOIN store ts ON ts.id = t.to_store_id
      WHERE ${sql.contains('t.number', code)} AND ${inTransferScope(actor, 'inventory.transfer.view', null)}
      ORDER BY t.id DESC ${sql.limit(MOST)}`,
  );
}

export interface WaitingTransfers {
  transfers: number;
  pieces: number;
  /** The earliest day on which one of them should have been there. */
  since: string | null;
}

/** late: on the way too long, either side; coming: on the way to the reader's stores; asked: waiting for the sender's approval. */
export async function waitingTransfers(
  read: Reader,
  actor: Actor,
  what: 'late' | 'coming' | 'asked',
  storeId: number | null,
  today: string,
): Promise<WaitingTransfers> {
  const conditions = {
    late: sql`t.state = 'sent' AND t.expected_on < ${today} AND ${inTransferScope(actor, 'inventory.transfer.view', storeId)}`,
    coming: sql`t.state = 'sent' AND ${inScope('t.to_store_id', actor.scope('inventory.transfer.receive'))}
      AND ${storeId === null ? sql`1 = 1` : sql`t.to_store_id = ${storeId}`}`,
    asked: sql`t.state = 'requested' AND ${inScope('t.from_store_id', actor.scope('inventory.transfer.approve'))}
      AND ${storeId === null ? sql`1 = 1` : sql`t.from_store_id = ${storeId}`}`,
  };
  const pieces = what === 'asked' ? sql`t.quantity` : sql`t.sent - t.received - t.returned - t.lost`;
  const row = await read.one<{ transfers: number; pieces: number | null; since: string | null }>(
    sql`SELECT COUNT(*) AS transfers, SUM(${pieces}) AS pieces, MIN(t.expected_on) AS since FROM transfer t
      WHERE ${conditions[what]}`,
  );
  return { transfers: Number(row?.transfers ?? 0), pieces: Number(row?.pieces ?? 0), since: row?.since ?? null };
}
