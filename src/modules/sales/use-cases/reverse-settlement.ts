import { DomainError, invalid, notFound, stale } from '../../../kernel';
import { reverse } from '../../../ledger';
import { sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { getStore } from '../../organization';
import { SALE_DOCUMENT } from '../domain/sale';
import { SETTLEMENT_DOCUMENT } from '../domain/settlement-posting';
import { auditConsignment } from '../store/consignment.store';
import {
  consignment,
  consignmentDevice,
  type ConsignmentDeviceRow,
  type ConsignmentRow,
} from '../store/consignment.table';
import { sale, saleLine } from '../store/sale.table';
import { type PartnerSettlementRow, settlementOfPartner } from '../store/settlement.table';

export const REVERSE_SETTLEMENTS = 'sales.settlement.reverse';

export interface ReverseSettlement {
  id: number;
  version: number;
  reason: string;
}

/**
 * 红冲 of a settlement on its own day, as of any sale: afterwards reports of sales, which leave reversed ones out, would no longer
 * agree with the books of that day, and a return is the way. The devices are with the partner again.
 */
export function reverseSettlement(
  uow: UnitOfWork,
  actor: Actor,
  command: ReverseSettlement,
  options?: RunOptions,
): Promise<{ number: string }> {
  return uow.run(
    actor,
    async (unit) => {
      const found = await unit.get(settlementOfPartner, command.id);
      if (!found) throw notFound(SETTLEMENT_DOCUMENT, command.id);
      authorise(actor, REVERSE_SETTLEMENTS, found.storeId);
      const reason = command.reason.trim();
      if (reason === '') throw invalid('errors:form', {}, [{ path: 'reason', code: 'sales:error.reason' }]);
      const devices = await unit.find(consignmentDevice, { settlementId: found.id });
      const outs = [...new Set(devices.map(({ outId }) => outId))].sort((a, b) => a - b);
      // The order in which a settlement locks: consignments, then what was sold.
      const consignments = await unit.lockRows(consignment, outs);
      const [row] = await unit.lockRows(settlementOfPartner, [found.id]);
      if (row?.version !== command.version) throw stale();
      await checkReversible(unit, row);
      const number = await takeBack(unit, row, reason.slice(0, 200));
      await unit.execute(
        sql`UPDATE consignment_out_device SET settlement_id = NULL, sold_fen = NULL WHERE settlement_id = ${row.id}`,
      );
      for (const one of consignments) await giveAgain(unit, one, devices, row.number);
      await unit.audit({
        action: `${SETTLEMENT_DOCUMENT}.reverse`,
        subjectType: SETTLEMENT_DOCUMENT,
        subjectId: row.id,
        storeId: row.storeId,
        detail: { number: row.number, reversalNumber: number, reason },
      });
      await unit.publish('sales.sale.reversed', { saleId: row.saleId, storeId: row.storeId });
      return { number };
    },
    options,
  );
}

async function checkReversible(unit: Unit, row: PartnerSettlementRow): Promise<void> {
  const refuse = (code: string): DomainError =>
    new DomainError(code, { status: 409, details: { number: row.number, date: row.businessDate } });
  if (row.state !== 'posted') throw refuse('sales:error.already_reversed');
  if (row.businessDate !== unit.today) throw refuse('sales:error.reverse_other_day');
  const lines = await unit.find(saleLine, { saleId: row.saleId });
  if (lines.some((line) => line.returnedQuantity > 0)) throw refuse('sales:error.reverse_returned');
}

async function takeBack(unit: Unit, row: PartnerSettlementRow, reason: string): Promise<string> {
  const store = await getStore(unit, row.storeId);
  const [sold] = await unit.lockRows(sale, [row.saleId]);
  if (!sold) throw notFound(SALE_DOCUMENT, row.saleId);
  const number = unit.documentNumber('DX', store.code, unit.today);
  const document = { type: SALE_DOCUMENT, id: row.saleId, storeId: row.storeId };
  await reverse(unit, document, { ...document, number, businessDate: unit.today });
  const by = { reversedAt: unit.now, reversedByName: unit.actor.name };
  await unit.update(sale, sold.id, { state: 'reversed', ...by, note: reason }, sold.version);
  const changes = { state: 'reversed' as const, ...by, reversalNumber: number, reversalReason: reason };
  await unit.update(settlementOfPartner, row.id, changes, row.version);
  return number;
}

async function giveAgain(
  unit: Unit,
  row: ConsignmentRow,
  devices: readonly ConsignmentDeviceRow[],
  settlement: string,
): Promise<void> {
  const own = devices.filter(({ outId }) => outId === row.id);
  const changes = {
    stillOut: row.stillOut + own.length,
    settled: row.settled - own.length,
    openFen: row.openFen + own.reduce((total, { priceFen }) => total + priceFen, 0),
    state: 'out' as const,
    doneAt: null,
  };
  await unit.update(consignment, row.id, changes, row.version);
  await auditConsignment(unit, row, 'unsettle', { devices: own.length, settlement });
}
