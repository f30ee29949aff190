import { DomainError, invalidField } from '../../../kernel';
import { activeNumbers, findByNumbers, type FoundNumber, type Identifier, storedForms } from '../../../ledger';
import { sql, type Reader } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { storesByIds } from '../../organization';
import { lineKeyOf, mayChangeNumbers, type NumberLine, type NumberWay, swapLines } from '../domain/number-change';
import { readNumber, readPairs } from '../domain/read-number-pairs';
import {
  assertNumberDraft,
  asNumberLine,
  lockNumberChange,
  numberLines,
  writeNumberTotals,
} from '../store/number-change.store';
import { numberChangeLine, type NumberChangeRow } from '../store/number-change.table';

export const NUMBER_PERMISSION = 'inventory.number.change';
/** To take a number whose check digit is wrong. */
export const NUMBER_OVERRIDE = 'inventory.number.override';
export const MOST_NUMBER_LINES = 500;

/** One correction as a person writes it down. */
export interface NumberEntry {
  way: NumberWay;
  /** A number the device has now. */
  current: string;
  /** The new number; for `swap` a number of the other device; nothing for `end`. */
  other: string;
  /** Take it although its check digit is wrong. */
  override: boolean;
}

export interface ReadEntry {
  storeId: number;
  lines: (NumberLine & { checkOverride: boolean })[];
}

/** Reads one correction against the books; throws 422 at `current` or `other`, 403 for a store that is not the actor's. */
export async function readEntry(read: Reader, actor: Actor, entry: NumberEntry): Promise<ReadEntry> {
  const device = await heldDevice(read, entry.current, 'current');
  const storeId = requireReachable(device, 'current');
  authorise(actor, NUMBER_PERMISSION, storeId);
  const before: Identifier = { kind: device.kind, value: device.number };
  if (entry.way === 'end')
    return { storeId, lines: [{ deviceId: device.deviceId, before, after: null, checkOverride: false }] };
  if (entry.way === 'swap') return { storeId, lines: await readSwap(read, device, storeId, entry.other) };
  const { identifier, doubtful, problem } = readNumber(entry.other);
  if (!identifier || (doubtful && !entry.override))
    throw invalidField('other', problem?.code ?? 'errors:field.invalid', { text: entry.other, ...problem?.details });
  if (doubtful) authorise(actor, NUMBER_OVERRIDE, storeId);
  if (identifier.value === device.number) throw invalidField('other', 'inventory:error.number_same');
  const line = { deviceId: device.deviceId, after: identifier, checkOverride: doubtful };
  return { storeId, lines: [{ ...line, before: entry.way === 'add' ? null : before }] };
}

async function readSwap(read: Reader, device: FoundNumber, storeId: number, text: string): Promise<ReadEntry['lines']> {
  const other = await heldDevice(read, text, 'other');
  if (other.deviceId === device.deviceId) throw invalidField('other', 'inventory:error.number_same_device');
  if (requireReachable(other, 'other') !== storeId) {
    const stores = await storesByIds(read, [other.storeId ?? 0]);
    const store = stores.get(other.storeId ?? 0)?.name ?? '';
    throw invalidField('other', 'inventory:error.number_other_store', { number: other.number, store });
  }
  const numbers = await activeNumbers(read, [device.deviceId, other.deviceId]);
  const of = (deviceId: number) => ({ deviceId, numbers: numbers.get(deviceId) ?? [] });
  return swapLines(of(device.deviceId), of(other.deviceId)).map((line) => ({ ...line, checkOverride: false }));
}

/** The device that has this number now; a number it had once is told with the one that is valid. */
async function heldDevice(read: Reader, text: string, path: string): Promise<FoundNumber> {
  const typed = readNumber(text).identifier?.value ?? storedForms(text)[0] ?? '';
  const found = typed === '' ? [] : await findByNumbers(read, [typed]);
  const active = found.find((one) => one.active);
  if (active) return active;
  const [old] = found;
  if (!old) throw invalidField(path, 'inventory:error.number_unknown', { number: typed || text.slice(0, 40) });
  const [now] = (await activeNumbers(read, [old.deviceId])).get(old.deviceId) ?? [];
  throw invalidField(path, 'inventory:error.number_ended', { number: old.number, now: now?.value ?? '' });
}

function requireReachable({ state, storeId, number }: FoundNumber, path: string): number {
  if (!mayChangeNumbers(state) || storeId === null)
    throw invalidField(path, 'inventory:error.number_unreachable', { number });
  return storeId;
}

/** Adds a correction to a draft. Throws 422 at the field that is wrong. */
export function addNumberEntry(
  uow: UnitOfWork,
  actor: Actor,
  { id, ...entry }: NumberEntry & { id: number },
  options?: RunOptions,
): Promise<{ lines: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockNumberDraft(unit, actor, id);
      const { storeId, lines } = await readEntry(unit, actor, entry);
      await requireStore(unit, row, storeId, entry.current);
      await insertNumberLines(unit, row, lines);
      return { lines: lines.length };
    },
    options,
  );
}

/** A list of old and new numbers: all of them or none; each line that is wrong is named (422). */
export function pasteNumberPairs(
  uow: UnitOfWork,
  actor: Actor,
  { id, text }: { id: number; text: string },
  options?: RunOptions,
): Promise<{ lines: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockNumberDraft(unit, actor, id);
      const pairs = readPairs(text);
      if (pairs.length > MOST_NUMBER_LINES) throw tooMany();
      const held = await findByNumbers(
        unit,
        pairs.flatMap(({ before }) => readNumber(before).identifier?.value ?? storedForms(before)),
      );
      const active = new Map(held.filter((one) => one.active).map((one) => [one.number, one]));
      const fields: { path: string; code: string; details: Record<string, unknown> }[] = [];
      const lines = pairs.flatMap(({ line, text: shown, before, after }): ReadEntry['lines'] => {
        const wrong = (code: string, details: object = {}): [] => {
          fields.push({
            path: `line.${line}`,
            code: `inventory:error.${code}`,
            details: { line, text: shown, ...details },
          });
          return [];
        };
        if (after === '') return wrong('number_pair');
        const device = active.get(readNumber(before).identifier?.value ?? storedForms(before)[0] ?? '');
        if (!device) return wrong('number_pair_unknown', { number: before });
        if (device.storeId !== row.storeId || !mayChangeNumbers(device.state))
          return wrong('number_pair_elsewhere', { number: before });
        const { identifier, doubtful } = readNumber(after);
        if (!identifier || doubtful || identifier.value === device.number)
          return wrong('number_pair_new', { number: after });
        const old = { kind: device.kind, value: device.number };
        return [{ deviceId: device.deviceId, before: old, after: identifier, checkOverride: false }];
      });
      if (pairs.length === 0) throw new DomainError('inventory:error.number_nothing');
      if (fields.length > 0)
        throw new DomainError('inventory:error.number_pairs', { details: { count: fields.length }, fields });
      await insertNumberLines(unit, row, lines);
      return { lines: lines.length };
    },
    options,
  );
}

export function removeNumberLine(
  uow: UnitOfWork,
  actor: Actor,
  { id, lineId }: { id: number; lineId: number },
  options?: RunOptions,
): Promise<void> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockNumberDraft(unit, actor, id);
      await unit.execute(sql`DELETE FROM number_change_line WHERE change_id = ${row.id} AND id = ${lineId}`);
      await writeNumberTotals(unit, row);
    },
    options,
  );
}

async function lockNumberDraft(unit: Unit, actor: Actor, id: number): Promise<NumberChangeRow> {
  const row = await lockNumberChange(unit, id);
  authorise(actor, NUMBER_PERMISSION, row.storeId);
  assertNumberDraft(row);
  return row;
}

async function requireStore(read: Reader, row: NumberChangeRow, storeId: number, number: string): Promise<void> {
  if (storeId === row.storeId) return;
  const store = (await storesByIds(read, [storeId])).get(storeId)?.name ?? '';
  throw invalidField('current', 'inventory:error.number_other_store', { number, store });
}

const tooMany = (): DomainError =>
  new DomainError('inventory:error.change_lines', { details: { max: MOST_NUMBER_LINES } });

/** Each number leaves once and arrives once in a document; throws 422 with the number otherwise. */
export async function insertNumberLines(
  unit: Unit,
  row: NumberChangeRow,
  lines: readonly (NumberLine & { checkOverride: boolean })[],
): Promise<void> {
  const before = await numberLines(unit, row.id);
  if (before.length + lines.length > MOST_NUMBER_LINES) throw tooMany();
  const leaving = new Set<string>();
  const arriving = new Set<string>();
  for (const line of [...before.map(asNumberLine), ...lines])
    for (const [seen, one] of [
      [leaving, line.before],
      [arriving, line.after],
    ] as const) {
      if (!one) continue;
      if (seen.has(one.value))
        throw new DomainError('inventory:error.number_twice', { details: { number: one.value } });
      seen.add(one.value);
    }
  const last = before.at(-1)?.lineNo ?? 0;
  const firstId = unit.takeIds(numberChangeLine, lines.length);
  await unit.insert(
    numberChangeLine,
    lines.map((line, index) => ({
      id: firstId + index,
      changeId: row.id,
      lineNo: last + index + 1,
      lineKey: lineKeyOf(line),
      deviceId: line.deviceId,
      oldKind: line.before?.kind ?? null,
      oldValue: line.before?.value ?? null,
      newKind: line.after?.kind ?? null,
      newValue: line.after?.value ?? null,
      checkOverride: line.checkOverride,
      addedAt: unit.now,
      addedBy: unit.actor.userId,
      addedByName: unit.actor.name,
    })),
  );
  await writeNumberTotals(unit, row);
}
