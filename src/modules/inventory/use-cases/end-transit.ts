import { type FieldProblem, invalid, notFound } from '../../../kernel';
import { deviceEvent, devicesFor, placeOf, post } from '../../../ledger';
import { chunked, sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { takeFrom } from '../domain/transfer-goods';
import { type CarriedGoods, type EndingStep, endPosting, markupOf, valueOf } from '../domain/transfer-posting';
import { endOf } from '../domain/transfer-state';
import {
  lockTransfer,
  markDevices,
  openParts,
  transferDevices,
  transferLines,
  writeTransfer,
  wrongState,
} from '../store/transfer.store';
import {
  type TransferDeviceRow,
  type TransferLineRow,
  transferPart,
  type TransferPartRow,
  type TransferRow,
  transferStep,
  transferTake,
} from '../store/transfer.table';
import { requireReason } from './decide-transfer';
import { documentOf, newStep, routeOf, type TransferPosted } from './send-transfer';

/** Pieces of a line of goods that leave the way; of these `damaged` arrive among the defective ones. */
interface EndedGoods {
  line: TransferLineRow;
  quantity: number;
  damaged: number;
}

/** What was scanned and counted at arrival comes into stock. What was not stays on the way until it is resolved. */
export function receiveTransfer(
  uow: UnitOfWork,
  actor: Actor,
  { transferId, version }: { transferId: number; version: number },
  options?: RunOptions,
): Promise<TransferPosted> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockTransfer(unit, transferId, version);
      authorise(actor, 'inventory.transfer.receive', row.toStoreId);
      if (row.state !== 'sent') throw wrongState(row);
      const lines = await transferLines(unit, row.id);
      const devices = (await transferDevices(unit, row.id, 'sent')).filter(({ arrivedAt }) => arrivedAt !== null);
      const goods = lines
        .filter(({ counted }) => counted > 0)
        .map((line) => ({ line, quantity: line.counted, damaged: line.damaged }));
      if (devices.length + goods.length === 0) throw invalid('inventory:error.transfer_nothing_arrived');
      return takeOffTheWay(unit, row, lines, { kind: 'receive', devices, goods, reason: null, bearerStoreId: null });
    },
    options,
  );
}

export interface ResolveTransfer {
  transferId: number;
  version: number;
  /** Back on the sender's shelf, or lost: written off at the expense of `bearerStoreId`. */
  kind: 'return' | 'loss';
  /** Rows of the transfer's devices that did not arrive; `all`: every one. */
  deviceRows: readonly number[] | 'all';
  /** Of goods without serial numbers: pieces by line. */
  goods: readonly { lineId: number; quantity: number }[];
  reason: string;
  bearerStoreId?: number | undefined;
}

/**
 * Ends what did not arrive. Goods that came back are taken in by the sending store; a loss is written off by who may do that
 * for the store that bears it.
 */
export function resolveTransfer(
  uow: UnitOfWork,
  actor: Actor,
  command: ResolveTransfer,
  options?: RunOptions,
): Promise<TransferPosted> {
  return uow.run(
    actor,
    async (unit) => {
      const { kind } = command;
      const row = await lockTransfer(unit, command.transferId, command.version);
      const bearerStoreId = kind === 'loss' ? (command.bearerStoreId ?? row.toStoreId) : null;
      if (bearerStoreId !== null && bearerStoreId !== row.fromStoreId && bearerStoreId !== row.toStoreId)
        throw invalid('errors:form', {}, [{ path: 'bearer', code: 'errors:field.invalid' }]);
      if (bearerStoreId === null) authorise(actor, 'inventory.transfer.receive', row.fromStoreId);
      else authorise(actor, 'inventory.transfer.write-off', bearerStoreId);
      if (row.state !== 'sent') throw wrongState(row);
      const reason = requireReason(command.reason, true);
      const lines = await transferLines(unit, row.id);
      const missing = (await transferDevices(unit, row.id, 'sent')).filter(({ arrivedAt }) => arrivedAt === null);
      const wanted = command.deviceRows === 'all' ? null : new Set(command.deviceRows);
      const devices = wanted === null ? missing : missing.filter(({ id }) => wanted.has(id));
      if (wanted !== null && devices.length < wanted.size) throw invalid('inventory:error.transfer_device_arrived');
      const goods = command.goods.flatMap(({ lineId, quantity }): EndedGoods[] => {
        const line = lines.find(({ id }) => id === lineId);
        if (!line) throw notFound('inventory.transfer_line', lineId);
        return quantity > 0 ? [{ line, quantity, damaged: 0 }] : [];
      });
      if (devices.length + goods.length === 0) throw invalid('inventory:error.transfer_nothing_chosen');
      return takeOffTheWay(unit, row, lines, { kind, devices, goods, reason, bearerStoreId });
    },
    options,
  );
}

interface Ending {
  kind: EndingStep;
  devices: readonly TransferDeviceRow[];
  goods: readonly EndedGoods[];
  reason: string | null;
  bearerStoreId: number | null;
}

const PIECES = { receive: 'received', return: 'returned', loss: 'lost' } as const;

async function takeOffTheWay(
  unit: Unit,
  row: TransferRow,
  lines: readonly TransferLineRow[],
  { kind, devices, goods, reason, bearerStoreId }: Ending,
): Promise<TransferPosted> {
  unit.needIds(deviceEvent, devices.length);
  const onBooks = await devicesFor(
    unit,
    devices.map(({ deviceId }) => deviceId),
  );
  const carried = devices.map(({ deviceId, bucket, damaged }) => {
    const device = onBooks.get(deviceId);
    if (!device) throw notFound('ledger.device', deviceId);
    return {
      deviceId,
      place: placeOf(device),
      costFen: device.costFen,
      bucket,
      damaged: kind === 'receive' && damaged,
    };
  });
  const parts = goods.length > 0 ? await openParts(unit, row.id) : [];
  const taken = partsTaken(parts, goods);
  const step = { ...newStep(unit, row, kind), reason, bearerStoreId };
  const ended: CarriedGoods[] = taken.map(({ part: { skuId, batchId }, bucket, quantity, valueFen }) => ({
    skuId,
    batchId,
    bucket,
    quantity,
    valueFen,
  }));
  const valueFen = valueOf(carried, ended);
  const charges = kind === 'receive' && row.fromStoreId !== row.toStoreId;
  const markupFen = charges ? markupOf(valueFen, row.markupBp) : 0;
  const bearer = bearerStoreId ?? row.toStoreId;
  await post(unit, endPosting(documentOf(unit, row, step), kind, routeOf(row), carried, ended, bearer, markupFen));
  const quantity = carried.length + ended.reduce((sum, one) => sum + one.quantity, 0);
  await unit.insert(transferStep, [{ ...step, quantity, valueFen, markupFen: markupFen || null }]);
  await markDevices(
    unit,
    devices.map(({ id }) => id),
    { state: endOf(kind), endStepId: step.id },
  );
  await writeTaken(unit, step.id, taken);

  const pieces = new Map<number, number>();
  for (const { lineId } of devices) pieces.set(lineId, (pieces.get(lineId) ?? 0) + 1);
  for (const one of goods) pieces.set(one.line.id, (pieces.get(one.line.id) ?? 0) + one.quantity);
  const after = lines.map((line) => ({
    ...line,
    [PIECES[kind]]: line[PIECES[kind]] + (pieces.get(line.id) ?? 0),
    ...(kind === 'receive' ? { counted: 0, damaged: 0 } : {}),
  }));
  const open = after.reduce((sum, line) => sum + line.sent - line.received - line.returned - line.lost, 0);
  await writeTransfer(unit, row, lines, after, {
    stepCount: step.stepNo,
    ...(open === 0 ? { state: 'done' as const, doneAt: unit.now } : {}),
  });
  await unit.audit({
    action: `inventory.transfer.${kind}`,
    subjectType: 'inventory.transfer',
    subjectId: row.id,
    storeId: kind === 'return' ? row.fromStoreId : row.toStoreId,
    detail: { number: row.number, quantity, devices: carried.length, open, ...(reason ? { reason } : {}) },
  });
  await unit.publish('inventory.transfer.ended', { transferId: row.id, number: row.number, kind, open });
  return { id: row.id, number: row.number, quantity, stepId: step.id };
}

interface TakenPart {
  part: TransferPartRow;
  bucket: CarriedGoods['bucket'];
  quantity: number;
  valueFen: number;
}

/** From which parts the goods of each line come, at the cost at which they were sent. */
function partsTaken(parts: readonly TransferPartRow[], goods: readonly EndedGoods[]): TakenPart[] {
  const rest = new Map(parts.map((part) => [part.id, { quantity: part.openQuantity, valueFen: part.openFen, part }]));
  const fields: FieldProblem[] = [];
  const all: TakenPart[] = [];
  const take = (line: TransferLineRow, quantity: number, damaged: boolean): void => {
    const lots = [...rest.values()].filter(({ part }) => part.lineId === line.id);
    const taken = takeFrom(lots, quantity);
    if (!taken) {
      const count = lots.reduce((sum, lot) => sum + lot.quantity, 0);
      const details = { line: line.lineNo, count };
      fields.push({ path: `goods.l${line.id}`, code: 'inventory:error.transfer_count_most', details });
      return;
    }
    for (const one of taken) {
      const { part } = one.lot;
      const lot = rest.get(part.id);
      if (lot) {
        lot.quantity -= one.quantity;
        lot.valueFen -= one.valueFen;
      }
      const { quantity: pieces, valueFen } = one;
      all.push({ part, bucket: damaged ? 'defective' : part.bucket, quantity: pieces, valueFen });
    }
  };
  for (const { line, quantity, damaged } of goods) {
    take(line, quantity - damaged, false);
    take(line, damaged, true);
  }
  if (fields.length > 0) throw invalid('errors:form', {}, fields);
  return all;
}

async function writeTaken(unit: Unit, stepId: number, taken: readonly TakenPart[]): Promise<void> {
  if (taken.length === 0) return;
  const firstId = unit.takeIds(transferTake, taken.length);
  await unit.insert(
    transferTake,
    taken.map(({ part, bucket, quantity, valueFen }, index) => ({
      id: firstId + index,
      stepId,
      partId: part.id,
      bucket,
      quantity,
      valueFen,
    })),
  );
  await movePartsOpen(
    unit,
    taken.map(({ part, quantity, valueFen }) => ({ partId: part.id, quantity: -quantity, valueFen: -valueFen })),
  );
}

/** Adds to what is open of parts: a statement per 100. */
export async function movePartsOpen(
  unit: Unit,
  changes: readonly { partId: number; quantity: number; valueFen: number }[],
): Promise<void> {
  const sums = new Map<number, { quantity: number; valueFen: number }>();
  for (const { partId, quantity, valueFen } of changes) {
    const known = sums.get(partId) ?? { quantity: 0, valueFen: 0 };
    sums.set(partId, { quantity: known.quantity + quantity, valueFen: known.valueFen + valueFen });
  }
  for (const chunk of chunked([...sums], 100)) {
    const of = (what: 'quantity' | 'valueFen') =>
      sql`CASE id ${sql.join(
        chunk.map(([id, sum]) => sql`WHEN ${id} THEN ${sum[what]}`),
        ' ',
      )} ELSE 0 END`;
    await unit.execute(
      sql`UPDATE ${sql.identifier(transferPart.name)} SET open_quantity = open_quantity + ${of('quantity')},
        open_fen = open_fen + ${of('valueFen')} WHERE id IN (${sql.list(chunk.map(([id]) => id))})`,
    );
  }
}
