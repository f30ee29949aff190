import { DomainError, notFound, stale } from '../kernel';
import { chunked, encodeColumn, type Sql, sql } from '../platform/database';
import type { Unit } from '../platform/unit-of-work';
import { type DeviceOnBooks, devicesFor, heldBy, placeOf } from './books';
import { shownNumbers } from './device-reads';
import type { MoveEffect } from './effects';
import type { DevicePlace, MovedDevice, NewDevice, PostedDocument } from './posting';
import { device, deviceEvent } from './tables';

const samePlace = (a: DevicePlace, b: DevicePlace): boolean =>
  a.state === b.state &&
  a.storeId === b.storeId &&
  a.locationId === b.locationId &&
  a.bucket === b.bucket &&
  a.ownership === b.ownership;

/** Locks the devices and makes sure that each is where the document saw it. Throws 409 ledger:error.device_moved. */
export async function lockMoved(unit: Unit, moves: readonly MovedDevice[]): Promise<Map<number, DeviceOnBooks>> {
  const rows = await devicesFor(
    unit,
    moves.map((move) => move.deviceId),
  );
  const moved = moves.filter(({ deviceId, from }) => {
    const row = rows.get(deviceId);
    return !row || !samePlace(placeOf(row), from);
  });
  for (const { deviceId } of moved) if (!rows.has(deviceId)) throw notFound('ledger.device', deviceId);
  if (moved.length > 0) throw await movedError(unit, moved, rows);
  return rows;
}

const MOST_NAMED = 20;

async function movedError(
  unit: Unit,
  moves: readonly MovedDevice[],
  rows: Map<number, DeviceOnBooks>,
): Promise<DomainError> {
  const named = moves.slice(0, MOST_NAMED);
  const numbers = await shownNumbers(
    unit,
    named.map((move) => move.deviceId),
  );
  const devices = named.map(({ deviceId }) => {
    const { state, storeId, locationId, bucket } = rows.get(deviceId) as DeviceOnBooks;
    return { deviceId, number: numbers.get(deviceId) ?? `#${deviceId}`, state, storeId, locationId, bucket };
  });
  return new DomainError('ledger:error.device_moved', {
    status: 409,
    details: { ...devices[0], count: moves.length, devices },
  });
}

/** Moves devices: one UPDATE for all that go the same way. The condition on the old place repeats what the lock promises. */
export async function updateDevices(unit: Unit, effects: readonly MoveEffect[]): Promise<void> {
  const groups = new Map<string, MoveEffect[]>();
  for (const effect of effects) {
    const { move, facts } = effect;
    const key = JSON.stringify([move.from, move.to, facts]);
    const group = groups.get(key);
    if (group) group.push(effect);
    else groups.set(key, [effect]);
  }
  for (const group of groups.values()) for (const chunk of chunked(group, 200)) await updateAlike(unit, chunk);
}

async function updateAlike(unit: Unit, effects: readonly MoveEffect[]): Promise<void> {
  const first = effects[0];
  if (!first) return;
  const { from, to } = first.move;
  const ids = effects.map(({ move }) => move.deviceId).sort((a, b) => a - b);
  const sets = [
    ...Object.entries({ ...to, ...first.facts }).map(([property, value]) => assign(property, value)),
    sql`last_seq = last_seq + 1`,
    sql`version = version + 1`,
  ];
  const changed = effects.filter(({ costChangeFen }) => costChangeFen !== 0);
  if (changed.length > 0) sets.push(sql`cost_fen = cost_fen + ${costChanges(effects)}`);
  const place = Object.entries(from).map(([property, value]) => equals(property, value));
  const affected = await unit.execute(
    sql`UPDATE device SET ${sql.join(sets)} WHERE id IN (${sql.list(ids)}) AND ${sql.all(place)}`,
  );
  if (affected !== ids.length) throw stale();
}

function costChanges(effects: readonly MoveEffect[]): Sql {
  const amounts = new Set(effects.map(({ costChangeFen }) => costChangeFen));
  if (amounts.size === 1) return sql`${[...amounts][0] ?? 0}`;
  const arms = effects.map(({ move, costChangeFen }) => sql`WHEN ${move.deviceId} THEN ${costChangeFen}`);
  return sql`CASE id ${sql.join(arms, ' ')} ELSE 0 END`;
}

function assign(property: string, value: unknown): Sql {
  const { column, bound } = encodeColumn(device, property, value);
  return sql`${sql.identifier(column)} = ${bound}`;
}

function equals(property: string, value: unknown): Sql {
  const { column, bound } = encodeColumn(device, property, value);
  return bound === null ? sql`${sql.identifier(column)} IS NULL` : sql`${sql.identifier(column)} = ${bound}`;
}

/** Their numbers follow with those of other devices (see write-numbers). */
export function newDevices(
  postingId: number,
  born: readonly NewDevice[],
  { businessDate }: PostedDocument,
  firstId: number,
): DeviceOnBooks[] {
  return born.map((one, index) => {
    const { skuId, to, costFen, priceFen = null, grade = null, batteryHealth = null, supplierId = null } = one;
    return {
      id: firstId + index,
      skuId,
      ...to,
      costFen,
      priceFen,
      grade,
      batteryHealth,
      supplierId,
      receivedOn: one.receivedOn ?? businessDate,
      stockedOn: one.stockedOn === undefined && to.bucket !== null ? businessDate : (one.stockedOn ?? null),
      makerWarrantyUntil: one.makerWarrantyUntil ?? null,
      shopWarrantyUntil: one.shopWarrantyUntil ?? null,
      sourcePostingId: postingId,
      lastSeq: 1,
      version: 1,
    };
  });
}

/** One event for each device of the posting. */
export async function insertEvents(
  unit: Unit,
  postingId: number,
  effects: readonly MoveEffect[],
  born: readonly { one: NewDevice; id: number }[],
  { businessDate }: PostedDocument,
  firstId: number,
): Promise<void> {
  const common = {
    at: unit.now,
    businessDate,
    postingId,
    actorId: unit.actor.userId,
    actorName: unit.actor.name,
  };
  const moved = effects.map(({ move, row, costChangeFen, costAfterFen, changes }) => ({
    ...common,
    deviceId: move.deviceId,
    seq: row.lastSeq + 1,
    event: move.event,
    fromState: move.from.state,
    fromStoreId: move.from.storeId,
    fromLocationId: move.from.locationId,
    fromBucket: move.from.bucket,
    fromOwnership: move.from.ownership,
    ...toColumns(move.to),
    costChangeFen,
    costAfterFen,
    changes,
    detail: move.detail ?? null,
  }));
  const arrived = born.map(({ one, id }) => ({
    ...common,
    deviceId: id,
    seq: 1,
    event: one.event,
    ...toColumns(one.to),
    costChangeFen: one.costFen,
    costAfterFen: one.costFen,
    detail: one.detail ?? null,
  }));
  await unit.insert(
    deviceEvent,
    [...moved, ...arrived].map((row, index) => ({ ...row, id: firstId + index })),
  );
}

const toColumns = (to: DevicePlace) => ({
  toState: to.state,
  toStoreId: to.storeId,
  toLocationId: to.locationId,
  toBucket: to.bucket,
  toOwnership: to.ownership,
});

/** What the unit holds of the devices is what the database holds again. */
export function rememberDevices(unit: Unit, effects: readonly MoveEffect[], born: readonly DeviceOnBooks[]): void {
  const held = heldBy(unit).devices;
  for (const { move, row, facts, costAfterFen } of effects) {
    const next = {
      ...row,
      ...move.to,
      ...facts,
      costFen: costAfterFen,
      lastSeq: row.lastSeq + 1,
      version: row.version + 1,
    };
    held.set(row.id, next);
  }
  for (const row of born) held.set(row.id, row);
}
