import { DomainError, notFound, stale } from '../../../kernel';
import type { Identifier } from '../../../ledger';
import { type Reader, sql } from '../../../platform/database';
import type { Unit } from '../../../platform/unit-of-work';
import { type NumberEvent, type NumberLine, numberMachine, type NumberState } from '../domain/number-change';
import { numberChange, numberChangeLine, type NumberChangeLineRow, type NumberChangeRow } from './number-change.table';

/** Locks it until the end of the unit: two who change it go one after the other. Throws 404. */
export async function lockNumberChange(unit: Unit, id: number): Promise<NumberChangeRow> {
  await unit.lock(numberChange, [id]);
  const row = await unit.get(numberChange, id);
  if (!row) throw notFound('inventory.number', id);
  return row;
}

const wrongState = ({ number }: NumberChangeRow): DomainError =>
  new DomainError('inventory:error.number_state', { status: 409, details: { number } });

/** Throws 409 unless lines may be added and taken off. */
export function assertNumberDraft(row: NumberChangeRow): void {
  if (row.state !== 'draft') throw wrongState(row);
}

/** The state after the event. Throws 409 when another state was seen, or the event does not belong to it. */
export function numberStateAfter(row: NumberChangeRow, event: NumberEvent, version: number): NumberState {
  if (!numberMachine.can(row.state, event)) throw wrongState(row);
  if (row.version !== version) throw stale();
  return numberMachine.next(row.state, event);
}

export const numberLines = (read: Reader, changeId: number): Promise<NumberChangeLineRow[]> =>
  read.rows(numberChangeLine, sql`SELECT * FROM number_change_line WHERE change_id = ${changeId} ORDER BY line_no`);

const identifier = (kind: Identifier['kind'] | null, value: string | null): Identifier | null =>
  kind !== null && value !== null ? { kind, value } : null;

export const asNumberLine = (row: NumberChangeLineRow): NumberLine => ({
  deviceId: row.deviceId,
  before: identifier(row.oldKind, row.oldValue),
  after: identifier(row.newKind, row.newValue),
});

/** Devices and lines as they are now, written into the head. */
export async function writeNumberTotals(unit: Unit, row: NumberChangeRow): Promise<void> {
  const total = await unit.one<{ devices: number | null; lineCount: number }>(
    sql`SELECT COUNT(DISTINCT device_id) AS devices, COUNT(*) AS line_count FROM number_change_line
      WHERE change_id = ${row.id}`,
  );
  const totals = { devices: Number(total?.devices ?? 0), lineCount: Number(total?.lineCount ?? 0) };
  await unit.update(numberChange, row.id, totals, row.version);
}
