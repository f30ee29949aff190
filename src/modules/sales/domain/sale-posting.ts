import { addMonths, type BusinessDate } from '../../../kernel';
import type {
  DeviceFacts,
  DeviceMove,
  DevicePlace,
  JournalLine,
  OpenItemChange,
  PostedDocument,
  Posting,
  StockMove,
} from '../../../ledger';
import type { Picked } from './pick-stock';
import { ACCOUNT_OF_TENDER, type SettledTender } from './tenders';

/** One line as the books see it: how it leaves the stock and what it cost (个别计价 or moving average). */
export interface LineToPost {
  skuId: number;
  netFen: number;
  taxFen: number;
  /** A handset. One on consignment (`consigned`) costs what its supplier gets for it. */
  device?: {
    id: number;
    place: DevicePlace;
    costFen: number;
    warrantyMonths: number;
    consigned?: { supplierId: number } | undefined;
  };
  /** Goods without serial numbers; a service has neither. */
  picked?: readonly Picked[];
}

export interface SaleToPost {
  document: PostedDocument;
  customerId: number | null;
  lines: readonly LineToPost[];
  tenders: readonly SettledTender[];
}

export const lineCostFen = (line: LineToPost): number =>
  line.device?.costFen ?? (line.picked ?? []).reduce((total, part) => total + part.costFen, 0);

/** A sold device keeps the store that sold it, and is in no location and no bucket. */
export const soldPlace = (storeId: number): DevicePlace => ({
  state: 'sold',
  storeId,
  locationId: null,
  bucket: null,
  ownership: 'customer',
});

/**
 * Sale, and cost of sale, as in the table of accounts: tenders to revenue and output tax, cost of sales to inventory. What was
 * here on consignment becomes owed with its sale: cost of sales to accrued payables (2202.02), an open item for each device.
 */
export function salePosting({ document, customerId, lines, tenders }: SaleToPost): Posting {
  const { storeId, businessDate } = document;
  return {
    document,
    devices: lines.flatMap((line) => deviceSold(line, storeId, businessDate as BusinessDate, customerId)),
    stock: lines.flatMap((line) => stockOut(line)),
    journal: [
      ...tenderLines(tenders, storeId, customerId),
      ...revenueLines(lines, storeId),
      ...costLines(lines, storeId),
    ],
    openItems: [...receivables(tenders, customerId), ...lines.flatMap(owedToSupplier)],
  };
}

function deviceSold(
  { device, netFen, taxFen }: LineToPost,
  storeId: number,
  soldOn: BusinessDate,
  customerId: number | null,
): DeviceMove[] {
  if (!device) return [];
  const set: DeviceFacts =
    device.warrantyMonths > 0 ? { makerWarrantyUntil: addMonths(soldOn, device.warrantyMonths) } : {};
  // The device's page tells price and profit from it.
  const detail = { amountFen: netFen + taxFen, netFen, customerId };
  return [
    {
      kind: 'move',
      deviceId: device.id,
      from: device.place,
      to: soldPlace(storeId),
      // It had no value while it was the supplier's; sold it carries what it cost, as every sold device does.
      ...(device.consigned ? { costChangeFen: device.costFen } : {}),
      event: 'sold',
      set,
      detail,
    },
  ];
}

function stockOut({ skuId, picked = [] }: LineToPost): StockMove[] {
  return picked.map(({ locationId, storeId, batchId, quantity, costFen }) => ({
    locationId,
    storeId,
    skuId,
    batchId,
    bucket: 'sellable',
    quantity: -quantity,
    valueFen: -costFen,
  }));
}

function tenderLines(tenders: readonly SettledTender[], storeId: number, customerId: number | null): JournalLine[] {
  return tenders.map(({ kind, amountFen }) => ({
    account: ACCOUNT_OF_TENDER[kind],
    debitFen: amountFen,
    storeId,
    ...(kind === 'on_account' && customerId !== null ? { partyType: 'customer' as const, partyId: customerId } : {}),
  }));
}

function revenueLines(lines: readonly LineToPost[], storeId: number): JournalLine[] {
  const journal: JournalLine[] = lines
    .filter((line) => line.netFen !== 0)
    .map(({ skuId, netFen }) => ({ account: 'revenue', creditFen: netFen, storeId, skuId }));
  const taxFen = lines.reduce((total, line) => total + line.taxFen, 0);
  if (taxFen !== 0) journal.push({ account: 'output_tax', creditFen: taxFen, storeId });
  return journal;
}

/** A gift's cost is a selling expense (5601): nothing was earned with it that it could be the cost of. */
function costLines(lines: readonly LineToPost[], storeId: number): JournalLine[] {
  return lines.flatMap((line): JournalLine[] => {
    const costFen = lineCostFen(line);
    if (costFen === 0) return [];
    const { skuId } = line;
    const account = line.netFen + line.taxFen === 0 ? 'selling_expense' : 'cost_of_sales';
    return [
      { account, debitFen: costFen, storeId, skuId },
      line.device?.consigned
        ? { account: 'goods_received', creditFen: costFen, storeId, skuId, ...supplierOf(line.device.consigned) }
        : { account: 'inventory', creditFen: costFen, storeId, skuId },
    ];
  });
}

const supplierOf = ({ supplierId }: { supplierId: number }) =>
  ({ partyType: 'supplier', partyId: supplierId }) as const;

function owedToSupplier({ device }: LineToPost): OpenItemChange[] {
  if (!device?.consigned || device.costFen === 0) return [];
  const { costFen: amountFen, consigned } = device;
  return [{ kind: 'open', ...supplierOf(consigned), direction: 'accrued', amountFen, dueOn: null }];
}

function receivables(tenders: readonly SettledTender[], customerId: number | null): OpenItemChange[] {
  const amountFen = tenders.reduce((total, { kind, amountFen: part }) => total + (kind === 'on_account' ? part : 0), 0);
  if (amountFen === 0 || customerId === null) return [];
  return [
    { kind: 'open', partyType: 'customer', partyId: customerId, direction: 'receivable', amountFen, dueOn: null },
  ];
}
