import { invalid } from '../../../kernel';
import { devicesFor, shownNumbers } from '../../../ledger';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import { lastDeviceSeq, lockTransfer, transferLines, wrongState } from '../store/transfer.store';
import { transferDevice, type TransferDeviceRow, transferLine, transferScan } from '../store/transfer.table';
import { settleScans } from './scan-into-transfer';
import { sendOut, type TransferPosted } from './send-transfer';
import { insertTransferLines } from './transfer-lines';

/**
 * Devices that came along although nobody scanned them when they left: the sender sends them afterwards, they are on the way
 * with the others and marked as arrived. Only what the books still have on the sender's shelf.
 */
export function sendUnexpected(
  uow: UnitOfWork,
  actor: Actor,
  { transferId, version, scanIds }: { transferId: number; version: number; scanIds: readonly number[] },
  options?: RunOptions,
): Promise<TransferPosted> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockTransfer(unit, transferId, version);
      authorise(actor, 'inventory.transfer.send', row.fromStoreId);
      if (row.state !== 'sent') throw wrongState(row);
      const wanted = new Set(scanIds);
      const scans = (await unit.find(transferScan, { transferId: row.id, phase: 'arrive', outcome: 'wrong' })).filter(
        ({ id, settledAt, deviceId }) => wanted.has(id) && settledAt === null && deviceId !== null,
      );
      const ids = [...new Set(scans.map(({ deviceId }) => deviceId ?? 0))];
      if (ids.length === 0) throw invalid('inventory:error.transfer_nothing_chosen');
      const devices = await devicesFor(unit, ids);
      const numbers = await shownNumbers(unit, ids);
      const before = await transferLines(unit, row.id);
      const pieces = new Map<number, number>();
      for (const { skuId } of devices.values()) pieces.set(skuId, (pieces.get(skuId) ?? 0) + 1);
      const added = await insertTransferLines(
        unit,
        row,
        before,
        [...pieces]
          .filter(([skuId]) => !before.some((line) => line.skuId === skuId))
          .map(([skuId, quantity]) => ({ skuId, quantity })),
      );
      const lines = [...before, ...added].map((line) => ({ ...line, picked: pieces.get(line.skuId) ?? 0 }));
      const lineOf = new Map(lines.map((line) => [line.skuId, line.id]));
      const seq = await lastDeviceSeq(unit, row.id);
      const firstId = unit.takeIds(transferDevice, ids.length);
      const rows = [...devices.values()].map((device, index): TransferDeviceRow => ({
        id: firstId + index,
        transferId: row.id,
        lineId: lineOf.get(device.skuId) ?? 0,
        seq: seq + index + 1,
        deviceId: device.id,
        mainNumber: numbers.get(device.id) ?? '',
        state: 'picked',
        bucket: device.bucket ?? 'sellable',
        arrivedAt: unit.now,
        damaged: false,
        pickedAt: unit.now,
        pickedBy: actor.userId,
        pickedByName: actor.name,
        arrivedByName: actor.name,
        sendStepId: null,
        endStepId: null,
      }));
      await unit.insert(transferDevice, rows);
      for (const line of lines) if (line.picked > 0) await unit.update(transferLine, line.id, { picked: line.picked });
      await settleScans(
        unit,
        row.id,
        scans.map(({ id }) => id),
      );
      return sendOut(unit, row, lines, rows);
    },
    options,
  );
}
