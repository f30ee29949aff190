import type { Unit } from '../../../platform/unit-of-work';
import { SALE_DOCUMENT } from '../domain/sale';
import type { OfferedTender } from '../domain/tenders';
import { sale, saleLine, type SaleRow, saleTender } from '../store/sale.table';
import { soldInto } from '../store/shift-takings';
import type { tillContext } from '../store/till-context';
import type { Taken } from './return-lines';

export interface ReturnToWrite {
  saleId: number;
  saleNumber: string;
  original: SaleRow;
  till: Awaited<ReturnType<typeof tillContext>>;
  taken: readonly Taken[];
  refunds: readonly {
    kind: OfferedTender['kind'];
    amountFen: number;
    reference: string | null;
    payer: string | null;
  }[];
  reason: string | null;
}

/** Figures of a return are negative, so that sums over sales and returns are net. */
export async function writeReturn(unit: Unit, input: ReturnToWrite): Promise<void> {
  const { saleId, saleNumber, original, till, taken, refunds, reason } = input;
  const sum = (of: (line: Taken) => number): number => 0 - taken.reduce((total, line) => total + of(line), 0);
  const grossFen = sum((line) => line.share.amountFen);
  await unit.insert(sale, [
    {
      id: saleId,
      saleNumber,
      kind: 'return',
      originalSaleId: original.id,
      storeId: till.store.id,
      registerId: till.registerId,
      shiftId: till.shift?.id ?? null,
      businessDate: unit.today,
      soldAt: unit.now,
      cashierId: unit.actor.userId,
      cashierName: unit.actor.name,
      salespersonId: original.salespersonId,
      customerId: original.customerId,
      quantity: sum((line) => line.returning),
      listFen: sum((line) => line.share.listFen),
      discountFen: sum((line) => line.share.discountFen),
      grossFen,
      netFen: sum((line) => line.share.netFen),
      taxFen: sum((line) => line.share.taxFen),
      costFen: sum((line) => line.share.costFen),
      changeFen: 0,
      state: 'posted',
      note: reason,
      version: 1,
      channelId: original.channelId,
    },
  ]);
  if (till.shift) await soldInto(unit, till.shift.id, { count: 1, grossFen });
  const lineId = unit.takeIds(saleLine, taken.length);
  await unit.insert(
    saleLine,
    taken.map((line, index) => ({
      id: lineId + index,
      saleId,
      lineNo: index + 1,
      skuId: line.skuId,
      deviceId: line.deviceId,
      quantity: -line.returning,
      listPriceFen: line.listPriceFen,
      discountFen: 0 - line.share.discountFen,
      amountFen: 0 - line.share.amountFen,
      taxRateBp: line.taxRateBp,
      netFen: 0 - line.share.netFen,
      taxFen: 0 - line.share.taxFen,
      costFen: 0 - line.share.costFen,
      originalLineId: line.id,
      returnedQuantity: 0,
      priceFrom: line.priceFrom,
      priceListId: line.priceListId,
    })),
  );
  if (refunds.length > 0) {
    const tenderId = unit.takeIds(saleTender, refunds.length);
    await unit.insert(
      saleTender,
      refunds.map(({ kind, amountFen, reference, payer }, index) => ({
        id: tenderId + index,
        saleId,
        lineNo: index + 1,
        kind,
        amountFen: -amountFen,
        receivedFen: null,
        reference,
        payer,
      })),
    );
  }
  await unit.audit({
    action: 'sales.sale.return',
    subjectType: SALE_DOCUMENT,
    subjectId: saleId,
    storeId: till.store.id,
    detail: {
      number: saleNumber,
      original: original.saleNumber,
      refundFen: -sum((line) => line.share.amountFen),
      reason,
    },
  });
  await unit.publish('sales.sale.returned', { saleId, originalSaleId: original.id, storeId: till.store.id });
}
