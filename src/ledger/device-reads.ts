import { completeImei, normaliseCode } from '../kernel';
import { chunked, decodeRow, type Reader, type Row, type Sql, sql } from '../platform/database';
import type { Bucket, DeviceState, Identifier, IdentifierKind, Ownership } from './posting';
import { device, deviceEvent, deviceIdentifier } from './tables';

/** A number and the device that has it, or had it (`active` false). */
export interface FoundNumber {
  number: string;
  kind: IdentifierKind;
  active: boolean;
  deviceId: number;
  skuId: number;
  state: DeviceState;
  storeId: number | null;
  locationId: number | null;
  bucket: Bucket | null;
  ownership: Ownership;
}

const NUMBER_COLUMNS = sql`i.value AS number_value, i.kind, i.active_key, d.id AS device_id, d.sku_id, d.state, d.store_id,
  d.location_id, d.bucket, d.ownership`;

interface NumberRow extends Omit<FoundNumber, 'number' | 'active'> {
  numberValue: string;
  activeKey: string | null;
}

const found = ({ numberValue, activeKey, ...rest }: NumberRow): FoundNumber => ({
  ...rest,
  number: numberValue,
  active: activeKey !== null,
});

/** The stored forms that a typed or scanned number may have: without blanks, 14 digits also with their check digit. */
export function storedForms(number: string): string[] {
  const plain = normaliseCode(number).replace(/\s/g, '');
  return /^\d{14}$/.test(plain) ? [plain, completeImei(plain)] : [plain];
}

/**
 * Which devices have or had these numbers; active ones first. A number nobody has is absent. The answer names stored
 * forms (see storedForms).
 */
export async function findByNumbers(read: Reader, numbers: readonly string[]): Promise<FoundNumber[]> {
  const values = [...new Set(numbers.flatMap(storedForms))].filter(Boolean);
  const all: FoundNumber[] = [];
  for (const chunk of chunked(values)) {
    const rows = await read.all<NumberRow>(
      sql`SELECT ${NUMBER_COLUMNS} FROM device_identifier i JOIN device d ON d.id = i.device_id
        WHERE i.value IN (${sql.list(chunk)}) ORDER BY i.id`,
    );
    all.push(...rows.map(found));
  }
  return all.sort((a, b) => Number(b.active) - Number(a.active));
}

/** Devices by the last 3 to 8 characters of an active number, as people read them out; at most `most`. */
export async function findByNumberEnd(read: Reader, end: string, most: number): Promise<FoundNumber[]> {
  const plain = normaliseCode(end).replace(/\s/g, '');
  if (plain.length < 3 || plain.length > 8) return [];
  const rows = await read.all<NumberRow>(
    sql`SELECT ${NUMBER_COLUMNS} FROM device_identifier i JOIN device d ON d.id = i.device_id
      WHERE ${numberEndsWith('i.tail', plain)} AND i.active_key IS NOT NULL ORDER BY i.id ${sql.limit(most)}`,
  );
  return rows.map(found);
}

/**
 * A condition on `device_identifier.tail`: the number ends with this (its last 8 characters are compared). A range, because
 * SQLite uses no index for LIKE; '~' is behind every character of a number.
 */
export function numberEndsWith(column: string, end: string): Sql {
  const from = tailOf(end);
  return sql`(${sql.identifier(column)} >= ${from} AND ${sql.identifier(column)} < ${`${from}~`})`;
}

/** The last 8 characters backwards: what `device_identifier.tail` holds. */
export const tailOf = (value: string): string => [...value].reverse().slice(0, 8).join('');

export interface LifeEvent extends Row<typeof deviceEvent> {
  documentType: string;
  documentId: number;
  documentNumber: string;
  /** `post` or `reversal`. */
  postingKind: string;
}

export interface DeviceLife {
  device: Row<typeof device>;
  /** The one shown first at the front; ended ones too. */
  identifiers: Row<typeof deviceIdentifier>[];
  /** Oldest first. */
  events: LifeEvent[];
}

/** All there is about a device, in three reads. Cost and supplier are in it: the caller hides them without the right. */
export async function deviceLife(read: Reader, deviceId: number): Promise<DeviceLife | undefined> {
  const row = await read.get(device, deviceId);
  if (!row) return undefined;
  const identifiers = await read.find(deviceIdentifier, { deviceId });
  const events = await read.all<Record<string, unknown>>(
    sql`SELECT e.*, p.document_type, p.document_id, p.document_number, p.kind AS posting_kind
      FROM device_event e JOIN posting p ON p.id = e.posting_id WHERE e.device_id = ${deviceId} ORDER BY e.seq`,
  );
  return {
    device: row,
    identifiers: identifiers.sort(
      (a, b) => Number(a.endedAt !== null) - Number(b.endedAt !== null) || a.position - b.position,
    ),
    events: events.map((raw) => ({
      ...decodeRow(deviceEvent, raw),
      documentType: raw['documentType'] as string,
      documentId: Number(raw['documentId']),
      documentNumber: raw['documentNumber'] as string,
      postingKind: raw['postingKind'] as string,
    })),
  };
}

/** The number shown first of each device, for lists and messages. */
export async function shownNumbers(read: Reader, deviceIds: readonly number[]): Promise<Map<number, string>> {
  const numbers = new Map<number, string>();
  for (const chunk of chunked(deviceIds)) {
    const rows = await read.all<{ deviceId: number; value: string }>(
      sql`SELECT device_id, value FROM device_identifier WHERE device_id IN (${sql.list(chunk)})
        ORDER BY device_id, CASE WHEN active_key IS NULL THEN 1 ELSE 0 END, position, id`,
    );
    for (const row of rows) if (!numbers.has(row.deviceId)) numbers.set(row.deviceId, row.value);
  }
  return numbers;
}

/** The active numbers of each device, the one shown first in front. */
export async function activeNumbers(read: Reader, deviceIds: readonly number[]): Promise<Map<number, Identifier[]>> {
  const numbers = new Map<number, Identifier[]>();
  for (const chunk of chunked([...new Set(deviceIds)])) {
    const rows = await read.all<Identifier & { deviceId: number }>(
      sql`SELECT device_id, kind, value FROM device_identifier
        WHERE device_id IN (${sql.list(chunk)}) AND active_key IS NOT NULL ORDER BY device_id, position, id`,
    );
    for (const { deviceId, kind, value } of rows)
      numbers.set(deviceId, [...(numbers.get(deviceId) ?? []), { kind, value }]);
  }
  return numbers;
}
