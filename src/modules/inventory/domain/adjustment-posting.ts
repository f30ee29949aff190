import type {
  DeviceMove,
  DeviceOnBooks,
  DevicePlace,
  JournalLine,
  PostedDocument,
  Posting,
  StockMove,
} from '../../../ledger';
import type { Adjustment, ReasonAccount } from './change-effect';
import { type ChangedGoods, placeOfDevice } from './change-posting';
import { changeValue } from './change-value';

export interface AdjustedDevice {
  row: DeviceOnBooks;
  /** What it shall cost; only where its cost is corrected. */
  unitCostFen: number | null;
}

export interface AdjustedGoods extends ChangedGoods {
  /** Cost of a piece that comes in, or what each piece here shall cost; null: the average. */
  unitCostFen: number | null;
  /** Fen a piece over all that we have of it anywhere: where the balance has none to say it. */
  averageFen: number;
}

export interface StockAdjustment {
  effect: Adjustment;
  /** In the words of the company; stands in the history of each device. */
  reason: string;
  account: ReasonAccount;
  locationId: number;
  devices: readonly AdjustedDevice[];
  goods: readonly AdjustedGoods[];
}

export interface AdjustmentPosting extends Posting {
  /** What each device and each of `goods` adds to the value of stock, in their order; negative: takes away. */
  devicesFen: readonly number[];
  goodsFen: readonly number[];
}

/**
 * What is lost, scrapped or found passes through 1901 待处理财产损溢 to the account of the reason (whoever posts has it
 * approved); what is taken for use or given away, and a corrected cost, go there at once.
 */
export function adjustmentPosting(document: PostedDocument, adjustment: StockAdjustment): AdjustmentPosting {
  const { effect, account, devices, goods } = adjustment;
  const { storeId } = document;
  const devicesFen = devices.map(({ row, unitCostFen }) => changeValue(effect, unitCostFen, row));
  const goodsFen = goods.map((one) => changeValue(effect, one.unitCostFen, one));
  const all = [...devicesFen, ...goodsFen];
  const gainFen = all.reduce((sum, one) => sum + Math.max(one, 0), 0);
  const lossFen = all.reduce((sum, one) => sum - Math.min(one, 0), 0);
  return {
    document,
    devices: devices.flatMap((one, index) => deviceMove(adjustment, one, devicesFen[index] ?? 0, storeId)),
    stock: goods.flatMap((one, index) => stockMove(effect, one, goodsFen[index] ?? 0, storeId)),
    journal: journal(effect, account, { storeId, gainFen, lossFen }),
    openItems: [],
    devicesFen,
    goodsFen,
  };
}

function deviceMove(
  { effect, reason, locationId }: StockAdjustment,
  { row }: AdjustedDevice,
  valueFen: number,
  storeId: number,
): DeviceMove[] {
  const from = placeOfDevice(row);
  const gone = (state: DevicePlace['state']): DevicePlace => ({
    ...from,
    state,
    locationId: null,
    bucket: null,
  });
  const to: Record<Adjustment, DevicePlace> = {
    loss: gone('missing'),
    issue: gone('issued'),
    scrap: gone('scrapped'),
    gain: { state: 'in_stock', storeId, locationId, bucket: 'sellable', ownership: row.ownership },
    value: from,
  };
  if (effect === 'value' && valueFen === 0) return [];
  return [
    {
      kind: 'move',
      deviceId: row.id,
      from,
      to: to[effect],
      event: `adjusted_${effect}`,
      detail: { reason },
      ...(effect === 'value' ? { costChangeFen: valueFen } : {}),
    },
  ];
}

function stockMove(effect: Adjustment, one: AdjustedGoods, valueFen: number, storeId: number): StockMove[] {
  const sign = { loss: -1, issue: -1, scrap: -1, gain: 1, value: 0 }[effect];
  const quantity = sign * one.pieces + 0;
  if (quantity === 0 && valueFen === 0) return [];
  const { locationId, skuId, batchId, bucket } = one;
  return [{ locationId, skuId, batchId, bucket, storeId, quantity, valueFen }];
}

function journal(
  effect: Adjustment,
  account: ReasonAccount,
  { storeId, gainFen, lossFen }: { storeId: number; gainFen: number; lossFen: number },
): JournalLine[] {
  const through = effect === 'issue' || effect === 'value' ? account : 'stock_difference';
  const stock: JournalLine[] = [
    { account: through, debitFen: lossFen, storeId },
    { account: 'inventory', creditFen: lossFen, storeId },
    { account: 'inventory', debitFen: gainFen, storeId },
    { account: through, creditFen: gainFen, storeId },
  ];
  if (through === account) return stock;
  return [
    ...stock,
    { account, debitFen: lossFen, storeId },
    { account: through, creditFen: lossFen, storeId },
    { account: through, debitFen: gainFen, storeId },
    { account, creditFen: gainFen, storeId },
  ];
}
