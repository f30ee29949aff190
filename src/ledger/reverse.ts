import { DomainError, isDomainError } from '../kernel';
import { chunked, type Reader, sql } from '../platform/database';
import type { Unit } from '../platform/unit-of-work';
import { type DeviceOnBooks, devicesFor, openItemsFor } from './books';
import { shownNumbers } from './device-reads';
import { mirror } from './mirror';
import type { PostedDocument, PostResult } from './posting';
import { type ReadPosting, readPosting } from './read-posting';
import { posting as postingTable } from './tables';
import { write } from './writer';

/** A document that was posted later and builds on the one to be reversed. */
export interface Dependent {
  type: string;
  id: number;
  number: string;
  /** The device's number, where it is about one. */
  device?: string;
}

const MOST_NAMED = 20;

/**
 * Writes the mirror of a document's posting with its own date (红冲), found in the books alone. Devices that it brought in
 * become void and their numbers free. Refused while something later depends on it (make a return document instead):
 * 409 ledger:error.has_dependents with `dependents`, or reversal_stock when goods are gone; 409 not_posted, reversed;
 * 422 reversal_date, when it would be dated before the original.
 */
export async function reverse(
  unit: Unit,
  original: { type: string; id: number },
  reversal: PostedDocument,
): Promise<PostResult> {
  const found = await readPosting(unit, original.type, original.id);
  if (!found) throw conflict('ledger:error.not_posted', { type: original.type, id: original.id });
  const number = found.row.documentNumber;
  if ((await unit.find(postingTable, { reversesId: found.row.id })).length > 0)
    throw conflict('ledger:error.reversed', { number });
  if (reversal.businessDate < found.row.businessDate)
    throw new DomainError('ledger:error.reversal_date', { details: { number, date: found.row.businessDate } });
  const devices = await devicesFor(
    unit,
    found.events.map((event) => event.deviceId),
  );
  await openItemsFor(
    unit,
    found.opened.map((item) => item.id),
  );
  await requireNothingLater(unit, found, devices);
  try {
    return await write(unit, mirrorOf(found, devices, reversal), 'reversal', found.row.id);
  } catch (error) {
    if (isDomainError(error) && ['ledger:error.stock_short', 'ledger:error.value_short'].includes(error.code))
      throw conflict('ledger:error.reversal_stock', { ...error.details, number });
    throw error;
  }
}

const conflict = (code: string, details: Record<string, unknown>): DomainError =>
  new DomainError(code, { status: 409, details });

function mirrorOf(found: ReadPosting, devices: Map<number, DeviceOnBooks>, document: PostedDocument) {
  const before = new Map(
    [...found.before].map(([id, facts]) => [id, { stockedOn: devices.get(id)?.stockedOn ?? null, ...facts }]),
  );
  const mirrored = mirror(found.booked, document, before);
  return {
    ...mirrored,
    devices: mirrored.devices.map((move) => ({ ...move, event: 'reversed', detail: { event: move.event } })),
  };
}

async function requireNothingLater(unit: Unit, found: ReadPosting, devices: Map<number, DeviceOnBooks>): Promise<void> {
  const later = found.events.filter((event) => devices.get(event.deviceId)?.lastSeq !== event.seq);
  const items = found.opened.map((item) => item.id);
  const dependents = [
    ...(await laterOfDevices(
      unit,
      later.map((event) => event.deviceId),
      found.row.id,
    )),
    ...(await settlementsOf(unit, items)),
  ];
  if (dependents.length === 0) return;
  throw conflict('ledger:error.has_dependents', {
    number: found.row.documentNumber,
    count: dependents.length,
    list: [...new Set(dependents.map((one) => one.number))].slice(0, MOST_NAMED).join('、'),
    dependents: dependents.slice(0, MOST_NAMED),
  });
}

/** Documents that moved the devices after this posting and are not reversed themselves. */
async function laterOfDevices(read: Reader, deviceIds: readonly number[], postingId: number): Promise<Dependent[]> {
  const dependents: Dependent[] = [];
  for (const ids of chunked(deviceIds)) {
    const rows = await read.all<{ deviceId: number; type: string; id: number; number: string }>(
      sql`SELECT n.device_id, p.document_type AS type, p.document_id AS id, p.document_number AS number
        FROM device_event e JOIN device_event n ON n.device_id = e.device_id AND n.seq > e.seq
        JOIN posting p ON p.id = n.posting_id
        WHERE e.posting_id = ${postingId} AND e.device_id IN (${sql.list(ids)}) AND p.kind = 'post'
        AND NOT EXISTS (SELECT r.id FROM posting r WHERE r.reverses_id = p.id) ORDER BY n.device_id, n.seq`,
    );
    const numbers = await shownNumbers(read, ids);
    for (const { deviceId, ...document } of rows)
      dependents.push({ ...document, device: numbers.get(deviceId) ?? `#${deviceId}` });
  }
  return dependents;
}

/** Documents that settled, and did not take back, something of these items. */
async function settlementsOf(read: Reader, itemIds: readonly number[]): Promise<Dependent[]> {
  const dependents: Dependent[] = [];
  for (const ids of chunked(itemIds)) {
    const rows = await read.all<{ type: string; id: number; number: string }>(
      sql`SELECT p.document_type AS type, p.document_id AS id, p.document_number AS number
        FROM settlement s JOIN open_item i ON i.id = s.open_item_id JOIN posting p ON p.id = s.posting_id
        WHERE s.open_item_id IN (${sql.list(ids)}) AND i.settled_fen <> 0 ORDER BY s.id`,
    );
    dependents.push(...rows);
  }
  return dependents;
}
