import type { Bucket, Identifier, JournalLine, NewDevice, PostedDocument, Posting, StockMove } from '../../../ledger';

/** One line of an opening stock: one device with its numbers, or a quantity of goods without serial numbers. */
export interface OpeningLine {
  lineNo: number;
  skuId: number;
  storeId: number;
  locationId: number;
  /** Sellable unless it says otherwise. */
  bucket?: Bucket;
  quantity: number;
  /** Cost without tax of the whole line, in fen. */
  valueFen: number;
  /** Empty for goods without serial numbers. */
  identifiers: readonly Identifier[];
  /** Of goods kept by batch; left out: the opening stock itself is their batch. */
  batch?: { code: string | null; expiresOn: string | null };
  /** Filled when it is posted. */
  batchId?: number | null;
  /** From when the device's age counts. */
  receivedOn: string;
  makerWarrantyUntil: string | null;
}

/** Opening stock: 1405 库存商品 against 期初权益. Devices get their own cost, other goods enter the moving average. */
export function openingPosting(document: PostedDocument, lines: readonly OpeningLine[]): Posting {
  const devices: NewDevice[] = lines
    .filter(({ identifiers }) => identifiers.length > 0)
    .map((line) => ({
      kind: 'new',
      ref: String(line.lineNo),
      skuId: line.skuId,
      identifiers: line.identifiers,
      to: {
        state: 'in_stock',
        storeId: line.storeId,
        locationId: line.locationId,
        bucket: line.bucket ?? 'sellable',
        ownership: 'own',
      },
      costFen: line.valueFen,
      event: 'opening',
      receivedOn: line.receivedOn,
      stockedOn: line.receivedOn,
      makerWarrantyUntil: line.makerWarrantyUntil,
    }));
  const stock: StockMove[] = mergeGoods(lines.filter(({ identifiers }) => identifiers.length === 0));
  const journal: JournalLine[] = [...totalsByStore(lines)].flatMap(([storeId, valueFen]): JournalLine[] => [
    { account: 'inventory', debitFen: valueFen, storeId },
    { account: 'opening_equity', creditFen: valueFen, storeId },
  ]);
  return { document, devices, stock, journal, openItems: [] };
}

/** Lines of the same SKU, batch, place and bucket are one movement. */
function mergeGoods(lines: readonly OpeningLine[]): StockMove[] {
  const merged = new Map<string, StockMove>();
  for (const { skuId, storeId, locationId, bucket = 'sellable', batchId = null, quantity, valueFen } of lines) {
    const key = `${locationId}/${skuId}/${bucket}/${batchId ?? 0}`;
    const known = merged.get(key);
    merged.set(key, {
      skuId,
      storeId,
      locationId,
      batchId,
      bucket,
      quantity: quantity + (known?.quantity ?? 0),
      valueFen: valueFen + (known?.valueFen ?? 0),
    });
  }
  return [...merged.values()];
}

function totalsByStore(lines: readonly OpeningLine[]): Map<number, number> {
  const totals = new Map<number, number>();
  for (const { storeId, valueFen } of lines) totals.set(storeId, (totals.get(storeId) ?? 0) + valueFen);
  return totals;
}
