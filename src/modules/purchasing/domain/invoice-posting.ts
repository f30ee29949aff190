import { allocate, fen, type Money } from '../../../kernel';
import type { JournalLine, MovedDevice, OpenItemChange, Posting, StockMove } from '../../../ledger';
import type { InvoiceLineKind } from './invoice-matching';
import {
  type DifferenceShare,
  type GoodsLot,
  type InvoicedDevice,
  spreadOverDevices,
  spreadOverGoods,
} from './invoice-spread';

export interface PostedInvoice {
  id: number;
  number: string;
  businessDate: string;
  /** The store that owes. */
  storeId: number;
  supplierId: number;
  /** For the life page of each device. */
  supplierName: string;
  dueOn: string;
}

interface BilledLine {
  lineId: number;
  /** What it costs us: without tax, where that is input tax. */
  netFen: number;
  /** 0 where the tax is part of the cost. */
  taxFen: number;
}

export interface BilledGoods extends BilledLine {
  kind: 'goods';
  skuId: number;
  /** Where they were received. */
  storeId: number;
  /** Accrued for their receipt; null: nothing was (free goods). */
  openItemId: number | null;
  valueFen: number;
  clearedFen: number;
  /** Of the receipt line that the difference is spread over, without those that went back uninvoiced; 0: nothing is held. */
  pieces: number;
  /** Devices among them; null: goods without serial numbers. */
  devices: readonly InvoicedDevice[] | null;
  /** Where goods without serial numbers may lie; lines of the same goods share them. */
  lots: GoodsLot[];
}

export interface BilledOther extends BilledLine {
  kind: Exclude<InvoiceLineKind, 'goods'>;
}

export interface InvoicePosting extends Posting {
  shares: (DifferenceShare & { lineId: number })[];
  /** By line: what was accrued, and of the difference what went into stock and into cost. */
  results: { lineId: number; accruedFen: number; heldFen: number; adjustedFen: number }[];
}

/**
 * What a supplier invoice does to the books: goods received, not invoiced (2202.02) and input tax (2221) against payables
 * (2202.01). What the goods cost more or less than they were received at goes to what is still held (1405), the part of what
 * is gone to the cost adjustment of the present period. Freight to be spread raises the cost of the goods by their amounts;
 * other lines are expenses.
 */
export function invoicePosting(document: PostedInvoice, lines: readonly (BilledGoods | BilledOther)[]): InvoicePosting {
  const { supplierId, supplierName, dueOn, ...rest } = document;
  const party = { partyType: 'supplier', partyId: supplierId } as const;
  const goods = lines.filter((line) => line.kind === 'goods');
  const extras = landedParts(lines, goods);
  const books = new Sums();
  const costChanges = new Map<number, { device: InvoicedDevice; amountFen: number }>();
  const stock: StockMove[] = [];
  const shares: InvoicePosting['shares'] = [];
  const results: InvoicePosting['results'] = [];
  goods.forEach((line, index) => {
    const { lineId, skuId, storeId, clearedFen, valueFen } = line;
    // What a return at another price left accrued, or did not, is no matter of what the goods cost.
    const leftoverFen = valueFen - clearedFen;
    const spread = spreadLine(line, fen(line.netFen + (extras[index] ?? 0) - valueFen));
    books.accrued.add(storeId, clearedFen);
    if (line.openItemId !== null) books.items.add(line.openItemId, clearedFen);
    for (const { device, amountFen } of spread.devices) {
      costChanges.set(device.deviceId, { device, amountFen });
      books.inventory.add(storeAndSku(device.place.storeId ?? storeId, device.skuId), amountFen);
    }
    for (const { lot, valueFen: amount } of spread.values) {
      stock.push({ ...lot.key, storeId: lot.storeId, quantity: 0, valueFen: amount });
      books.inventory.add(storeAndSku(lot.storeId, skuId), amount);
    }
    const outsideFen = spread.shares.reduce((total, one) => total + (one.held ? 0 : one.amountFen), 0);
    for (const one of spread.shares) {
      const sold = one.held ? undefined : line.devices?.find(({ deviceId }) => deviceId === one.deviceId);
      // The store that sold it bears it: a sold device keeps its store.
      if (!one.held) books.adjusted.add(storeAndSku(sold?.place.storeId ?? storeId, skuId), one.amountFen);
      shares.push({ ...one, lineId });
    }
    books.adjusted.add(storeAndSku(storeId, skuId), leftoverFen);
    const heldFen = spread.shares.reduce((total, one) => total + (one.held ? one.amountFen : 0), 0);
    results.push({ lineId, accruedFen: clearedFen, heldFen, adjustedFen: outsideFen + leftoverFen });
  });
  const { storeId } = rest;
  const taxFen = total(lines, (line) => line.taxFen);
  const grossFen = total(lines, (line) => line.netFen) + taxFen;
  const expenses = lines.flatMap((line): JournalLine[] =>
    line.kind === 'selling_expense' || line.kind === 'admin_expense'
      ? [{ account: line.kind, debitFen: line.netFen, storeId }]
      : [],
  );
  return {
    document: { type: 'purchasing.invoice', ...rest },
    devices: [...costChanges.values()].map(({ device, amountFen }): MovedDevice => ({
      kind: 'move',
      deviceId: device.deviceId,
      from: device.place,
      to: device.place,
      costChangeFen: amountFen,
      event: 'invoiced',
      detail: { supplierName },
    })),
    stock,
    journal: [
      ...books.accrued.map((store, debitFen): JournalLine => ({
        account: 'goods_received',
        debitFen,
        storeId: store,
        ...party,
      })),
      ...books.inventory.map((key, debitFen): JournalLine => ({ account: 'inventory', debitFen, ...key })),
      ...books.adjusted.map((key, debitFen): JournalLine => ({ account: 'cost_adjustment', debitFen, ...key })),
      ...expenses,
      { account: 'input_tax', debitFen: taxFen, storeId },
      { account: 'payable', creditFen: grossFen, storeId, ...party },
    ],
    openItems: [
      ...books.items.map((openItemId, amountFen): OpenItemChange => ({ kind: 'settle', openItemId, amountFen })),
      ...(grossFen > 0
        ? [{ kind: 'open' as const, direction: 'payable' as const, amountFen: grossFen, dueOn, ...party }]
        : []),
    ],
    shares,
    results,
  };
}

/** What freight and the like add to each line of goods, by their amounts; by their pieces where all are free. */
function landedParts(lines: readonly (BilledGoods | BilledOther)[], goods: readonly BilledGoods[]): Money[] {
  const landedFen = total(lines, (line) => (line.kind === 'landed' ? line.netFen : 0));
  if (landedFen === 0 || goods.length === 0) return goods.map(() => fen(0));
  const worth = goods.map(({ netFen }) => netFen);
  return allocate(fen(landedFen), worth.some((one) => one > 0) ? worth : goods.map(({ pieces }) => pieces));
}

function spreadLine(line: BilledGoods, differenceFen: Money) {
  if (line.devices === null) {
    const spread = spreadOverGoods(differenceFen, line.pieces, line.pieces > 0 ? line.lots : []);
    return { ...spread, devices: [] };
  }
  const shares = spreadOverDevices(differenceFen, line.devices);
  const byId = new Map(line.devices.map((device) => [device.deviceId, device]));
  const devices = shares.flatMap(({ held, deviceId, amountFen }) => {
    const device = held ? byId.get(deviceId ?? 0) : undefined;
    return device ? [{ device, amountFen }] : [];
  });
  return { shares, values: [], devices };
}

const total = <T>(list: readonly T[], of: (one: T) => number): number => list.reduce((sum, one) => sum + of(one), 0);

interface StoreAndSku {
  storeId: number;
  skuId: number;
}

const storeAndSku = (storeId: number, skuId: number): StoreAndSku => ({ storeId, skuId });

/** Amounts by key; those that come to 0 are left out. */
class Sum<K> {
  private readonly amounts = new Map<string, { key: K; amountFen: number }>();

  add(key: K, amountFen: number): void {
    const text = JSON.stringify(key);
    this.amounts.set(text, { key, amountFen: (this.amounts.get(text)?.amountFen ?? 0) + amountFen });
  }

  map<R>(make: (key: K, amountFen: number) => R): R[] {
    return [...this.amounts.values()].flatMap(({ key, amountFen }) => (amountFen === 0 ? [] : [make(key, amountFen)]));
  }
}

class Sums {
  readonly accrued = new Sum<number>();
  readonly items = new Sum<number>();
  readonly inventory = new Sum<StoreAndSku>();
  readonly adjusted = new Sum<StoreAndSku>();
}
