import { DomainError } from '../../../kernel';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import { replacementsOf } from '../queries/replacements';
import { getReceipt, writeTotals } from '../store/receipt.store';
import { lockReturn, returnLinesOf } from '../store/return.store';
import { insertLines } from './add-receipt-lines';
import { addReceipt, type ReceiptCreated } from './create-receipt';
import { auditReturn } from './save-return';

/**
 * Opens a receipt for what the supplier sends in place of returned goods: everything not replaced yet, at the agreed prices.
 * Its lines name those of the return; what comes is received like any other goods.
 */
export function receiveExchange(
  uow: UnitOfWork,
  actor: Actor,
  { returnId }: { returnId: number },
  options?: RunOptions,
): Promise<ReceiptCreated> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockReturn(unit, returnId);
      for (const action of ['create', 'edit']) authorise(actor, `purchasing.receipt.${action}`, row.storeId);
      const replaced = await replacementsOf(unit, row.id);
      const open = (await returnLinesOf(unit, row.id)).flatMap(({ id, skuId, quantity, unitPriceFen }) => {
        const came = replaced.reduce((sum, one) => sum + (one.returnLineId === id ? one.pieces : 0), 0);
        return quantity > came ? [{ skuId, quantity: quantity - came, replaces: { lineId: id, unitPriceFen } }] : [];
      });
      if (row.state !== 'posted' || open.length === 0)
        throw new DomainError('purchasing:error.return_nothing_open', { status: 409, details: { number: row.number } });
      const { supplierId, storeId, locationId } = row;
      const header = { businessDate: unit.today, deliveryNote: null, withInvoice: false, note: null };
      const made = await addReceipt(unit, { supplierId, storeId, locationId, ...header });
      const lines = await insertLines(unit, made, [], open);
      await writeTotals(unit, await getReceipt(unit, made.id), lines);
      await auditReturn(unit, row, 'exchange', { receipt: made.number });
      return { id: made.id, number: made.number };
    },
    options,
  );
}
