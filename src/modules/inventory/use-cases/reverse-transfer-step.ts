import { DomainError, notFound } from '../../../kernel';
import { reverse } from '../../../ledger';
import { sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { lockTransfer, transferLines, transferSteps, writeTransfer } from '../store/transfer.store';
import {
  transferDevice,
  type TransferDeviceRow,
  type TransferLineRow,
  transferPart,
  type TransferPartRow,
  type TransferRow,
  transferStep,
  type TransferStepRow,
  transferTake,
} from '../store/transfer.table';
import { requireReason } from './decide-transfer';
import { movePartsOpen } from './end-transit';

export interface ReverseTransferStep {
  transferId: number;
  stepId: number;
  version: number;
  reason: string;
}

/**
 * Takes back a posting of a transfer (红冲): goods that arrived, came back or were written off are on the way again; goods that
 * were sent are on their shelf again and the transfer may be sent anew. The ledger refuses while anything depends on it.
 */
export function reverseTransferStep(
  uow: UnitOfWork,
  actor: Actor,
  { transferId, stepId, version, reason: text }: ReverseTransferStep,
  options?: RunOptions,
): Promise<{ id: number; reversalNumber: string }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockTransfer(unit, transferId, version);
      const step = (await transferSteps(unit, row.id)).find(({ id }) => id === stepId);
      if (!step) throw notFound('inventory.transfer_step', stepId);
      const storeId = step.kind === 'send' || step.kind === 'return' ? row.fromStoreId : row.toStoreId;
      authorise(actor, 'inventory.transfer.reverse', storeId);
      if (step.state !== 'posted')
        throw new DomainError('inventory:error.transfer_step_reversed', {
          status: 409,
          details: { number: step.number },
        });
      const reason = requireReason(text, true);
      const lines = await transferLines(unit, row.id);
      const devices = await devicesOf(unit, row, step);
      const parts = await partsOf(unit, row, step);
      if (step.kind === 'send' && parts.some((part) => part.openQuantity !== part.quantity))
        throw new DomainError('inventory:error.transfer_step_used', { status: 409, details: { number: step.number } });
      const reversalNumber = `${row.number}/${row.stepCount + 1}`;
      const document = { type: 'inventory.transfer_step', id: step.id, storeId };
      await reverse(unit, document, { ...document, number: reversalNumber, businessDate: unit.today });
      await unit.update(transferStep, step.id, { state: 'reversed', reversedAt: unit.now, reversalNumber });
      if (step.kind === 'send') await putBack(unit, row, step, lines, devices, parts);
      else await putOnTheWay(unit, row, step, lines, devices, parts);
      await unit.audit({
        action: 'inventory.transfer.reverse',
        subjectType: 'inventory.transfer',
        subjectId: row.id,
        storeId,
        detail: { number: step.number, reversalNumber, kind: step.kind, quantity: step.quantity, reason },
      });
      return { id: row.id, reversalNumber };
    },
    options,
  );
}

const devicesOf = (unit: Unit, row: TransferRow, { id, kind }: TransferStepRow): Promise<TransferDeviceRow[]> => {
  const column = sql.identifier(kind === 'send' ? 'send_step_id' : 'end_step_id');
  return unit.rows(
    transferDevice,
    sql`SELECT * FROM transfer_device WHERE transfer_id = ${row.id} AND ${column} = ${id} ORDER BY seq`,
  );
};

const partsOf = (unit: Unit, row: TransferRow, { id, kind }: TransferStepRow): Promise<TransferPartRow[]> =>
  unit.rows(
    transferPart,
    kind === 'send'
      ? sql`SELECT * FROM transfer_part WHERE step_id = ${id} ORDER BY id`
      : sql`SELECT * FROM transfer_part WHERE transfer_id = ${row.id} ORDER BY id`,
  );

/** The sending is undone: what was sent is picked again, ready to be sent anew or taken off. */
async function putBack(
  unit: Unit,
  row: TransferRow,
  step: TransferStepRow,
  lines: readonly TransferLineRow[],
  devices: readonly TransferDeviceRow[],
  parts: readonly TransferPartRow[],
): Promise<void> {
  // Its goods are on their shelf; the next sending takes what is right then.
  await unit.execute(sql`DELETE FROM transfer_part WHERE step_id = ${step.id}`);
  const pieces = countByLine(devices, parts);
  const nothingOut = lines.every(({ id, sent }) => sent === (pieces.get(id) ?? 0));
  const after = lines.map((line) => {
    const back = pieces.get(line.id) ?? 0;
    return { ...line, sent: line.sent - back, picked: nothingOut ? back : 0, counted: 0, damaged: 0 };
  });
  const its = sql`transfer_id = ${row.id} AND send_step_id = ${step.id}`;
  // Sent afterwards, while the rest stays on the way: it does not belong to the transfer any more.
  if (!nothingOut) await unit.execute(sql`DELETE FROM transfer_device WHERE ${its}`);
  else
    await unit.execute(
      sql`UPDATE transfer_device SET state = 'picked', send_step_id = NULL, arrived_at = NULL, arrived_by_name = NULL,
        damaged = ${0} WHERE ${its}`,
    );
  const open = after.reduce((sum, line) => sum + line.sent - line.received - line.returned - line.lost, 0);
  await writeTransfer(unit, row, lines, after, {
    sentFen: row.sentFen - step.valueFen,
    stepCount: row.stepCount + 1,
    ...(nothingOut
      ? { state: 'approved' as const, sentAt: null }
      : open === 0
        ? { state: 'done' as const, doneAt: unit.now }
        : {}),
  });
}

async function putOnTheWay(
  unit: Unit,
  row: TransferRow,
  step: TransferStepRow,
  lines: readonly TransferLineRow[],
  devices: readonly TransferDeviceRow[],
  parts: readonly TransferPartRow[],
): Promise<void> {
  await unit.execute(
    sql`UPDATE transfer_device SET state = 'sent', end_step_id = NULL, arrived_at = NULL, arrived_by_name = NULL, damaged = ${0}
      WHERE transfer_id = ${row.id} AND end_step_id = ${step.id}`,
  );
  const taken = await unit.find(transferTake, { stepId: step.id });
  await movePartsOpen(unit, taken);
  const lineOf = new Map(parts.map((part) => [part.id, part.lineId]));
  const pieces = countByLine(
    devices,
    taken.map(({ partId, quantity }) => ({ lineId: lineOf.get(partId) ?? 0, quantity })),
  );
  const field = { receive: 'received', return: 'returned', loss: 'lost', send: 'sent' }[step.kind] as 'received';
  const after = lines.map((line) => ({ ...line, [field]: line[field] - (pieces.get(line.id) ?? 0) }));
  await writeTransfer(unit, row, lines, after, { state: 'sent', doneAt: null, stepCount: row.stepCount + 1 });
}

function countByLine(
  devices: readonly { lineId: number }[],
  goods: readonly { lineId: number; quantity: number }[],
): Map<number, number> {
  const pieces = new Map<number, number>();
  for (const { lineId } of devices) pieces.set(lineId, (pieces.get(lineId) ?? 0) + 1);
  for (const { lineId, quantity } of goods) pieces.set(lineId, (pieces.get(lineId) ?? 0) + quantity);
  return pieces;
}
