import { DomainError, notFound, stale } from '../../../kernel';
import { chunked, type Reader, sql } from '../../../platform/database';
import type { Unit } from '../../../platform/unit-of-work';
import { type TransferEvent, transferMachine } from '../domain/transfer-state';
import {
  transfer,
  transferDevice,
  type TransferDeviceRow,
  transferLine,
  type TransferLineRow,
  transferPart,
  type TransferPartRow,
  type TransferRow,
  transferStep,
  type TransferStepRow,
} from './transfer.table';

/** Throws 404 when there is no such transfer. */
export async function getTransfer(read: Reader, id: number): Promise<TransferRow> {
  const found = await read.get(transfer, id);
  if (!found) throw notFound('inventory.transfer', id);
  return found;
}

/** Locks the transfer until the end of the unit: two who change it go one after the other. */
export async function lockTransfer(unit: Unit, id: number, version?: number): Promise<TransferRow> {
  await unit.lock(transfer, [id]);
  const row = await getTransfer(unit, id);
  if (version !== undefined && row.version !== version) throw stale();
  return row;
}

/** Throws 409, in words, when the transfer is in no state for this. */
export function requireTransfer(row: TransferRow, event: TransferEvent): void {
  if (!transferMachine.can(row.state, event)) throw wrongState(row);
}

export const wrongState = ({ number, state }: TransferRow): DomainError =>
  new DomainError('inventory:error.transfer_state', { status: 409, details: { number, state } });

export const transferLines = (read: Reader, transferId: number): Promise<TransferLineRow[]> =>
  read.rows(transferLine, sql`SELECT * FROM transfer_line WHERE transfer_id = ${transferId} ORDER BY line_no`);

export const transferDevices = (
  read: Reader,
  transferId: number,
  state: TransferDeviceRow['state'],
): Promise<TransferDeviceRow[]> =>
  read.rows(
    transferDevice,
    sql`SELECT * FROM transfer_device WHERE transfer_id = ${transferId} AND state = ${state} ORDER BY seq`,
  );

/** Goods still on the way, in the order in which they are taken. */
export const openParts = (read: Reader, transferId: number): Promise<TransferPartRow[]> =>
  read.rows(
    transferPart,
    sql`SELECT * FROM transfer_part WHERE transfer_id = ${transferId} AND open_quantity > 0 ORDER BY id`,
  );

export const transferSteps = (read: Reader, transferId: number): Promise<TransferStepRow[]> =>
  read.rows(transferStep, sql`SELECT * FROM transfer_step WHERE transfer_id = ${transferId} ORDER BY step_no`);

/** The last place in the order of scanning. */
export async function lastDeviceSeq(read: Reader, transferId: number): Promise<number> {
  const row = await read.one<{ seq: number | null }>(
    sql`SELECT MAX(seq) AS seq FROM transfer_device WHERE transfer_id = ${transferId}`,
  );
  return Number(row?.seq ?? 0);
}

/** Writes the same changes to these devices of a transfer: a statement per 500. */
export async function markDevices(
  unit: Unit,
  rowIds: readonly number[],
  changes: Partial<
    Pick<TransferDeviceRow, 'state' | 'arrivedAt' | 'arrivedByName' | 'damaged' | 'sendStepId' | 'endStepId'>
  >,
): Promise<void> {
  const sets = Object.entries(changes).map(
    ([name, value]) =>
      sql`${sql.identifier(COLUMNS[name as keyof typeof COLUMNS])} = ${typeof value === 'boolean' ? Number(value) : value}`,
  );
  for (const chunk of chunked(rowIds))
    await unit.execute(sql`UPDATE transfer_device SET ${sql.join(sets)} WHERE id IN (${sql.list(chunk)})`);
}

const COLUMNS = {
  state: 'state',
  arrivedAt: 'arrived_at',
  arrivedByName: 'arrived_by_name',
  damaged: 'damaged',
  sendStepId: 'send_step_id',
  endStepId: 'end_step_id',
} as const;

/** Writes lines that changed and raises the version of the transfer, whose sums follow from the lines. */
export async function writeTransfer(
  unit: Unit,
  row: TransferRow,
  before: readonly TransferLineRow[],
  after: readonly TransferLineRow[],
  changes: Partial<TransferRow> = {},
): Promise<TransferRow> {
  const old = new Map(before.map((line) => [line.id, line]));
  for (const line of after) {
    const known = old.get(line.id);
    if (!known) continue;
    const changed = Object.entries(line).filter(([name, value]) => known[name as keyof TransferLineRow] !== value);
    if (changed.length > 0) await unit.update(transferLine, line.id, Object.fromEntries(changed));
  }
  const sum = (of: 'quantity' | 'sent' | 'received' | 'returned' | 'lost'): number =>
    after.reduce((total, line) => total + line[of], 0);
  const totals = {
    quantity: sum('quantity'),
    sent: sum('sent'),
    received: sum('received'),
    returned: sum('returned'),
    lost: sum('lost'),
  };
  await unit.update(transfer, row.id, { ...totals, ...changes }, row.version);
  return { ...row, ...totals, ...changes, version: row.version + 1 };
}

/** Of a line's pieces that were sent, those that are still on the way. */
export const openOf = ({
  sent,
  received,
  returned,
  lost,
}: Pick<TransferLineRow, 'sent' | 'received' | 'returned' | 'lost'>): number => sent - received - returned - lost;
