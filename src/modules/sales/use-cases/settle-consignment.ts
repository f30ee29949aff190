import {
  emptyToNull,
  fen,
  type FieldProblem,
  invalid,
  isBusinessDate,
  normaliseName,
  notFound,
  splitTax,
} from '../../../kernel';
import { deviceEvent, devicesFor, placeOf, post, requireOpenPeriod } from '../../../ledger';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { skusByIds } from '../../catalog';
import { getStore, requireChannel } from '../../organization';
import { CONSIGNMENT_DOCUMENT } from '../domain/consignment';
import { saleTotals } from '../domain/line-amounts';
import { SALE_DOCUMENT } from '../domain/sale';
import { SETTLEMENT_DOCUMENT, settlementPosting } from '../domain/settlement-posting';
import { consignment, type ConsignmentRow } from '../store/consignment.table';
import { sale } from '../store/sale.table';
import { type PartnerSettlementRow, settlementOfPartner } from '../store/settlement.table';
import { pricedOf, type Reported, soldByPartner, type SoldByPartner } from './sold-by-partner';
import { markSettled, writePartnerSale } from './write-settlement';

export const SETTLE = 'sales.settlement.post';

export interface SettleConsignment {
  /** Names the partner and the store; devices of other consignments of the same partner may be reported with it. */
  consignmentId: number;
  /** Ticked rows of consignments. */
  rows: readonly number[];
  /** What the partner reported sold, one number a line; a price behind it where another was agreed. */
  numbers: string;
  /** When the partner is to pay: YYYY-MM-DD, today or later. */
  dueOn: string;
  /** What the partner keeps, with tax, and the input tax in it where there is an invoice. */
  commissionFen: number | null;
  commissionTaxFen: number | null;
  /** Number of the partner's list. */
  reference: string;
  note: string;
  channelId: number | null;
}

/**
 * The partner has reported what it sold: a sale on account, its stock, cost, revenue and tax, and what the partner owes, in one unit.
 * Nothing is settled when one of the lines cannot be; each says why. A device that was settled or came back meanwhile: 422 or 409.
 */
export function settleConsignment(
  uow: UnitOfWork,
  actor: Actor,
  command: SettleConsignment,
  options?: RunOptions,
): Promise<{ id: number; number: string; devices: number; amountFen: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const head = await unit.get(consignment, command.consignmentId);
      if (!head) throw notFound(CONSIGNMENT_DOCUMENT, command.consignmentId);
      authorise(actor, SETTLE, head.storeId);
      const channelId = await requireChannel(unit, command.channelId);
      const words = checkedWords(unit, command);
      await requireOpenPeriod(unit, unit.today);
      const { reported, consignments } = await soldByPartner(unit, head, command);
      const sold = await withBooks(unit, reported);
      const amountFen = sold.reduce((total, { soldFen }) => total + soldFen, 0);
      const commission = checkedCommission(command, amountFen);
      const row = await newSettlement(unit, head, { ...words, ...commission, devices: sold.length, amountFen });
      await postIt(unit, row, sold);
      await writePartnerSale(unit, row, sold, channelId);
      await markSettled(unit, row, sold, consignments);
      return { id: row.id, number: row.number, devices: row.devices, amountFen };
    },
    options,
  );
}

function checkedWords(unit: Unit, { dueOn, reference, note }: SettleConsignment) {
  const fields: FieldProblem[] = [];
  if (!isBusinessDate(dueOn) || dueOn < unit.today) fields.push({ path: 'dueOn', code: 'sales:error.settlement_due' });
  const words = { reference: emptyToNull(normaliseName(reference)), note: emptyToNull(normaliseName(note)) };
  for (const [path, max] of [
    ['reference', 80],
    ['note', 200],
  ] as const)
    if ([...(words[path] ?? '')].length > max) fields.push({ path, code: 'errors:field.too_long', details: { max } });
  if (fields.length > 0) throw invalid('errors:form', {}, fields);
  return { dueOn, ...words };
}

function checkedCommission({ commissionFen, commissionTaxFen }: SettleConsignment, amountFen: number) {
  const [whole, tax] = [commissionFen ?? 0, commissionTaxFen ?? 0];
  const problem = (path: string, code: string) => invalid('errors:form', {}, [{ path, code: `sales:error.${code}` }]);
  if (whole < 0 || whole > amountFen) throw problem('commission', 'settlement_commission');
  if (tax < 0 || tax > whole) throw problem('commissionTax', 'settlement_commission_tax');
  return { commissionFen: whole, commissionTaxFen: tax };
}

/** The devices, locked, with what leaves the books. */
async function withBooks(unit: Unit, reported: readonly Reported[]): Promise<SoldByPartner[]> {
  const onBooks = await devicesFor(
    unit,
    reported.map(({ row }) => row.deviceId),
  );
  unit.needIds(deviceEvent, reported.length);
  const skus = await skusByIds(
    unit,
    [...onBooks.values()].map(({ skuId }) => skuId),
  );
  return reported.map((one) => {
    const device = onBooks.get(one.row.deviceId);
    const sku = device && skus.get(device.skuId);
    if (!device || !sku) throw notFound('ledger.device', one.row.deviceId);
    const { netFen, taxFen } = splitTax(fen(one.soldFen), sku.taxRateBp);
    const { id, costFen } = device;
    return {
      ...one,
      skuId: sku.id,
      taxRateBp: sku.taxRateBp,
      netFen,
      taxFen,
      line: {
        skuId: sku.id,
        netFen,
        taxFen,
        device: { id, place: placeOf(device), costFen, warrantyMonths: sku.warrantyMonths },
      },
    };
  });
}

async function newSettlement(
  unit: Unit,
  head: ConsignmentRow,
  terms: Pick<
    PartnerSettlementRow,
    'dueOn' | 'reference' | 'note' | 'devices' | 'amountFen' | 'commissionFen' | 'commissionTaxFen'
  >,
): Promise<PartnerSettlementRow> {
  const store = await getStore(unit, head.storeId);
  return {
    ...terms,
    id: unit.takeIds(settlementOfPartner),
    number: unit.documentNumber('DX', store.code, unit.today),
    storeId: store.id,
    customerId: head.customerId,
    saleId: unit.takeIds(sale),
    businessDate: unit.today,
    state: 'posted',
    createdAt: unit.now,
    createdBy: unit.actor.userId,
    createdByName: unit.actor.name,
    reversedAt: null,
    reversedByName: null,
    reversalNumber: null,
    reversalReason: null,
    version: 1,
  };
}

async function postIt(unit: Unit, row: PartnerSettlementRow, sold: readonly SoldByPartner[]): Promise<void> {
  const { number, businessDate, storeId, customerId, commissionFen, commissionTaxFen, dueOn } = row;
  const totals = saleTotals(sold.map(pricedOf));
  await post(
    unit,
    settlementPosting({
      document: { type: SALE_DOCUMENT, id: row.saleId, number, businessDate, storeId },
      customerId,
      lines: sold.map(({ line }) => line),
      grossFen: totals.grossFen,
      commissionFen,
      commissionTaxFen,
      dueOn,
    }),
  );
  await unit.audit({
    action: `${SETTLEMENT_DOCUMENT}.post`,
    subjectType: SETTLEMENT_DOCUMENT,
    subjectId: row.id,
    storeId,
    detail: { number, devices: row.devices, amountFen: row.amountFen, commissionFen },
  });
  await unit.publish('sales.sale.posted', { saleId: row.saleId, storeId, customerId, grossFen: totals.grossFen });
}
