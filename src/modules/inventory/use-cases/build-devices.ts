import { DomainError, type FieldProblem } from '../../../kernel';
import { type DeviceOnBooks, devicesFor, findByNumbers } from '../../../ledger';
import type { Unit } from '../../../platform/unit-of-work';
import { deviceStatus } from '../domain/device-status';
import { leavingProblem, mayComeIn, readIdentifiers } from '../domain/build';
import { pickedDevices } from '../queries/known-for-change';
import type { StockBuildDeviceRow, StockBuildLineRow } from '../store/build.table';
import type { PostedBuild } from './build-goods';

/** The devices of a document: those in the books are locked, and stand where they must. */
export interface DevicesOfBuild {
  rowsOf: (lineId: number) => readonly StockBuildDeviceRow[];
  /** Row of the document → device in the books; null: it is new. */
  knownOf: (rowId: number) => DeviceOnBooks | null;
  idOf: (rowId: number) => number | null;
}

/** Throws 409 with a problem at each line whose numbers are missing, unknown or not where they must be. */
export async function devicesOfBuild(
  unit: Unit,
  build: PostedBuild,
  rows: readonly StockBuildDeviceRow[],
): Promise<DevicesOfBuild> {
  const known = await locked(unit, rows);
  const picked = await pickedDevices(
    unit,
    [...known.values()].map(({ id }) => id),
  );
  const byLine = Map.groupBy(rows, ({ lineId }) => lineId);
  const linesOut = new Set(build.lines.filter(({ direction }) => direction === 'out').map(({ id }) => id));
  const leaving = new Set(rows.flatMap((one) => (linesOut.has(one.lineId) ? (known.get(one.id)?.id ?? []) : [])));
  const problems = build.lines.flatMap((line) =>
    problemsOf(build, line, byLine.get(line.id) ?? [], { known, picked, leaving }),
  );
  refuse(problems);
  return {
    rowsOf: (lineId) => byLine.get(lineId) ?? [],
    knownOf: (rowId) => known.get(rowId) ?? null,
    idOf: (rowId) => known.get(rowId)?.id ?? null,
  };
}

/** 409 with the first few problems beside the lines, when there is any. */
export function refuse(problems: readonly FieldProblem[]): void {
  if (problems.length === 0) return;
  throw new DomainError('inventory:error.build_refused', {
    status: 409,
    details: { count: problems.length },
    fields: problems.slice(0, 20),
  });
}

/** Row of the document → the device that has one of its numbers now, locked. */
async function locked(unit: Unit, rows: readonly StockBuildDeviceRow[]): Promise<Map<number, DeviceOnBooks>> {
  const numbers = rows.map((row) => readIdentifiers(row.identifiers).map(({ value }) => value));
  const found = (await findByNumbers(unit, [...new Set(numbers.flat())])).filter(({ active }) => active);
  const held = new Map(found.map(({ number, deviceId }) => [number, deviceId]));
  const ids = numbers.map((values) => values.map((value) => held.get(value)).find((id) => id !== undefined));
  const onBooks = await devicesFor(
    unit,
    ids.filter((id) => id !== undefined),
  );
  return new Map(
    rows.flatMap((row, index) => {
      const device = onBooks.get(ids[index] ?? 0);
      return device ? [[row.id, device] as const] : [];
    }),
  );
}

interface Facts {
  known: ReadonlyMap<number, DeviceOnBooks>;
  picked: ReadonlyMap<number, string>;
  leaving: ReadonlySet<number>;
}

function problemsOf(
  { row, cards }: PostedBuild,
  line: StockBuildLineRow,
  rows: readonly StockBuildDeviceRow[],
  { known, picked, leaving }: Facts,
): FieldProblem[] {
  const card = cards.get(line.skuId);
  const name = card?.name ?? '';
  const say = (code: string, details: Record<string, unknown>): FieldProblem => ({
    path: `line.${line.id}`,
    code: `inventory:error.build_${code}`,
    details: { name, ...details },
  });
  if (card?.tracking !== 'serial') return [];
  if (rows.length !== line.quantity) return [say('count', { wanted: line.quantity, given: rows.length })];
  const seen = new Set<number>();
  return rows.flatMap((one): FieldProblem[] => {
    const device = known.get(one.id);
    const number = one.mainNumber;
    if (device && seen.has(device.id)) return [say('device_twice', { number })];
    if (device) seen.add(device.id);
    const details = {
      number,
      status: device ? deviceStatus(device.state, device.bucket) : '',
      transfer: picked.get(device?.id ?? 0) ?? '',
    };
    if (line.direction === 'in') return device && !mayComeIn(device, leaving) ? [say('device_here', details)] : [];
    if (!device) return [say('device_unknown', details)];
    const why = picked.has(device.id)
      ? 'in_transfer'
      : leavingProblem(device, { kind: row.kind, locationId: row.locationId, skuId: line.skuId });
    return why === null ? [] : [say(`device_${why}`, details)];
  });
}
