import { DomainError, type FieldProblem, invalid } from '../../../kernel';
import { balancesFor, deviceEvent, devicesFor, placeOf, post, stockKeyText } from '../../../ledger';
import { type Reader, sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { locationsByIds, storesByIds } from '../../organization';
import { takeFrom } from '../domain/transfer-goods';
import { type CarriedDevice, type CarriedGoods, sendPosting, valueOf } from '../domain/transfer-posting';
import { transferMachine } from '../domain/transfer-state';
import {
  lockTransfer,
  markDevices,
  requireTransfer,
  transferDevices,
  transferLines,
  writeTransfer,
} from '../store/transfer.store';
import {
  type TransferDeviceRow,
  type TransferLineRow,
  transferPart,
  type TransferRow,
  transferStep,
  type TransferStepRow,
} from '../store/transfer.table';

export interface TransferPosted {
  id: number;
  number: string;
  quantity: number;
  stepId: number;
}

/** What was scanned and counted leaves: devices and goods stand on the way, in one transaction, once. */
export function sendTransfer(
  uow: UnitOfWork,
  actor: Actor,
  { transferId, version }: { transferId: number; version: number },
  options?: RunOptions,
): Promise<TransferPosted> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockTransfer(unit, transferId, version);
      authorise(actor, 'inventory.transfer.send', row.fromStoreId);
      requireTransfer(row, 'send');
      const lines = await transferLines(unit, row.id);
      const devices = await transferDevices(unit, row.id, 'picked');
      if (lines.every(({ picked }) => picked === 0)) throw invalid('inventory:error.transfer_nothing_picked');
      return sendOut(unit, row, lines, devices);
    },
    options,
  );
}

/** Posts what was picked. The caller has locked the transfer, checked the right and the state. */
export async function sendOut(
  unit: Unit,
  row: TransferRow,
  lines: readonly TransferLineRow[],
  picked: readonly TransferDeviceRow[],
): Promise<TransferPosted> {
  unit.needIds(deviceEvent, picked.length);
  const carried = await devicesHere(unit, row, picked);
  const serial = new Set(picked.map(({ lineId }) => lineId));
  const lots = await goodsHere(
    unit,
    row,
    lines.filter(({ id, picked: pieces }) => pieces > 0 && !serial.has(id)),
  );
  const step = newStep(unit, row, 'send');
  const route = routeOf(row);
  const posting = sendPosting(documentOf(unit, row, step), route, carried, lots);
  const valueFen = valueOf(carried, lots);
  await post(unit, posting);
  const quantity = carried.length + lots.reduce((sum, one) => sum + one.quantity, 0);
  await unit.insert(transferStep, [{ ...step, quantity, valueFen }]);
  await markDevices(
    unit,
    picked.map(({ id }) => id),
    { state: 'sent', sendStepId: step.id },
  );
  await insertParts(unit, row, step, lots);
  const after = lines.map((line) => ({ ...line, picked: 0, sent: line.sent + line.picked }));
  const state = row.state === 'sent' ? row.state : transferMachine.next(row.state, 'send');
  await writeTransfer(unit, row, lines, after, {
    state,
    sentAt: row.sentAt ?? unit.now,
    sentFen: row.sentFen + valueFen,
    stepCount: step.stepNo,
  });
  await unit.audit({
    action: 'inventory.transfer.send',
    subjectType: 'inventory.transfer',
    subjectId: row.id,
    storeId: row.fromStoreId,
    detail: { number: row.number, quantity, devices: carried.length },
  });
  await unit.publish('inventory.transfer.sent', { transferId: row.id, number: row.number, toStoreId: row.toStoreId });
  return { id: row.id, number: row.number, quantity, stepId: step.id };
}

export const routeOf = (row: TransferRow) => ({
  from: { storeId: row.fromStoreId, locationId: row.fromLocationId },
  to: { storeId: row.toStoreId, locationId: row.toLocationId },
});

/** The next posting of a transfer; quantity and value follow. */
export const newStep = (unit: Unit, row: TransferRow, kind: TransferStepRow['kind']): TransferStepRow => ({
  id: unit.takeIds(transferStep),
  transferId: row.id,
  stepNo: row.stepCount + 1,
  kind,
  number: `${row.number}/${row.stepCount + 1}`,
  businessDate: unit.today,
  quantity: 0,
  valueFen: 0,
  markupFen: null,
  state: 'posted',
  reason: null,
  bearerStoreId: null,
  postedAt: unit.now,
  postedByName: unit.actor.name,
  reversedAt: null,
  reversalNumber: null,
});

export const documentOf = (unit: Unit, row: TransferRow, step: TransferStepRow) => ({
  type: 'inventory.transfer_step',
  id: step.id,
  number: step.number,
  businessDate: unit.today,
  storeId: step.kind === 'send' || step.kind === 'return' ? row.fromStoreId : row.toStoreId,
});

/** The picked devices as the books have them, locked; refused, each with where it is, when one is not on its shelf any more. */
async function devicesHere(
  unit: Unit,
  row: TransferRow,
  picked: readonly TransferDeviceRow[],
): Promise<CarriedDevice[]> {
  const onBooks = await devicesFor(
    unit,
    picked.map(({ deviceId }) => deviceId),
  );
  const gone: GoneDevice[] = [];
  const carried = picked.flatMap(({ deviceId, mainNumber }): CarriedDevice[] => {
    const device = onBooks.get(deviceId);
    const here = device?.state === 'in_stock' && device.locationId === row.fromLocationId;
    if (device && here && device.bucket !== null && device.bucket !== 'quarantine')
      return [{ deviceId, place: placeOf(device), costFen: device.costFen, bucket: device.bucket }];
    const { state = 'void', storeId = null, locationId = null } = device ?? {};
    gone.push({ number: mainNumber, state, storeId, locationId, held: here });
    return [];
  });
  if (gone.length > 0) throw await goneError(unit, gone);
  return carried;
}

interface GoneDevice {
  number: string;
  state: string;
  storeId: number | null;
  locationId: number | null;
  /** It lies there still, but on hold (待检). */
  held: boolean;
}

const MOST_NAMED = 20;

/** What another document took first. */
async function goneError(read: Reader, gone: readonly GoneDevice[]): Promise<DomainError> {
  const named = gone.slice(0, MOST_NAMED);
  const stores = await storesByIds(
    read,
    named.map(({ storeId }) => storeId).filter((id) => id !== null),
  );
  const locations = await locationsByIds(
    read,
    named.map(({ locationId }) => locationId).filter((id) => id !== null),
  );
  const fields = named.map(({ number, state, storeId, locationId, held }): FieldProblem => ({
    path: `device.${number}`,
    code: held ? 'inventory:error.transfer_device_quarantine' : 'inventory:error.transfer_device_gone',
    details: {
      number,
      state,
      place: [stores.get(storeId ?? 0)?.name, locations.get(locationId ?? 0)?.name].filter(Boolean).join(' '),
    },
  }));
  const details = { count: gone.length, ...fields[0]?.details };
  return new DomainError('inventory:error.transfer_devices_gone', { status: 409, details, fields });
}

interface GoodsLot extends CarriedGoods {
  lineId: number;
}

/** Takes the goods of each line from what lies there, what expires first first; locked. Names every line that is short. */
async function goodsHere(unit: Unit, row: TransferRow, lines: readonly TransferLineRow[]): Promise<GoodsLot[]> {
  if (lines.length === 0) {
    await balancesFor(unit, []);
    return [];
  }
  const rows = await unit.all<{ skuId: number; batchKey: number; bucket: CarriedGoods['bucket'] }>(
    sql`SELECT b.sku_id, b.batch_key, b.bucket FROM stock_balance b LEFT JOIN batch t ON t.id = b.batch_key
      WHERE b.location_id = ${row.fromLocationId} AND b.sku_id IN (${sql.list(lines.map(({ skuId }) => skuId))})
        AND b.by_device = 0 AND b.quantity > 0
      ORDER BY COALESCE(t.expires_on, '9999-12-31'), b.batch_key, b.id`,
  );
  const keys = rows.map(({ skuId, batchKey, bucket }) => ({
    locationId: row.fromLocationId,
    skuId,
    batchId: batchKey === 0 ? null : batchKey,
    bucket,
  }));
  const balances = await balancesFor(unit, keys);
  const fields: FieldProblem[] = [];
  const goods = lines.flatMap((line): GoodsLot[] => {
    const lots = keys
      .filter(({ skuId, bucket }) => skuId === line.skuId && bucket === line.bucket)
      .map((key) => ({ ...key, ...(balances.get(stockKeyText(key)) ?? { quantity: 0, valueFen: 0 }) }));
    const taken = takeFrom(lots, line.picked);
    if (!taken) {
      const available = lots.reduce((sum, { quantity }) => sum + quantity, 0);
      const details = { line: line.lineNo, available, wanted: line.picked };
      fields.push({ path: `line.${line.lineNo}`, code: 'inventory:error.transfer_line_short', details });
      return [];
    }
    return taken.map(({ lot, quantity, valueFen }) => ({
      lineId: line.id,
      skuId: line.skuId,
      batchId: lot.batchId,
      bucket: line.bucket,
      quantity,
      valueFen,
    }));
  });
  if (fields.length > 0) throw invalid('inventory:error.transfer_short', { count: fields.length }, fields);
  return goods;
}

async function insertParts(
  unit: Unit,
  row: TransferRow,
  step: TransferStepRow,
  goods: readonly GoodsLot[],
): Promise<void> {
  if (goods.length === 0) return;
  const firstId = unit.takeIds(transferPart, goods.length);
  await unit.insert(
    transferPart,
    goods.map((one, index) => ({
      ...one,
      id: firstId + index,
      transferId: row.id,
      stepId: step.id,
      openQuantity: one.quantity,
      openFen: one.valueFen,
    })),
  );
}
