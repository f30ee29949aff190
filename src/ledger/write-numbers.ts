import { DomainError, stale } from '../kernel';
import { chunked, duplicateKey, sql } from '../platform/database';
import type { Unit } from '../platform/unit-of-work';
import { tailOf } from './device-reads';
import type { MoveEffect } from './effects';
import type { Identifier, MovedDevice, NewDevice } from './posting';
import { deviceIdentifier } from './tables';

const MOST_NAMED = 20;

/** How many numbers a posting brings. */
export const numbersBrought = (born: readonly NewDevice[], moves: readonly MovedDevice[]): number =>
  [...born.map((one) => one.identifiers), ...moves.map((move) => move.numbers?.add ?? [])].flat().length;

/** Throws 422 ledger:error.number_twice or 409 ledger:error.number_taken with the device that has the number. */
export async function requireFreeNumbers(
  unit: Unit,
  born: readonly NewDevice[],
  moves: readonly MovedDevice[],
): Promise<void> {
  const brought = [...born.map((one) => one.identifiers), ...moves.map((move) => move.numbers?.add ?? [])].flat();
  const values = new Set<string>();
  for (const { value: number } of brought) {
    if (values.has(number)) throw new DomainError('ledger:error.number_twice', { details: { number } });
    values.add(number);
  }
  // Two devices whose numbers were mixed up exchange them in one posting.
  const ended = new Set(moves.flatMap((move) => (move.numbers?.end ?? []).map((one) => one.value)));
  const taken: { number: string; deviceId: number; state: string; storeId: number | null }[] = [];
  for (const chunk of chunked([...values].filter((value) => !ended.has(value))))
    taken.push(
      ...(await unit.all<(typeof taken)[number]>(
        sql`SELECT i.active_key AS number, i.device_id, d.state, d.store_id
          FROM device_identifier i JOIN device d ON d.id = i.device_id
          WHERE i.active_key IN (${sql.list(chunk)}) ORDER BY i.active_key`,
      )),
    );
  if (taken.length === 0) return;
  throw new DomainError('ledger:error.number_taken', {
    status: 409,
    details: { ...taken[0], count: taken.length, devices: taken.slice(0, MOST_NAMED) },
  });
}

interface NewNumber extends Identifier {
  deviceId: number;
  position: number;
}

/** Ends the numbers of void devices and those that are exchanged. Returns what devices get instead. */
export async function endNumbers(unit: Unit, effects: readonly MoveEffect[]): Promise<NewNumber[]> {
  const voided = effects.filter(({ move }) => move.to.state === 'void').map(({ move }) => move.deviceId);
  for (const ids of chunked(voided))
    await unit.execute(
      sql`UPDATE device_identifier SET active_key = NULL, ended_at = ${unit.now}
        WHERE device_id IN (${sql.list(ids)}) AND active_key IS NOT NULL`,
    );
  const added: NewNumber[] = [];
  for (const { move } of effects) if (move.numbers) added.push(...(await exchange(unit, move.deviceId, move.numbers)));
  return added;
}

/** The new number takes the position of the one it replaces. Throws 409 errors:stale when a number ended meanwhile. */
async function exchange(
  unit: Unit,
  deviceId: number,
  { end, add }: { end: readonly Identifier[]; add: readonly Identifier[] },
): Promise<NewNumber[]> {
  const rows = (await unit.find(deviceIdentifier, { deviceId })).filter((row) => row.activeKey !== null);
  const going = end.map(({ value }) => rows.find((row) => row.activeKey === value));
  if (going.includes(undefined)) throw stale();
  if (rows.length - end.length + add.length === 0) throw new Error(`device ${deviceId} would have no number`);
  const ids = going.flatMap((row) => (row ? [row.id] : []));
  if (ids.length > 0)
    await unit.execute(
      sql`UPDATE device_identifier SET active_key = NULL, ended_at = ${unit.now} WHERE id IN (${sql.list(ids)})`,
    );
  const last = Math.max(0, ...rows.map((row) => row.position));
  return add.map((one, index) => ({ ...one, deviceId, position: going[index]?.position ?? last + 1 + index }));
}

/** The numbers of devices that have just been inserted, in order. */
export const numbersOf = (born: readonly { one: NewDevice; id: number }[]): NewNumber[] =>
  born.flatMap(({ one, id }) =>
    one.identifiers.map(({ kind, value }, index) => ({ kind, value, deviceId: id, position: index + 1 })),
  );

/** The unique index decides between two postings that bring the same number at once: 409 ledger:error.number_taken. */
export async function insertNumbers(
  unit: Unit,
  numbers: readonly NewNumber[],
  firstId: number,
  whoHasThem: () => Promise<void>,
): Promise<void> {
  if (numbers.length === 0) return;
  const rows = numbers.map(({ deviceId, kind, value, position }, index) => ({
    id: firstId + index,
    deviceId,
    kind,
    value,
    activeKey: value,
    position,
    tail: tailOf(value),
  }));
  try {
    await unit.insert(deviceIdentifier, rows);
  } catch (error) {
    if (duplicateKey(error)) await whoHasThem();
    throw error;
  }
}
