import { completeImei } from '../../src/kernel';
import type {
  DeviceOnBooks,
  DevicePlace,
  Identifier,
  JournalLine,
  PostedDocument,
  Posting,
  StockMove,
} from '../../src/ledger';
import { placeOf } from '../../src/ledger';

/** Small documents for tests of the ledger: what the modules' own pure functions make of theirs. */

export interface Shop {
  storeId: number;
  locationId: number;
}
export const NANJING: Shop = { storeId: 1, locationId: 11 };
export const SUZHOU: Shop = { storeId: 2, locationId: 21 };

export const HANDSET = 501;
export const CASE = 601;
export const SUPPLIER = 71;

export const shelf = (shop: Shop, bucket: DevicePlace['bucket'] = 'sellable'): DevicePlace => ({
  state: 'in_stock',
  storeId: shop.storeId,
  locationId: shop.locationId,
  bucket,
  ownership: 'own',
});
export const soldBy = (shop: Shop): DevicePlace => ({
  state: 'sold',
  storeId: shop.storeId,
  locationId: null,
  bucket: null,
  ownership: 'customer',
});

/** The n-th valid IMEI of a made-up series. */
export const imei = (n: number): Identifier => ({
  kind: 'imei',
  value: completeImei(`35209900${String(n).padStart(6, '0')}`),
});

let lastId = 0;
export function document(type: string, shop: Shop = NANJING, businessDate = '2026-11-22'): PostedDocument {
  const id = ++lastId;
  return { type, id, number: `T${id}`, businessDate, storeId: shop.storeId };
}

export const goods = (shop: Shop, quantity: number, valueFen: number, skuId = CASE): StockMove => ({
  ...shop,
  skuId,
  batchId: null,
  bucket: 'sellable',
  quantity,
  valueFen,
});

const supplier = { partyType: 'supplier', partyId: SUPPLIER } as const;

export interface ReceiptLine {
  number: Identifier;
  costFen: number;
}

/** Devices and cases from a supplier, invoiced at once: stock against payable, with an open item. */
export function receipt(
  lines: readonly ReceiptLine[],
  cases: StockMove[] = [],
  shop: Shop = NANJING,
  doc = document('purchasing.receipt', shop),
): Posting {
  const totalFen =
    lines.reduce((sum, line) => sum + line.costFen, 0) + cases.reduce((sum, move) => sum + move.valueFen, 0);
  return {
    document: doc,
    devices: lines.map(({ number, costFen }) => ({
      kind: 'new',
      ref: number.value,
      skuId: HANDSET,
      identifiers: [number],
      to: shelf(shop),
      costFen,
      event: 'received',
      supplierId: SUPPLIER,
    })),
    stock: cases,
    journal: [
      { account: 'inventory', debitFen: totalFen, storeId: shop.storeId },
      { account: 'payable', creditFen: totalFen, storeId: shop.storeId, ...supplier },
    ],
    openItems:
      totalFen > 0 ? [{ kind: 'open', ...supplier, direction: 'payable', amountFen: totalFen, dueOn: null }] : [],
  };
}

/** The same goods without their invoice: owed all the same, on the account of what is not invoiced yet. */
export function accrued(posting: Posting): Posting {
  return {
    ...posting,
    journal: posting.journal.map((line) =>
      line.account === 'payable' ? { ...line, account: 'goods_received' } : line,
    ),
    openItems: posting.openItems.map((change) =>
      change.kind === 'open' ? { ...change, direction: 'accrued' } : change,
    ),
  };
}

/** Devices and cases for cash. `caseCostFen` is what the moving average said. */
export function sale(
  devices: readonly DeviceOnBooks[],
  priceFen: number,
  cases: { quantity: number; costFen: number } = { quantity: 0, costFen: 0 },
  shop: Shop = NANJING,
  doc = document('sales.sale', shop),
): Posting {
  const costFen = devices.reduce((sum, row) => sum + row.costFen, 0) + cases.costFen;
  const { storeId } = shop;
  const journal: JournalLine[] = [
    { account: 'cash', debitFen: priceFen, storeId },
    { account: 'revenue', creditFen: priceFen, storeId },
    { account: 'cost_of_sales', debitFen: costFen, storeId },
    { account: 'inventory', creditFen: costFen, storeId },
  ];
  return {
    document: doc,
    devices: devices.map((row) => ({
      kind: 'move',
      deviceId: row.id,
      from: placeOf(row),
      to: soldBy(shop),
      event: 'sold',
      set: { makerWarrantyUntil: '2027-11-22' },
    })),
    stock: cases.quantity > 0 ? [goods(shop, -cases.quantity, -cases.costFen)] : [],
    journal,
    openItems: [],
  };
}

/** Sold devices back on the shelf at the cost that left. */
export function salesReturn(
  devices: readonly DeviceOnBooks[],
  priceFen: number,
  shop: Shop = NANJING,
  doc = document('sales.return', shop),
): Posting {
  const costFen = devices.reduce((sum, row) => sum + row.costFen, 0);
  const { storeId } = shop;
  return {
    document: doc,
    devices: devices.map((row) => ({
      kind: 'move',
      deviceId: row.id,
      from: placeOf(row),
      to: shelf(shop),
      event: 'sale_returned',
      set: { makerWarrantyUntil: null },
    })),
    stock: [],
    journal: [
      { account: 'cash', creditFen: priceFen, storeId },
      { account: 'revenue', debitFen: priceFen, storeId },
      { account: 'cost_of_sales', creditFen: costFen, storeId },
      { account: 'inventory', debitFen: costFen, storeId },
    ],
    openItems: [],
  };
}

/** From one shop's shelf to another's in one step. */
export function move(
  devices: readonly DeviceOnBooks[],
  from: Shop,
  to: Shop,
  doc = document('inventory.transfer', from),
): Posting {
  const costFen = devices.reduce((sum, row) => sum + row.costFen, 0);
  return {
    document: doc,
    devices: devices.map((row) => ({
      kind: 'move',
      deviceId: row.id,
      from: placeOf(row),
      to: shelf(to),
      event: 'transferred',
    })),
    stock: [],
    journal: [
      { account: 'inventory', debitFen: costFen, storeId: to.storeId },
      { account: 'inventory', creditFen: costFen, storeId: from.storeId },
    ],
    openItems: [],
  };
}

/** Money to the supplier for an open item. */
export function payment(
  openItemId: number,
  amountFen: number,
  shop: Shop = NANJING,
  doc = document('finance.payment', shop),
): Posting {
  const { storeId } = shop;
  return {
    document: doc,
    devices: [],
    stock: [],
    journal: [
      { account: 'payable', debitFen: amountFen, storeId, ...supplier },
      { account: 'bank', creditFen: amountFen, storeId },
    ],
    openItems: [{ kind: 'settle', openItemId, amountFen }],
  };
}
