export const SALE_KINDS = ['sale', 'return'] as const;
export type SaleKind = (typeof SALE_KINDS)[number];

export const SALE_STATES = ['posted', 'reversed'] as const;
export type SaleState = (typeof SALE_STATES)[number];

/** Where the price of one piece came from: the device's own, a price list, or typed for goods that no list knows. */
export type PriceSource = 'device' | 'list' | 'typed';

/** How a customer pays at the till, in the order in which the till shows them. */
export const TENDER_KINDS = ['cash', 'wallet_wechat', 'wallet_alipay', 'card', 'bank_transfer', 'on_account'] as const;
export type TenderKind = (typeof TENDER_KINDS)[number];

/** Ledger documents of this module. */
export const SALE_DOCUMENT = 'sales.sale';
export const RETURN_DOCUMENT = 'sales.return';
export const SHIFT_DOCUMENT = 'sales.shift';

/** At most so many lines: a till sale is looked over by two people at a counter. */
export const MAX_LINES = 200;
export const MAX_TENDERS = 12;
/** Above this a typed quantity is a barcode that went into the wrong field. */
export const MAX_QUANTITY = 9999;

/** What posting a sale answers. */
export interface SalePosted {
  saleId: number;
  saleNumber: string;
  grossFen: number;
  changeFen: number;
  /** What the till's shift came to with it; null for a sale without a till. */
  total: ShiftTotal | null;
}

/** Sales of a shift and what they came to, less returns. */
export interface ShiftTotal {
  count: number;
  grossFen: number;
}

/** Whoever may see price lists is told by which one something was sold. */
export const PRICE_VIEW = 'pricing.price.view';

/** Taking back what another store sold. */
export const RETURN_ELSEWHERE = 'sales.return.elsewhere';
