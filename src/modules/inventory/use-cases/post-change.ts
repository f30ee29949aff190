import { DomainError, type FieldProblem, invalid } from '../../../kernel';
import {
  balancesFor,
  deviceEvent,
  type DeviceOnBooks,
  devicesFor,
  post,
  reverse,
  shownNumbers,
  stockEntry,
  stockKeyText,
} from '../../../ledger';
import { sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { skusByIds } from '../../catalog';
import { getStore } from '../../organization';
import { type ChangedGoods, statusPosting } from '../domain/change-posting';
import { problemOf } from '../domain/change-scan';
import { deviceStatus } from '../domain/device-status';
import { rightOf } from '../queries/change-reasons';
import { pickedDevices } from '../queries/known-for-change';
import { changeAfter, changeLines, lockChange } from '../store/change.store';
import { stockChange, stockChangeLine, type StockChangeLineRow, type StockChangeRow } from '../store/change.table';
import { auditChange } from './create-change';

export interface ChangeStep {
  id: number;
  /** As the page showed it: what is posted is what was seen. */
  version: number;
}

/**
 * Puts the change into the books. Everything is looked at again under lock: a device that was sold or changed meanwhile is
 * named and nothing is posted (409).
 */
export function postChange(
  uow: UnitOfWork,
  actor: Actor,
  { id, version }: ChangeStep,
  options?: RunOptions,
): Promise<{ number: string; devices: number; pieces: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockChange(unit, id);
      authorise(actor, rightOf(row.effect), row.storeId);
      const state = changeAfter(row, 'post', version);
      const lines = await changeLines(unit, id);
      if (lines.length === 0) throw invalid('inventory:error.change_empty');
      const devices = await devicesNow(unit, row, lines);
      const goods = await goodsNow(unit, row, lines);
      unit.needIds(stockEntry, goods.length * 2);
      const document = {
        type: 'inventory.change',
        id,
        number: row.number,
        businessDate: unit.today,
        storeId: row.storeId,
      };
      const { goodsFen, ...posting } = statusPosting(document, {
        effect: row.effect,
        reason: row.reasonName,
        devices,
        goods: goods.map(({ changed }) => changed),
      });
      await post(unit, posting);
      await unit.execute(
        sql`UPDATE stock_change_line SET value_fen = (SELECT d.cost_fen FROM device d WHERE d.id = stock_change_line.device_id)
          WHERE change_id = ${id} AND device_id IS NOT NULL`,
      );
      for (const [index, { line }] of goods.entries())
        await unit.update(stockChangeLine, line.id, { valueFen: goodsFen[index] ?? 0 });
      await unit.update(stockChange, id, { state, businessDate: unit.today, postedAt: unit.now }, version);
      const done = { number: row.number, devices: row.devices, pieces: row.pieces };
      await auditChange(unit, row, 'post', { reason: row.reasonName, devices: row.devices, pieces: row.pieces });
      return done;
    },
    options,
  );
}

/** Red-letters a posted change, dated today, while nothing builds on it (the ledger names what does). */
export function reverseChange(
  uow: UnitOfWork,
  actor: Actor,
  { id, version }: ChangeStep,
  options?: RunOptions,
): Promise<{ number: string }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockChange(unit, id);
      authorise(actor, 'inventory.change.reverse', row.storeId);
      const state = changeAfter(row, 'reverse', version);
      const store = await getStore(unit, row.storeId);
      const number = unit.documentNumber('ZT', store.code, unit.today);
      const document = { type: 'inventory.change', id, storeId: row.storeId };
      await reverse(unit, document, { ...document, number, businessDate: unit.today });
      await unit.update(stockChange, id, { state, reversalNumber: number }, version);
      await auditChange(unit, row, 'reverse', { reversalNumber: number });
      return { number };
    },
    options,
  );
}

const MOST_NAMED = 20;

/** The devices of the lines as the books have them, locked; refused, each by its number, when one is not as it was scanned. */
async function devicesNow(
  unit: Unit,
  row: StockChangeRow,
  lines: readonly StockChangeLineRow[],
): Promise<DeviceOnBooks[]> {
  const ids = lines.flatMap(({ deviceId }) => deviceId ?? []);
  unit.needIds(deviceEvent, ids.length);
  const onBooks = await devicesFor(unit, ids);
  const known = { effect: row.effect, locationId: row.locationId, picked: await pickedDevices(unit, ids) };
  const devices = ids.flatMap((id) => onBooks.get(id) ?? []);
  const wrong = devices.filter((device) => problemOf({ ...device, deviceId: device.id }, known) !== null);
  if (wrong.length === 0) return devices;
  const named = wrong.slice(0, MOST_NAMED);
  const numbers = await shownNumbers(
    unit,
    named.map(({ id }) => id),
  );
  const fields = named.map(({ id, state, bucket }): FieldProblem => {
    const transfer = known.picked.get(id);
    return {
      path: `device.${id}`,
      code: transfer ? 'inventory:error.change_device_picked' : 'inventory:error.change_device_moved',
      details: { number: numbers.get(id) ?? '', status: deviceStatus(state, bucket), transfer: transfer ?? '' },
    };
  });
  throw new DomainError('inventory:error.change_devices_moved', {
    status: 409,
    details: { count: wrong.length },
    fields,
  });
}

/** The goods of the lines with their balances, locked; every line that is short is named. */
async function goodsNow(
  unit: Unit,
  { locationId }: StockChangeRow,
  lines: readonly StockChangeLineRow[],
): Promise<{ line: StockChangeLineRow; changed: ChangedGoods }[]> {
  const goods = lines
    .filter(({ deviceId }) => deviceId === null)
    .map((line) => ({
      line,
      key: {
        locationId,
        skuId: line.skuId,
        batchId: line.batchKey === 0 ? null : line.batchKey,
        bucket: line.bucket,
      },
    }));
  const balances = await balancesFor(
    unit,
    goods.map(({ key }) => key),
  );
  const cards = await skusByIds(
    unit,
    goods.map(({ line }) => line.skuId),
  );
  const fields: FieldProblem[] = [];
  const changed = goods.map(({ line, key }) => {
    const balance = balances.get(stockKeyText(key)) ?? { quantity: 0, valueFen: 0 };
    if (balance.quantity < line.quantity)
      fields.push({
        path: `line.${line.lineNo}`,
        code: 'inventory:error.change_line_short',
        details: { name: cards.get(line.skuId)?.name ?? '', wanted: line.quantity, left: balance.quantity },
      });
    return { line, changed: { ...key, pieces: line.quantity, balance } };
  });
  if (fields.length > 0)
    throw new DomainError('inventory:error.change_goods_short', {
      status: 409,
      details: { count: fields.length },
      fields,
    });
  return changed;
}
