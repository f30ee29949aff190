import { decodeRow, type Reader, type Row, sql } from '../platform/database';
import type { AccountBook } from './account-role';
import type { BookedLine } from './check-posting';
import { numbersFromText } from './effects';
import { BEFORE_ARRIVAL, type BookedMoves } from './mirror';
import type { DeviceFacts, DevicePlace, MovedDevice, StockMove } from './posting';
import { deviceEvent, journalLine, openItem, posting as postingTable, settlement, stockEntry } from './tables';

export type PostingRow = Row<typeof postingTable>;
type EventRow = Row<typeof deviceEvent>;

/** A posting read back from all books. */
export interface ReadPosting {
  row: PostingRow;
  booked: BookedMoves;
  events: EventRow[];
  opened: Row<typeof openItem>[];
  /** What the facts of each device were before. */
  before: Map<number, DeviceFacts>;
}

/** The posting of a document, or undefined when it is not posted. */
export async function readPosting(read: Reader, type: string, id: number): Promise<ReadPosting | undefined> {
  const [row] = await read.find(postingTable, { documentType: type, documentId: id, kind: 'post' });
  if (!row) return undefined;
  const postingId = row.id;
  const events = await read.find(deviceEvent, { postingId });
  const opened = await read.find(openItem, { postingId });
  const settled = await read.find(settlement, { postingId });
  const before = new Map(events.map((event) => [event.deviceId, factsBefore(event)]));
  const { documentType, documentId, documentNumber, businessDate, storeId } = row;
  const booked: BookedMoves = {
    document: { type: documentType, id: documentId, number: documentNumber, businessDate, storeId },
    devices: events.map(moveOf),
    stock: await readStock(read, postingId),
    lines: await readLines(read, postingId),
    openItems: [
      ...opened.map((item) => ({ kind: 'settle' as const, openItemId: item.id, amountFen: -item.amountFen })),
      ...settled.map(({ openItemId, amountFen }) => ({ kind: 'settle' as const, openItemId, amountFen })),
    ],
  };
  return { row, booked, events, opened, before };
}

function moveOf(event: EventRow): MovedDevice {
  const from: DevicePlace =
    event.fromState === null
      ? BEFORE_ARRIVAL
      : {
          state: event.fromState,
          storeId: event.fromStoreId,
          locationId: event.fromLocationId,
          bucket: event.fromBucket,
          ownership: event.fromOwnership ?? 'own',
        };
  const to: DevicePlace = {
    state: event.toState,
    storeId: event.toStoreId,
    locationId: event.toLocationId,
    bucket: event.toBucket,
    ownership: event.toOwnership,
  };
  const { deviceId, costChangeFen } = event;
  const move: MovedDevice = { kind: 'move', deviceId, from, to, costChangeFen, event: event.event };
  const numbers = event.changes?.['numbers'];
  return numbers ? { ...move, numbers: { end: numbersFromText(numbers[0]), add: numbersFromText(numbers[1]) } } : move;
}

function factsBefore({ changes }: EventRow): DeviceFacts {
  return Object.fromEntries(
    Object.entries(changes ?? {})
      .filter(([name]) => name !== 'numbers')
      .map(([name, [before]]) => [name, before]),
  ) as DeviceFacts;
}

/** Entries of goods without numbers; those of devices follow from their moves. */
async function readStock(read: Reader, postingId: number): Promise<StockMove[]> {
  const rows = await read.all<Record<string, unknown>>(
    sql`SELECT e.* FROM stock_entry e JOIN stock_balance b ON b.id = e.balance_id
      WHERE e.posting_id = ${postingId} AND b.by_device = 0 ORDER BY e.id`,
  );
  return rows.map((raw) => {
    const { storeId, locationId, skuId, batchKey, bucket, quantity, valueFen } = decodeRow(stockEntry, raw);
    return { storeId, locationId, skuId, batchId: batchKey === 0 ? null : batchKey, bucket, quantity, valueFen };
  });
}

async function readLines(read: Reader, postingId: number): Promise<BookedLine[]> {
  const rows = await read.all<Record<string, unknown>>(
    sql`SELECT l.*, a.book FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id
      JOIN account a ON a.id = l.account_id WHERE e.posting_id = ${postingId} ORDER BY l.line_no`,
  );
  return rows.map((raw) => {
    const { accountId, debitFen, creditFen, storeId, partyType, partyId, skuId } = decodeRow(journalLine, raw);
    const book = (raw['book'] ?? null) as AccountBook | null;
    return { accountId, book, debitFen, creditFen, storeId, partyType, partyId, skuId };
  });
}
