import { DomainError, invalid, notFound } from '../../../kernel';
import { reverse } from '../../../ledger';
import { sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { consignedSoldAgain, takeBackConsigned } from '../../inventory';
import { getStore } from '../../organization';
import { RETURN_DOCUMENT, SALE_DOCUMENT } from '../domain/sale';
import { shift } from '../store/register.table';
import { sale, saleLine, type SaleRow } from '../store/sale.table';
import { settlementOfPartner } from '../store/settlement.table';
import { soldInto } from '../store/shift-takings';

export interface ReverseCommand {
  saleId: number;
  reason: string;
}

/**
 * 红冲 of a sale or a return on its own day, in its own open shift, while nothing later depends on it: no return of the
 * sale, no later move of its devices (the ledger names that). Afterwards a return is the way.
 */
export function reverseSale(
  uow: UnitOfWork,
  actor: Actor,
  { saleId, reason }: ReverseCommand,
  options: { operationKey?: string | undefined } = {},
): Promise<{ saleId: number; reversalNumber: string }> {
  return uow.run(
    actor,
    async (unit) => {
      if (!reason.trim()) throw invalid('errors:form', {}, [{ path: 'reason', code: 'sales:error.reason' }]);
      const found = await unit.get(sale, saleId);
      if (!found) throw notFound('sales.sale', saleId);
      authorise(actor, 'sales.sale.reverse', found.storeId);
      await lockParents(unit, found);
      const row = (await unit.get(sale, saleId)) ?? found;
      await checkReversible(unit, row);
      const store = await getStore(unit, row.storeId);
      const reversalNumber = unit.documentNumber('XH', store.code, unit.today);
      const type = row.kind === 'sale' ? SALE_DOCUMENT : RETURN_DOCUMENT;
      await reverse(
        unit,
        { type, id: saleId },
        { type, id: saleId, number: reversalNumber, businessDate: unit.today, storeId: row.storeId },
      );
      await unit.update(
        sale,
        saleId,
        { state: 'reversed', reversedAt: unit.now, reversedByName: actor.name, note: reason.trim() },
        row.version,
      );
      if (row.shiftId !== null) await soldInto(unit, row.shiftId, { count: -1, grossFen: 0 - row.grossFen });
      await turnConsigned(unit, row);
      if (row.kind === 'return')
        for (const { originalLineId, quantity } of await unit.find(saleLine, { saleId }))
          await unit.execute(
            sql`UPDATE sale_line SET returned_quantity = returned_quantity + ${quantity} WHERE id = ${originalLineId}`,
          );
      await unit.audit({
        action: 'sales.sale.reverse',
        subjectType: SALE_DOCUMENT,
        subjectId: saleId,
        storeId: row.storeId,
        detail: { number: row.saleNumber, reversalNumber, reason: reason.trim() },
      });
      await unit.publish('sales.sale.reversed', { saleId, storeId: row.storeId });
      return { saleId, reversalNumber };
    },
    options,
  );
}

/** What was sold for a supplier is his again; what had come back to him is sold again. */
async function turnConsigned(unit: Unit, { id, kind, originalSaleId }: SaleRow): Promise<void> {
  if (kind === 'sale') return takeBackConsigned(unit, { type: SALE_DOCUMENT, id });
  const devices = (await unit.find(saleLine, { saleId: id })).flatMap(({ deviceId }) => deviceId ?? []);
  if (originalSaleId !== null) await consignedSoldAgain(unit, { type: SALE_DOCUMENT, id: originalSaleId }, devices);
}

async function lockParents(unit: Unit, row: SaleRow): Promise<void> {
  if (row.shiftId !== null) await unit.lock(shift, [row.shiftId]);
  await unit.lock(sale, [row.id, ...(row.originalSaleId === null ? [] : [row.originalSaleId])]);
}

async function checkReversible(unit: Unit, row: SaleRow): Promise<void> {
  const refuse = (code: string): DomainError =>
    new DomainError(code, { status: 409, details: { number: row.saleNumber, date: row.businessDate } });
  if (row.state !== 'posted') throw refuse('sales:error.already_reversed');
  // Its devices go back to the partner: the settlement knows to which.
  if ((await unit.find(settlementOfPartner, { saleId: row.id })).length > 0)
    throw refuse('sales:error.reverse_settlement');
  if (row.businessDate !== unit.today) throw refuse('sales:error.reverse_other_day');
  if (row.shiftId !== null && (await unit.get(shift, row.shiftId))?.state !== 'open')
    throw refuse('sales:error.reverse_shift_closed');
  const lines = await unit.find(saleLine, { saleId: row.id });
  if (lines.some((line) => line.returnedQuantity > 0)) throw refuse('sales:error.reverse_returned');
}
