import type {
  Bucket,
  DevicePlace,
  JournalLine,
  MovedDevice,
  PostedDocument,
  Posting,
  StockMove,
} from '../../../ledger';
import type { StepKind } from './transfer-state';

/** Where goods come from or go to. */
export interface TransferPlace {
  storeId: number;
  locationId: number;
}

export interface TransferRoute {
  from: TransferPlace;
  to: TransferPlace;
}

export interface CarriedDevice {
  deviceId: number;
  place: DevicePlace;
  costFen: number;
  /** In which it stood when it left; with `damaged` it arrives among the defective ones. */
  bucket: Bucket;
  damaged?: boolean;
}

/** Goods without serial numbers, of one batch. */
export interface CarriedGoods {
  skuId: number;
  batchId: number | null;
  /** In which they stood when they left, or in which they arrive. */
  bucket: Bucket;
  quantity: number;
  valueFen: number;
}

export type EndingStep = Exclude<StepKind, 'send'>;

/** Cost of devices and goods together. */
export const valueOf = (devices: readonly { costFen: number }[], goods: readonly { valueFen: number }[]): number =>
  devices.reduce((sum, { costFen }) => sum + costFen, 0) + goods.reduce((sum, { valueFen }) => sum + valueFen, 0);

/**
 * Goods leave: on the way they stand with the store that they go to, at their cost, in the bucket `in_transit` of the place
 * where they are to arrive. Both stores' stock accounts change at this moment.
 */
export function sendPosting(
  document: PostedDocument,
  { from, to }: TransferRoute,
  devices: readonly CarriedDevice[],
  goods: readonly CarriedGoods[],
): Posting {
  return {
    document,
    devices: devices.map(({ deviceId, place }): MovedDevice => ({
      kind: 'move',
      deviceId,
      from: place,
      to: { ...place, ...to, state: 'in_transit', bucket: 'in_transit' },
      event: 'transfer_sent',
    })),
    stock: goods.flatMap((one): StockMove[] => [
      goodsMove(from, one, one.bucket, -1),
      goodsMove(to, one, 'in_transit', 1),
    ]),
    journal: betweenStores(from.storeId, to.storeId, valueOf(devices, goods)),
    openItems: [],
  };
}

/**
 * Goods leave the way: they arrive (`markupFen`: charged on top of cost, see markupOf), come back to the sender, or are lost
 * (`bearerStoreId`: whose expense that is).
 */
export function endPosting(
  document: PostedDocument,
  kind: EndingStep,
  { from, to }: TransferRoute,
  devices: readonly CarriedDevice[],
  goods: readonly CarriedGoods[],
  bearerStoreId: number,
  markupFen = 0,
): Posting {
  const target = kind === 'return' ? from : to;
  const valueFen = valueOf(devices, goods);
  return {
    document,
    devices: devices.map(({ deviceId, place, bucket, damaged }): MovedDevice => ({
      kind: 'move',
      deviceId,
      from: place,
      to:
        kind === 'loss'
          ? { ...place, state: 'missing', locationId: null, bucket: null }
          : { ...place, ...target, state: 'in_stock', bucket: damaged ? 'defective' : bucket },
      event: EVENTS[kind],
    })),
    stock: goods.flatMap((one): StockMove[] => [
      goodsMove(to, one, 'in_transit', -1),
      ...(kind === 'loss' ? [] : [goodsMove(target, one, one.bucket, 1)]),
    ]),
    journal:
      kind === 'loss'
        ? written(to.storeId, bearerStoreId, valueFen)
        : [
            ...betweenStores(to.storeId, target.storeId, valueFen),
            ...charged(from.storeId, to.storeId, kind === 'receive' ? markupFen : 0),
          ],
    openItems: [],
  };
}

const EVENTS: Readonly<Record<EndingStep, string>> = {
  receive: 'transfer_received',
  return: 'transfer_returned',
  loss: 'transfer_lost',
};

const goodsMove = (
  place: TransferPlace,
  { skuId, batchId, quantity, valueFen }: CarriedGoods,
  bucket: Bucket,
  sign: 1 | -1,
): StockMove => ({ ...place, skuId, batchId, bucket, quantity: sign * quantity, valueFen: sign * valueFen + 0 });

/**
 * What is charged on top of the cost of goods that arrive. Costs stay what was paid outside of the company, so that margins and
 * stock are those of the company; only the results of the two stores change (0030).
 */
export const markupOf = (valueFen: number, markupBp: number | null): number =>
  Math.round((valueFen * (markupBp ?? 0)) / 10_000);

function charged(from: number, to: number, markupFen: number): JournalLine[] {
  if (from === to || markupFen === 0) return [];
  return [
    { account: 'transfer_result', debitFen: markupFen, storeId: to },
    { account: 'transfer_result', creditFen: markupFen, storeId: from },
  ];
}

/** Between places of one store its stock account stays as it is. */
function betweenStores(from: number, to: number, valueFen: number): JournalLine[] {
  if (from === to) return [];
  return [
    { account: 'inventory', debitFen: valueFen, storeId: to },
    { account: 'inventory', creditFen: valueFen, storeId: from },
  ];
}

/** A loss goes over 1901 待处理财产损溢 and, as it has been approved, on to the expenses of who bears it. */
const written = (storeId: number, bearerStoreId: number, valueFen: number): JournalLine[] => [
  { account: 'stock_difference', debitFen: valueFen, storeId: bearerStoreId },
  { account: 'inventory', creditFen: valueFen, storeId },
  { account: 'admin_expense', debitFen: valueFen, storeId: bearerStoreId },
  { account: 'stock_difference', creditFen: valueFen, storeId: bearerStoreId },
];
