import { allocate, type BusinessDate, fen, type Money, sum } from '../../../kernel';
import type {
  DeviceMove,
  DevicePlace,
  Identifier,
  JournalLine,
  OpenItemChange,
  Posting,
  StockMove,
} from '../../../ledger';
import { dueDate, type Terms } from './payment-terms';
import { type DeviceNumbers, identifiersOf } from './device-numbers';

export interface PostedReceipt {
  id: number;
  number: string;
  businessDate: BusinessDate;
  storeId: number;
  locationId: number;
  supplierId: number;
  /** For the life page of each device. */
  supplierName: string;
  withInvoice: boolean;
  terms: Terms;
}

export interface PostedLine {
  id: number;
  lineNo: number;
  skuId: number;
  serial: boolean;
  /** Of goods kept by batch; null for all others. */
  batchId: number | null;
  quantity: number;
  /** Tax-inclusive. */
  amountFen: Money;
  taxFen: Money;
}

export interface PostedDevice extends DeviceNumbers {
  id: number;
  lineId: number;
  boxNo?: string | null;
  /** A device that was here before: as the books have it, and the numbers it gets besides. */
  known?: { deviceId: number; place: DevicePlace; costFen: number; add: readonly Identifier[] };
}

/** `ref` of each device in the posting is the id of its receipt_device row. */
export const deviceRef = (id: number): string => `rd${id}`;

/**
 * What a receipt does to the books. Goods come in at their net price; a line's net amount is spread over its pieces to the
 * fen. Without the invoice: inventory / goods received, not invoiced (1405 / 2202.02), net, and an accrued open item that
 * the invoice will settle. With it: inventory and input tax / payable (1405, 2221 / 2202.01), and an open item of the gross
 * amount, due after the supplier's payment days.
 * `lines` carry as many devices as their quantity; the caller has checked that.
 */
export function receiptPosting(
  receipt: PostedReceipt,
  lines: readonly PostedLine[],
  devices: readonly PostedDevice[],
): Posting {
  const { id, number, businessDate, storeId } = receipt;
  const byLine = new Map<number, PostedDevice[]>();
  for (const device of devices) byLine.set(device.lineId, [...(byLine.get(device.lineId) ?? []), device]);
  return {
    document: { type: 'purchasing.receipt', id, number, businessDate, storeId },
    devices: lines.flatMap((line) => (line.serial ? deviceMoves(receipt, line, byLine.get(line.id) ?? []) : [])),
    stock: lines.filter((line) => !line.serial).map((line) => stockMove(receipt, line)),
    journal: journalLines(receipt, lines),
    openItems: openItems(receipt, lines),
  };
}

const netOf = (line: PostedLine): Money => fen(line.amountFen - line.taxFen);

/** A device that comes again keeps its row and its life; what it costs now, and as what it is sold, are this receipt's. */
function deviceMoves(receipt: PostedReceipt, line: PostedLine, devices: readonly PostedDevice[]): DeviceMove[] {
  const costs = allocate(
    netOf(line),
    devices.map(() => 1),
  );
  const { storeId, locationId, supplierId } = receipt;
  return devices.map((device, index): DeviceMove => {
    const costFen = costs[index] ?? 0;
    const common = {
      to: { state: 'in_stock', storeId, locationId, bucket: 'sellable', ownership: 'own' },
      event: 'received',
      detail: { supplierName: receipt.supplierName, ...(device.boxNo ? { boxNo: device.boxNo } : {}) },
    } as const;
    const facts = { skuId: line.skuId, supplierId, receivedOn: receipt.businessDate };
    if (!device.known)
      return {
        kind: 'new',
        ref: deviceRef(device.id),
        identifiers: identifiersOf(device),
        costFen,
        ...facts,
        ...common,
      };
    const { deviceId, place, costFen: costBefore, add } = device.known;
    return {
      kind: 'move',
      deviceId,
      from: place,
      ...common,
      costChangeFen: costFen - costBefore,
      set: { ...facts, priceFen: null },
      ...(add.length > 0 ? { numbers: { end: [], add } } : {}),
    };
  });
}

function stockMove(receipt: PostedReceipt, line: PostedLine): StockMove {
  return {
    storeId: receipt.storeId,
    locationId: receipt.locationId,
    skuId: line.skuId,
    batchId: line.batchId,
    bucket: 'sellable',
    quantity: line.quantity,
    valueFen: netOf(line),
  };
}

function journalLines(receipt: PostedReceipt, lines: readonly PostedLine[]): JournalLine[] {
  const { storeId, supplierId, withInvoice } = receipt;
  const party = { partyType: 'supplier', partyId: supplierId } as const;
  const netFen = sum(lines.map(netOf));
  const taxFen = sum(lines.map((line) => line.taxFen));
  const bySku = new Map<number, Money>();
  for (const line of lines) bySku.set(line.skuId, fen((bySku.get(line.skuId) ?? 0) + netOf(line)));
  const journal: JournalLine[] = [...bySku].map(([skuId, debitFen]) => ({
    account: 'inventory',
    debitFen,
    storeId,
    skuId,
  }));
  if (!withInvoice) return [...journal, { account: 'goods_received', creditFen: netFen, storeId, ...party }];
  return [
    ...journal,
    { account: 'input_tax', debitFen: taxFen, storeId },
    { account: 'payable', creditFen: fen(netFen + taxFen), storeId, ...party },
  ];
}

function openItems(receipt: PostedReceipt, lines: readonly PostedLine[]): OpenItemChange[] {
  const item = { kind: 'open', partyType: 'supplier', partyId: receipt.supplierId } as const;
  const amountFen = sum(lines.map((line) => (receipt.withInvoice ? line.amountFen : netOf(line))));
  if (amountFen === 0) return [];
  if (!receipt.withInvoice) return [{ ...item, direction: 'accrued', amountFen, dueOn: null }];
  const dueOn = dueDate(receipt.businessDate, receipt.terms);
  return [{ ...item, direction: 'payable', amountFen, dueOn }];
}
