import { chunked, sql } from '../../../platform/database';
import type { Unit } from '../../../platform/unit-of-work';
import { saleTotals } from '../domain/line-amounts';
import { auditConsignment } from '../store/consignment.store';
import { consignment, type ConsignmentRow } from '../store/consignment.table';
import { sale, saleLine, saleTender } from '../store/sale.table';
import { type PartnerSettlementRow, settlementOfPartner } from '../store/settlement.table';
import { pricedOf, type SoldByPartner } from './sold-by-partner';

/** The settlement, and the sale that every list and report of sales sees. */
export async function writePartnerSale(
  unit: Unit,
  row: PartnerSettlementRow,
  sold: readonly SoldByPartner[],
  channelId: number | null,
): Promise<void> {
  const { saleId } = row;
  const totals = saleTotals(sold.map(pricedOf));
  await unit.insert(sale, [
    {
      id: saleId,
      saleNumber: row.number,
      kind: 'sale',
      storeId: row.storeId,
      registerId: null,
      shiftId: null,
      businessDate: row.businessDate,
      soldAt: unit.now,
      cashierId: unit.actor.userId,
      cashierName: unit.actor.name,
      salespersonId: unit.actor.staffId,
      customerId: row.customerId,
      ...totals,
      costFen: sold.reduce((total, { line }) => total + line.device.costFen, 0),
      changeFen: 0,
      state: 'posted',
      note: row.note,
      version: 1,
      channelId,
    },
  ]);
  const firstId = unit.takeIds(saleLine, sold.length);
  await unit.insert(
    saleLine,
    sold.map((one, index) => ({
      id: firstId + index,
      saleId,
      lineNo: index + 1,
      skuId: one.skuId,
      deviceId: one.row.deviceId,
      ...pricedOf(one),
      taxRateBp: one.taxRateBp,
      costFen: one.line.device.costFen,
      returnedQuantity: 0,
      priceFrom: 'typed' as const,
      priceListId: null,
    })),
  );
  const tender = {
    kind: 'on_account' as const,
    amountFen: totals.grossFen,
    receivedFen: null,
    reference: row.reference,
  };
  await unit.insert(saleTender, [{ id: unit.takeIds(saleTender), saleId, lineNo: 1, ...tender, payer: null }]);
  await unit.insert(settlementOfPartner, [row]);
}

/** The devices are settled, and each consignment has so many fewer out; the caller has locked them. */
export async function markSettled(
  unit: Unit,
  { id, number }: PartnerSettlementRow,
  sold: readonly SoldByPartner[],
  consignments: readonly ConsignmentRow[],
): Promise<void> {
  const byPrice = Map.groupBy(sold, ({ row, soldFen }) => (soldFen === row.priceFen ? null : soldFen));
  for (const [soldFen, group] of byPrice)
    for (const chunk of chunked(group.map(({ row }) => row.id)))
      await unit.execute(
        sql`UPDATE consignment_out_device SET settlement_id = ${id}, sold_fen = ${soldFen === null ? sql`price_fen` : sql`${soldFen}`}
          WHERE id IN (${sql.list(chunk)})`,
      );
  for (const row of consignments) {
    const own = sold.filter((one) => one.row.outId === row.id);
    const stillOut = row.stillOut - own.length;
    const changes = {
      stillOut,
      settled: row.settled + own.length,
      openFen: row.openFen - own.reduce((total, one) => total + one.row.priceFen, 0),
      ...(stillOut === 0 ? { state: 'closed' as const, doneAt: unit.now } : {}),
    };
    await unit.update(consignment, row.id, changes, row.version);
    await auditConsignment(unit, row, 'settle', { devices: own.length, settlement: number });
  }
}
