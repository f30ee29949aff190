import type { AccountRole } from './account-role';

/**
 * Where goods of a location stand; `sellable` is the only bucket that a sale may take from. `quarantine`: held back until somebody
 * has looked at it.
 */
export const BUCKETS = ['sellable', 'demo', 'defective', 'quarantine', 'in_transit'] as const;
export type Bucket = (typeof BUCKETS)[number];

/**
 * `at_partner`: left with a partner who sells it for the company (委托代销), still in the books. `issued`: taken out of stock for the company's own use or given away. `missing`: written off because it was not found (盘亏, lost on the way); it may turn up again. `void`: booked by mistake and
 * reversed; its numbers are free again.
 */
export const DEVICE_STATES = [
  'in_stock',
  'in_transit',
  'sold',
  'lent',
  'at_partner',
  'at_repairer',
  'returned_to_supplier',
  'scrapped',
  'issued',
  'missing',
  'customer_owned',
  'void',
] as const;
export type DeviceState = (typeof DEVICE_STATES)[number];

/** `consigned`: a supplier's, to be sold. `borrowed`: somebody else's, to be given back. Neither has a value in the books. */
export const OWNERSHIPS = ['own', 'consigned', 'borrowed', 'customer'] as const;
export type Ownership = (typeof OWNERSHIPS)[number];

export type IdentifierKind = 'imei' | 'meid' | 'sn';

export interface Identifier {
  kind: IdentifierKind;
  /** Normalised (see the kernel's scan functions): digits or upper-case letters, at most 40. */
  value: string;
}

/**
 * A device is in exactly one place. It counts as stock, with its cost, while `bucket` is set; a customer's phone in for
 * repair has a location and no bucket, a sold one keeps the store that sold it.
 */
export interface DevicePlace {
  state: DeviceState;
  storeId: number | null;
  locationId: number | null;
  bucket: Bucket | null;
  ownership: Ownership;
}

/** What a document may set on a device while it moves it. Dates are YYYY-MM-DD; null clears. */
export interface DeviceFacts {
  skuId?: number;
  /** Individual price; otherwise the price list holds. */
  priceFen?: number | null;
  grade?: string | null;
  /** Percent. */
  batteryHealth?: number | null;
  supplierId?: number | null;
  receivedOn?: string;
  /** From when its age in stock counts; set by the writer when a device comes into stock, unless given here. */
  stockedOn?: string | null;
  makerWarrantyUntil?: string | null;
  shopWarrantyUntil?: string | null;
}

export interface NewDevice extends Omit<DeviceFacts, 'skuId'> {
  kind: 'new';
  /** The document's own name for it (a line's id, a position); `post` tells the device id by it. */
  ref: string;
  skuId: number;
  /** At least one; the first is the one shown. */
  identifiers: readonly Identifier[];
  to: DevicePlace;
  costFen: number;
  /** What happened, as a word: `received`, `opening`, `traded_in`. At most 30 characters. */
  event: string;
  /** For the device's life page; no personal data beyond ids. */
  detail?: Record<string, unknown>;
}

/** Numbers that a device loses and gets: a board was replaced, or a scan was wrong. The old ones still find it. */
export interface NumberChange {
  end: readonly Identifier[];
  add: readonly Identifier[];
}

export interface MovedDevice {
  kind: 'move';
  deviceId: number;
  /** As the document saw it; the writer refuses when the device is elsewhere by now. */
  from: DevicePlace;
  to: DevicePlace;
  costChangeFen?: number;
  event: string;
  set?: DeviceFacts;
  numbers?: NumberChange;
  detail?: Record<string, unknown>;
}

export type DeviceMove = NewDevice | MovedDevice;

/** What a balance is kept for. `batchId` null: goods without batches. */
export interface StockKey {
  locationId: number;
  skuId: number;
  batchId: number | null;
  bucket: Bucket;
}

/** Goods without serial numbers only; entries of devices follow from their moves. */
export interface StockMove extends StockKey {
  storeId: number;
  /** Signed; not 0 unless only the value changes. */
  quantity: number;
  valueFen: number;
}

export interface JournalDimensions {
  storeId: number;
  partyType?: PartyType | undefined;
  partyId?: number | undefined;
  skuId?: number | undefined;
}

/** One of debit and credit; negative amounts are red-letter entries (红字). A line of 0 is left out. */
export type JournalLine = JournalDimensions & { account: AccountRole } & (
    { debitFen: number; creditFen?: undefined } | { creditFen: number; debitFen?: undefined }
  );

export type PartyType = 'supplier' | 'customer' | 'payer';
/** `accrued`: owed for goods whose invoice has not come (暂估); the invoice settles it and opens a payable. */
export type Direction = 'payable' | 'accrued' | 'receivable';

/** Opened and settled amounts of a party equal the posting's lines of that party on control accounts. */
export type OpenItemChange =
  | {
      kind: 'open';
      partyType: PartyType;
      partyId: number;
      direction: Direction;
      /** > 0 */
      amountFen: number;
      dueOn: string | null;
    }
  | { kind: 'settle'; openItemId: number; amountFen: number };

export interface PostedDocument {
  /** `<module>.<document>`: `purchasing.receipt`. */
  type: string;
  id: number;
  number: string;
  /** Business date; decides the period. */
  businessDate: string;
  storeId: number;
}

/** What a document does to the books. Documents make it with a pure function; `post` writes it. */
export interface Posting {
  document: PostedDocument;
  devices: readonly DeviceMove[];
  stock: readonly StockMove[];
  journal: readonly JournalLine[];
  openItems: readonly OpenItemChange[];
}

export interface PostResult {
  postingId: number;
  /** `ref` of each new device → its id. */
  deviceIds: Map<string, number>;
}

/** `void` belongs to nobody's stock; a reversed receipt sends its devices here. */
export const VOID_PLACE: DevicePlace = {
  state: 'void',
  storeId: null,
  locationId: null,
  bucket: null,
  ownership: 'own',
};
