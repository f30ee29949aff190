import { fen, type Money, sum } from '../../../kernel';
import type { DevicePlace, JournalLine, MovedDevice, OpenItemChange, Posting, StockMove } from '../../../ledger';
import type { LineClaim } from './return-claim';

export interface PostedReturn {
  id: number;
  number: string;
  businessDate: string;
  storeId: number;
  supplierId: number;
  /** For the life page of each device. */
  supplierName: string;
}

export interface ReturnedDevice {
  deviceId: number;
  skuId: number;
  place: DevicePlace;
  costFen: number;
}

/** Goods without serial numbers, of one batch, at their average cost. */
export type ReturnedGoods = StockMove;

/** A payable of the supplier that the return is set off against, with what is open of it. */
export interface OpenPayable {
  openItemId: number;
  openFen: number;
}

/**
 * What a return does to the books. Goods leave at their own cost (1405). What was not invoiced yet lowers the accrued payable
 * (2202.02); the rest, with its input tax (2221), lowers payables (2202.01) in the order given, and what is more than
 * those is owed by the supplier (1221). What the agreed amount is above or below the cost is a cost adjustment.
 */
export function returnPosting(
  document: PostedReturn,
  devices: readonly ReturnedDevice[],
  goods: readonly ReturnedGoods[],
  claims: readonly LineClaim[],
  payables: readonly OpenPayable[],
): Posting & { costFen: Money } {
  const { supplierName, supplierId, ...rest } = document;
  const { storeId } = rest;
  const party = { partyType: 'supplier', partyId: supplierId } as const;
  const bySku = new Map<number, number>();
  const add = (skuId: number, amount: number): void => void bySku.set(skuId, (bySku.get(skuId) ?? 0) + amount);
  for (const { skuId, costFen } of devices) add(skuId, costFen);
  for (const { skuId, valueFen } of goods) add(skuId, -valueFen);
  const costFen = sum([...bySku.values()].map(fen));
  const netFen = sum(claims.map((claim) => claim.netFen));
  const taxFen = sum(claims.map((claim) => claim.taxFen));
  const accrued = new Map<number, number>();
  for (const { openItemId, clearedFen } of claims.flatMap(({ cleared }) => cleared))
    if (openItemId !== null && clearedFen > 0) accrued.set(openItemId, (accrued.get(openItemId) ?? 0) + clearedFen);
  const accruedFen = [...accrued.values()].reduce((total, one) => total + one, 0);
  const claimFen = netFen + taxFen - accruedFen;
  const settled = setOff(payables, claimFen);
  const payableFen = settled.reduce((total, { amountFen }) => total + amountFen, 0);
  const owedFen = claimFen - payableFen;
  const journal: JournalLine[] = [
    { account: 'goods_received', debitFen: fen(accruedFen), storeId, ...party },
    { account: 'payable', debitFen: fen(payableFen), storeId, ...party },
    { account: 'other_receivable', debitFen: fen(owedFen), storeId, ...party },
    { account: 'input_tax', creditFen: taxFen, storeId },
    ...[...bySku].map(([skuId, amount]): JournalLine => ({
      account: 'inventory',
      creditFen: fen(amount),
      storeId,
      skuId,
    })),
    ...(netFen >= costFen
      ? [{ account: 'cost_adjustment' as const, creditFen: fen(netFen - costFen), storeId }]
      : [{ account: 'cost_adjustment' as const, debitFen: fen(costFen - netFen), storeId }]),
  ];
  return {
    document: { type: 'purchasing.return', ...rest },
    devices: devices.map(({ deviceId, place }): MovedDevice => ({
      kind: 'move',
      deviceId,
      from: place,
      to: { ...place, state: 'returned_to_supplier', locationId: null, bucket: null },
      event: 'returned_to_supplier',
      detail: { supplierName },
    })),
    stock: goods,
    journal,
    openItems: [
      ...[...accrued].map(([openItemId, amountFen]): OpenItemChange => ({ kind: 'settle', openItemId, amountFen })),
      ...settled,
      ...(owedFen > 0
        ? [{ kind: 'open' as const, direction: 'receivable' as const, amountFen: owedFen, dueOn: null, ...party }]
        : []),
    ],
    costFen,
  };
}

/** Lowers payables in their order until the amount is used up. */
function setOff(payables: readonly OpenPayable[], amountFen: number): Extract<OpenItemChange, { kind: 'settle' }>[] {
  const settled: Extract<OpenItemChange, { kind: 'settle' }>[] = [];
  let left = amountFen;
  for (const { openItemId, openFen } of payables) {
    const part = Math.min(left, openFen);
    if (part <= 0) continue;
    settled.push({ kind: 'settle', openItemId, amountFen: part });
    left -= part;
  }
  return settled;
}
