import { costOut, mulDiv } from '../../../kernel';
import type {
  DeviceMove,
  DeviceOnBooks,
  DevicePlace,
  JournalLine,
  PostedDocument,
  Posting,
  StockKey,
  StockMove,
  StockOnBooks,
} from '../../../ledger';

export interface GoodsDifference extends StockKey {
  /** Counted less what the books had then; not 0. */
  pieces: number;
  balance: StockOnBooks;
  /** Cost of a piece where the balance has none to say it, in fen. */
  unitCostFen: number;
}

export interface StocktakeDifferences {
  locationId: number;
  missing: readonly DeviceOnBooks[];
  /** Found here while the books have them in another place of ours, or wrote them off. */
  found: readonly DeviceOnBooks[];
  goods: readonly GoodsDifference[];
}

export interface StocktakePosting extends Posting {
  lossFen: number;
  gainFen: number;
  /** Of `goods`, in their order. */
  goodsFen: readonly number[];
}

/**
 * Losses and gains pass through 1901 待处理财产损溢 to administrative expense (whoever posts has approved them); a device of
 * another store only changes its store.
 */
export function stocktakePosting(document: PostedDocument, differences: StocktakeDifferences): StocktakePosting {
  const { storeId } = document;
  const { missing, found, goods, locationId } = differences;
  const stock = goods.map((one): StockMove => ({
    locationId: one.locationId,
    skuId: one.skuId,
    batchId: one.batchId,
    bucket: one.bucket,
    storeId,
    quantity: one.pieces,
    valueFen: goodsValue(one),
  }));
  const turnedUp = found.filter(({ bucket }) => bucket === null);
  const lossFen = sum(missing.map(worth)) - sum(stock.map(({ valueFen }) => Math.min(valueFen, 0)));
  const gainFen = sum(turnedUp.map(worth)) + sum(stock.map(({ valueFen }) => Math.max(valueFen, 0)));
  return {
    document,
    devices: [...missing.map((row) => lost(row)), ...found.map((row) => taken(row, storeId, locationId))],
    stock: stock.filter(({ quantity }) => quantity !== 0),
    journal: [...difference(storeId, lossFen, gainFen), ...betweenStores(storeId, found)],
    openItems: [],
    lossFen,
    gainFen,
    goodsFen: stock.map(({ valueFen }) => valueFen),
  };
}

const worth = ({ ownership, costFen }: DeviceOnBooks): number => (ownership === 'own' ? costFen : 0);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function goodsValue({ pieces, balance, unitCostFen }: GoodsDifference): number {
  if (pieces < 0) return -costOut(balance, -pieces);
  if (balance.quantity === 0) return pieces * unitCostFen;
  return mulDiv(balance.valueFen, pieces, balance.quantity);
}

const place = ({ state, storeId, locationId, bucket, ownership }: DeviceOnBooks): DevicePlace => ({
  state,
  storeId,
  locationId,
  bucket,
  ownership,
});

const lost = (row: DeviceOnBooks): DeviceMove => ({
  kind: 'move',
  deviceId: row.id,
  from: place(row),
  to: { state: 'missing', storeId: row.storeId, locationId: null, bucket: null, ownership: row.ownership },
  event: 'stocktake_missing',
});

const taken = (row: DeviceOnBooks, storeId: number, locationId: number): DeviceMove => ({
  kind: 'move',
  deviceId: row.id,
  from: place(row),
  to: { state: 'in_stock', storeId, locationId, bucket: row.bucket ?? 'sellable', ownership: row.ownership },
  event: 'stocktake_found',
});

function difference(storeId: number, lossFen: number, gainFen: number): JournalLine[] {
  return [
    { account: 'stock_difference', debitFen: lossFen, storeId },
    { account: 'inventory', creditFen: lossFen, storeId },
    { account: 'admin_expense', debitFen: lossFen, storeId },
    { account: 'stock_difference', creditFen: lossFen, storeId },
    { account: 'inventory', debitFen: gainFen, storeId },
    { account: 'stock_difference', creditFen: gainFen, storeId },
    { account: 'stock_difference', debitFen: gainFen, storeId },
    { account: 'admin_expense', creditFen: gainFen, storeId },
  ];
}

function betweenStores(storeId: number, found: readonly DeviceOnBooks[]): JournalLine[] {
  const moved = new Map<number, number>();
  for (const row of found)
    if (row.bucket !== null && row.storeId !== null && row.storeId !== storeId)
      moved.set(row.storeId, (moved.get(row.storeId) ?? 0) + worth(row));
  return [...moved].flatMap(([from, fen]): JournalLine[] => [
    { account: 'inventory', debitFen: fen, storeId },
    { account: 'inventory', creditFen: fen, storeId: from },
  ]);
}
