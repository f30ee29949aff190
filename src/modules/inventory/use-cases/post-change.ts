import { DomainError, type FieldProblem, invalid } from '../../../kernel';
import {
  deviceEvent,
  type DeviceOnBooks,
  devicesFor,
  post,
  type PostedDocument,
  type Posting,
  reverse,
  shownNumbers,
  stockEntry,
} from '../../../ledger';
import { chunked, sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { getStore } from '../../organization';
import { adjustmentPosting } from '../domain/adjustment-posting';
import { isAdjustment, kindOf } from '../domain/change-effect';
import { statusPosting } from '../domain/change-posting';
import { problemOf } from '../domain/change-scan';
import { deviceStatus } from '../domain/device-status';
import { rightOf } from '../queries/change-reasons';
import { pickedDevices } from '../queries/known-for-change';
import { assertPostable, changeAfter, changeLines, lockChange } from '../store/change.store';
import { stockChange, type StockChangeLineRow, type StockChangeRow } from '../store/change.table';
import { type GoodsNow, goodsNow } from './change-goods';
import { auditChange, NUMBERS } from './create-change';
import { requireLevels } from './pass-levels';

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
      assertPostable(row, lines);
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
      const { posting, devicesFen, goodsFen } = postingOf(row, document, devices, goods);
      const values = [...devicesFen, ...goodsFen];
      const amountFen = values.reduce((sum, one) => sum + Math.abs(one), 0);
      if (row.approval)
        await requireLevels(unit, { approvedFen: row.state === 'approved' ? (row.amountFen ?? 0) : null, amountFen });
      if (posting.devices.length + posting.stock.length === 0) throw invalid('inventory:error.change_no_effect');
      await post(unit, posting);
      await writeValues(unit, [
        ...devices.map(({ line }, index) => [line.id, devicesFen[index] ?? 0] as const),
        ...goods.map(({ line }, index) => [line.id, goodsFen[index] ?? 0] as const),
      ]);
      const netFen = isAdjustment(row.effect) ? values.reduce((sum, one) => sum + one, 0) : 0;
      await unit.update(
        stockChange,
        id,
        { state, businessDate: unit.today, postedAt: unit.now, amountFen, netFen },
        version,
      );
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
      const number = unit.documentNumber(NUMBERS[kindOf(row.effect)], store.code, unit.today);
      const document = { type: 'inventory.change', id, storeId: row.storeId };
      await reverse(unit, document, { ...document, number, businessDate: unit.today });
      await unit.update(stockChange, id, { state, reversalNumber: number }, version);
      await auditChange(unit, row, 'reverse', { reversalNumber: number });
      return { number };
    },
    options,
  );
}

interface DeviceNow {
  line: StockChangeLineRow;
  device: DeviceOnBooks;
}

interface ValuedPosting {
  posting: Posting;
  /** In the order of the devices and of the goods. */
  devicesFen: readonly number[];
  goodsFen: readonly number[];
}

function postingOf(
  { effect, reasonName: reason, account, locationId }: StockChangeRow,
  document: PostedDocument,
  devices: readonly DeviceNow[],
  goods: readonly GoodsNow[],
): ValuedPosting {
  const own = goods.map((one) => one.goods);
  if (isAdjustment(effect)) {
    const { devicesFen, goodsFen, ...posting } = adjustmentPosting(document, {
      effect,
      reason,
      account: account ?? 'admin_expense',
      locationId,
      devices: devices.map(({ line, device }) => ({ row: device, unitCostFen: line.unitCostFen })),
      goods: own,
    });
    return { posting, devicesFen, goodsFen };
  }
  const rows = devices.map(({ device }) => device);
  const { goodsFen, ...posting } = statusPosting(document, { effect, reason, devices: rows, goods: own });
  return { posting, devicesFen: rows.map(({ costFen }) => costFen), goodsFen };
}

/** Each line's value as posted, in statements of many lines. */
async function writeValues(
  unit: Unit,
  values: readonly (readonly [lineId: number, valueFen: number])[],
): Promise<void> {
  for (const chunk of chunked(values, 200))
    await unit.execute(
      sql`UPDATE stock_change_line SET value_fen = CASE id ${sql.join(
        chunk.map(([id, valueFen]) => sql`WHEN ${id} THEN ${valueFen}`),
        ' ',
      )} ELSE value_fen END WHERE id IN (${sql.list(chunk.map(([id]) => id))})`,
    );
}

const MOST_NAMED = 20;

/** The devices of the lines as the books have them, locked; refused, each by its number, when one is not as it was scanned. */
async function devicesNow(unit: Unit, row: StockChangeRow, lines: readonly StockChangeLineRow[]): Promise<DeviceNow[]> {
  const ids = lines.flatMap(({ deviceId }) => deviceId ?? []);
  unit.needIds(deviceEvent, ids.length);
  const onBooks = await devicesFor(unit, ids);
  const known = { effect: row.effect, locationId: row.locationId, picked: await pickedDevices(unit, ids) };
  const now = lines.flatMap((line): DeviceNow[] => {
    const device = onBooks.get(line.deviceId ?? 0);
    return device ? [{ line, device }] : [];
  });
  const devices = now.map(({ device }) => device);
  const wrong = devices.filter((device) => problemOf({ ...device, deviceId: device.id }, known) !== null);
  if (wrong.length === 0) return now;
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
