import { invalid, notFound } from '../../../kernel';
import { chunked, sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import { assertDraft, deviceCounts, linesOf, lockReceipt, writeReceived, writeTotals } from '../store/receipt.store';

/** Takes a line off a draft together with what was scanned into it. */
export function removeReceiptLine(
  uow: UnitOfWork,
  actor: Actor,
  command: { receiptId: number; lineId: number },
  options?: RunOptions,
): Promise<{ devices: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockReceipt(unit, command.receiptId);
      authorise(actor, 'purchasing.receipt.edit', row.storeId);
      assertDraft(row);
      const lines = await linesOf(unit, row.id);
      const line = lines.find(({ id }) => id === command.lineId);
      if (!line) throw notFound('purchasing.receipt_line', command.lineId);
      const devices = await unit.execute(sql`DELETE FROM receipt_device WHERE line_id = ${line.id}`);
      await unit.execute(sql`DELETE FROM receipt_line WHERE id = ${line.id}`);
      await writeTotals(
        unit,
        row,
        lines.filter(({ id }) => id !== line.id),
      );
      await unit.audit({
        action: 'purchasing.receipt.remove_line',
        subjectType: 'purchasing.receipt',
        subjectId: row.id,
        storeId: row.storeId,
        detail: { skuId: line.skuId, quantity: line.quantity, devices },
      });
      return { devices };
    },
    options,
  );
}

/** Takes scanned devices off a draft. */
export function removeReceiptDevices(
  uow: UnitOfWork,
  actor: Actor,
  command: { receiptId: number; deviceIds: readonly number[] },
  options?: RunOptions,
): Promise<{ devices: number }> {
  if (command.deviceIds.length === 0) throw invalid('purchasing:error.nothing_picked');
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockReceipt(unit, command.receiptId);
      authorise(actor, 'purchasing.receipt.edit', row.storeId);
      assertDraft(row);
      const touched = new Set<number>();
      let devices = 0;
      for (const chunk of chunked(command.deviceIds)) {
        const picked = sql`receipt_id = ${row.id} AND id IN (${sql.list(chunk)})`;
        const found = await unit.all<{ lineId: number }>(
          sql`SELECT DISTINCT line_id FROM receipt_device WHERE ${picked}`,
        );
        for (const { lineId } of found) touched.add(lineId);
        devices += await unit.execute(sql`DELETE FROM receipt_device WHERE ${picked}`);
      }
      if (devices === 0) return { devices };
      const counts = await deviceCounts(unit, row.id);
      const received = new Map([...touched].map((lineId) => [lineId, counts.get(lineId) ?? 0]));
      await writeTotals(unit, row, await writeReceived(unit, await linesOf(unit, row.id), received));
      await unit.audit({
        action: 'purchasing.receipt.remove_devices',
        subjectType: 'purchasing.receipt',
        subjectId: row.id,
        storeId: row.storeId,
        detail: { devices },
      });
      return { devices };
    },
    options,
  );
}
