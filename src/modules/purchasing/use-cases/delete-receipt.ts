import { stale } from '../../../kernel';
import { sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import { assertDraft, lockReceipt } from '../store/receipt.store';

/** Deletes a draft with its lines and scans; nothing of it is in the books. Its number is not used again. */
export function deleteReceipt(
  uow: UnitOfWork,
  actor: Actor,
  command: { receiptId: number; version: number },
  options?: RunOptions,
): Promise<{ number: string }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockReceipt(unit, command.receiptId);
      authorise(actor, 'purchasing.receipt.edit', row.storeId);
      assertDraft(row);
      if (row.version !== command.version) throw stale();
      await unit.execute(sql`DELETE FROM packing_list WHERE receipt_id = ${row.id}`);
      await unit.execute(sql`DELETE FROM receipt_scan WHERE receipt_id = ${row.id}`);
      await unit.execute(sql`DELETE FROM receipt_device WHERE receipt_id = ${row.id}`);
      await unit.execute(sql`DELETE FROM receipt_line WHERE receipt_id = ${row.id}`);
      await unit.execute(sql`DELETE FROM receipt WHERE id = ${row.id}`);
      await unit.audit({
        action: 'purchasing.receipt.delete',
        subjectType: 'purchasing.receipt',
        subjectId: row.id,
        storeId: row.storeId,
        detail: { number: row.number, supplierId: row.supplierId, received: row.received },
      });
      return { number: row.number };
    },
    options,
  );
}
