import { type Reader, sql } from '../../src/platform/database';

/** Everything the books say about some stores and devices, in two shapes: what adds up, and where each device is. */
export interface Books {
  /** `journal 1405 store 3` → fen, `stock 5/601/0/sellable pieces` → pieces …; without zeros. */
  sums: Map<string, number>;
  /** All facts of a device that is not void, as text. */
  devices: Map<number, string>;
}

export interface BooksScope {
  storeIds: readonly number[];
  /** Only devices with a higher id. */
  afterDeviceId: number;
}

/** Reads the books through the tables, not through the product's queries. */
export async function readBooks(read: Reader, { storeIds, afterDeviceId }: BooksScope): Promise<Books> {
  const sums = new Map<string, number>();
  const add = (key: string, value: unknown): void => {
    if (Number(value) !== 0) sums.set(key, Number(value));
  };
  const stores = sql.list(storeIds);
  type Line = { code: string; storeId: number; partyType: string | null; partyId: number | null; fen: number };
  for (const { code, storeId, partyType, partyId, fen } of await read.all<Line>(
    sql`SELECT a.code, l.store_id, l.party_type, l.party_id, SUM(l.debit_fen) - SUM(l.credit_fen) AS fen
        FROM journal_line l JOIN account a ON a.id = l.account_id WHERE l.store_id IN (${stores})
        GROUP BY a.code, l.store_id, l.party_type, l.party_id ORDER BY a.code`,
  ))
    add(`journal ${code} store ${storeId}${partyType ? ` ${partyType} ${partyId}` : ''}`, fen);
  type Balance = { id: number; skuId: number; bucket: string; locationId: number; quantity: number; valueFen: number };
  for (const row of await read.all<Balance>(
    sql`SELECT id, sku_id, bucket, location_id, quantity, value_fen FROM stock_balance WHERE store_id IN (${stores}) ORDER BY id`,
  )) {
    const key = `stock ${row.locationId}/${row.skuId}/${row.bucket}#${row.id}`;
    add(`${key} pieces`, row.quantity);
    add(`${key} fen`, row.valueFen);
  }
  type Item = { id: number; direction: string; dueFen: number };
  for (const { id, direction, dueFen } of await read.all<Item>(
    sql`SELECT id, direction, amount_fen - settled_fen AS due_fen FROM open_item WHERE store_id IN (${stores}) ORDER BY id`,
  ))
    add(`${direction} #${id} open`, dueFen);
  type Returned = { id: number; returned: number };
  for (const { id, returned } of await read.all<Returned>(
    sql`SELECT l.id, l.returned_quantity AS returned FROM sale_line l JOIN sale s ON s.id = l.sale_id
        WHERE s.store_id IN (${stores}) AND s.kind = ${'sale'} ORDER BY l.id`,
  ))
    add(`line ${id} returned`, returned);
  type Taken = { shiftId: number; kind: string; fen: number };
  for (const { shiftId, kind, fen } of await read.all<Taken>(
    sql`SELECT s.shift_id, t.kind, SUM(t.amount_fen) AS fen FROM sale_tender t JOIN sale s ON s.id = t.sale_id
        WHERE s.store_id IN (${stores}) AND s.state = ${'posted'} GROUP BY s.shift_id, t.kind ORDER BY s.shift_id`,
  ))
    add(`shift ${shiftId} ${kind}`, fen);
  return { sums, devices: await readDevices(read, afterDeviceId) };
}

async function readDevices(read: Reader, afterDeviceId: number): Promise<Map<number, string>> {
  const numbers = new Map<number, string[]>();
  for (const { deviceId, value } of await read.all<{ deviceId: number; value: string }>(
    sql`SELECT device_id, value FROM device_identifier
        WHERE device_id > ${afterDeviceId} AND active_key IS NOT NULL ORDER BY device_id, value`,
  ))
    numbers.set(deviceId, [...(numbers.get(deviceId) ?? []), value]);
  const rows = await read.all<Record<string, unknown> & { id: number; state: string }>(
    sql`SELECT id, state, sku_id, store_id, location_id, bucket, ownership, cost_fen, price_fen, grade, battery_health,
          supplier_id, received_on, stocked_on, maker_warranty_until, shop_warranty_until
        FROM device WHERE id > ${afterDeviceId} ORDER BY id`,
  );
  const devices = new Map<number, string>();
  for (const { id, state, ...facts } of rows) {
    const active = numbers.get(id) ?? [];
    // Received by mistake and reversed: as if it had never come, and its numbers are free.
    if (state === 'void' && active.length === 0) continue;
    const known = Object.entries(facts).filter(([, value]) => value !== null);
    devices.set(id, [state, ...known.map(([name, value]) => `${name} ${String(value)}`), ...active].join(', '));
  }
  return devices;
}

/** What changed between two readings: sums by how much, devices to what (undefined: gone). */
export interface BooksChange {
  sums: Map<string, number>;
  devices: Map<number, string | undefined>;
}

export function changeOf(before: Books, after: Books): BooksChange {
  const sums = new Map<string, number>();
  for (const key of new Set([...before.sums.keys(), ...after.sums.keys()])) {
    const by = (after.sums.get(key) ?? 0) - (before.sums.get(key) ?? 0);
    if (by !== 0) sums.set(key, by);
  }
  const devices = new Map<number, string | undefined>();
  for (const id of new Set([...before.devices.keys(), ...after.devices.keys()]))
    if (before.devices.get(id) !== after.devices.get(id)) devices.set(id, after.devices.get(id));
  return { sums, devices };
}

/** Puts changes on top of a reading, in their order. */
export function withChanges(books: Books, changes: readonly BooksChange[]): Books {
  const sums = new Map(books.sums);
  const devices = new Map(books.devices);
  for (const change of changes) {
    for (const [key, by] of change.sums) {
      const sum = (sums.get(key) ?? 0) + by;
      if (sum === 0) sums.delete(key);
      else sums.set(key, sum);
    }
    for (const [id, facts] of change.devices)
      if (facts === undefined) devices.delete(id);
      else devices.set(id, facts);
  }
  return { sums, devices };
}

/** Lines that tell two readings apart, for a message. */
export function differences(expected: Books, found: Books): string[] {
  const { sums, devices } = changeOf(expected, found);
  const state = (books: Books, id: number): string => books.devices.get(id) ?? 'not there';
  return [
    ...[...sums].map(([key, by]) => `${key}: ${by > 0 ? '+' : ''}${by}`),
    ...[...devices].map(([id]) => `device ${id}: ${state(found, id)} instead of ${state(expected, id)}`),
  ];
}
