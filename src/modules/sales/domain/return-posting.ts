import { allocate, fen } from '../../../kernel';
import type {
  Bucket,
  DeviceMove,
  DevicePlace,
  JournalLine,
  OpenItemChange,
  PostedDocument,
  Posting,
  StockMove,
} from '../../../ledger';
import type { SettledTender } from './tenders';
import { ACCOUNT_OF_TENDER } from './tenders';

/** What comes back of one line, at the amounts and the cost with which it left. All figures are positive. */
export interface LineToReturn {
  skuId: number;
  quantity: number;
  netFen: number;
  taxFen: number;
  costFen: number;
  /**
   * A handset, as it stands in the books now; `costFen` there is what it carries. `owed`: it was here on consignment, and its
   * supplier has not settled it yet: it is the supplier's again, and nothing is owed for it.
   */
  device?: {
    id: number;
    place: DevicePlace;
    costFen: number;
    owed?: { id: number; supplierId: number; openItemId: number } | undefined;
  };
  /** False for services, which have no stock. */
  stocked: boolean;
  /** The batches that the pieces go back to, `quantity` in all; a batch of null: goods without batches. */
  batches: readonly { batchId: number | null; quantity: number }[];
}

export interface ReturnToPost {
  document: PostedDocument;
  customerId: number | null;
  /** Where the goods are put. */
  locationId: number;
  bucket: Extract<Bucket, 'sellable' | 'defective'>;
  lines: readonly LineToReturn[];
  refunds: readonly SettledTender[];
  /** What the original sale left open on the customer's account. */
  openItems: readonly { id: number; openFen: number }[];
}

/** Revenue and tax reversed, goods back at their frozen cost, tenders refunded; what was owed for a consigned device is not. */
export function returnPosting(input: ReturnToPost): Posting {
  const { document, lines, refunds, customerId } = input;
  return {
    document,
    devices: lines.flatMap((line) => deviceBack(line, input)),
    stock: lines.filter((line) => line.stocked && !line.device).flatMap((line) => stockBack(line, input)),
    journal: [
      ...revenueBack(lines, document.storeId),
      ...costBack(lines, document.storeId),
      ...refunds.map(({ kind, amountFen }): JournalLine => ({
        account: ACCOUNT_OF_TENDER[kind],
        creditFen: amountFen,
        storeId: document.storeId,
        ...(kind === 'on_account' && customerId !== null
          ? { partyType: 'customer' as const, partyId: customerId }
          : {}),
      })),
    ],
    openItems: [
      ...settle(
        refunds.reduce((total, { kind, amountFen }) => total + (kind === 'on_account' ? amountFen : 0), 0),
        input.openItems,
      ),
      ...lines.flatMap(({ device, costFen }): OpenItemChange[] =>
        device?.owed ? [{ kind: 'settle', openItemId: device.owed.openItemId, amountFen: costFen }] : [],
      ),
    ],
  };
}

/** The frozen cost is shared among the batches by their pieces, to the fen. */
function stockBack(
  { skuId, costFen, batches }: LineToReturn,
  { document, locationId, bucket }: ReturnToPost,
): StockMove[] {
  const costs = allocate(
    fen(costFen),
    batches.map(({ quantity }) => quantity),
  );
  const { storeId } = document;
  return batches.map(({ batchId, quantity }, index) => ({
    locationId,
    storeId,
    skuId,
    batchId,
    bucket,
    quantity,
    valueFen: costs[index] ?? 0,
  }));
}

function deviceBack(line: LineToReturn, { document, locationId, bucket }: ReturnToPost): DeviceMove[] {
  if (!line.device) return [];
  const { id, place, costFen, owed } = line.device;
  const worthFen = owed ? 0 : line.costFen;
  return [
    {
      kind: 'move',
      deviceId: id,
      from: place,
      to: {
        state: 'in_stock',
        storeId: document.storeId,
        locationId,
        bucket,
        ownership: owed ? 'consigned' : 'own',
      },
      // What it carries now may have been changed since (price protection); it comes back at the cost that left.
      ...(costFen === worthFen ? {} : { costChangeFen: worthFen - costFen }),
      event: 'sale_returned',
      set: { makerWarrantyUntil: null },
      detail: { amountFen: line.netFen + line.taxFen, netFen: line.netFen },
    },
  ];
}

function revenueBack(lines: readonly LineToReturn[], storeId: number): JournalLine[] {
  const journal: JournalLine[] = lines
    .filter((line) => line.netFen !== 0)
    .map(({ skuId, netFen }) => ({ account: 'revenue', debitFen: netFen, storeId, skuId }));
  const taxFen = lines.reduce((total, line) => total + line.taxFen, 0);
  if (taxFen !== 0) journal.push({ account: 'output_tax', debitFen: taxFen, storeId });
  return journal;
}

function costBack(lines: readonly LineToReturn[], storeId: number): JournalLine[] {
  return lines.flatMap((line): JournalLine[] => {
    const { skuId, costFen } = line;
    if (costFen === 0) return [];
    const account = line.netFen + line.taxFen === 0 ? 'selling_expense' : 'cost_of_sales';
    const owed = line.device?.owed;
    return [
      owed
        ? {
            account: 'goods_received',
            debitFen: costFen,
            storeId,
            skuId,
            partyType: 'supplier',
            partyId: owed.supplierId,
          }
        : { account: 'inventory', debitFen: costFen, storeId, skuId },
      { account, creditFen: costFen, storeId, skuId },
    ];
  });
}

/** Takes `amountFen` off the customer's open items, oldest first; the caller has checked that they cover it. */
function settle(amountFen: number, items: readonly { id: number; openFen: number }[]): OpenItemChange[] {
  const changes: OpenItemChange[] = [];
  let left = amountFen;
  for (const item of items) {
    const part = Math.min(left, item.openFen);
    if (part <= 0) continue;
    changes.push({ kind: 'settle', openItemId: item.id, amountFen: part });
    left -= part;
  }
  return changes;
}
