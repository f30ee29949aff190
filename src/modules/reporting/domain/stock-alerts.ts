import { type BusinessDate, daysBetween } from '../../../kernel';

/** In the order in which they are listed. */
export const ALERT_KINDS = [
  'below',
  'order',
  'transit',
  'loan',
  'batch',
  'above',
  'ageing',
  'idle',
  'exchange',
  'claim',
  'rebate',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** Which kinds are told, and from what on; a kind that is switched off is left out. */
export interface AlertLimits {
  below: boolean;
  /** More days of cover than that are too many, also without a maximum. */
  above: { days: number } | null;
  ageing: { days: number } | null;
  idle: { days: number } | null;
  /** Days after the expected one. */
  transit: { days: number } | null;
  /** Days before the expiry. */
  batch: { days: number } | null;
  /** Days since the return. */
  exchange: { days: number } | null;
  /** Days after the expected one. */
  order: { days: number } | null;
  /** Days after the one on which they were to come back. */
  loan: { days: number } | null;
  /** Days since it was submitted. */
  claim: { days: number } | null;
  /** Days since it was booked. */
  rebate: { days: number } | null;
}

export interface NewAlert {
  kind: AlertKind;
  storeId: number;
  skuId: number | null;
  otherStoreId: number | null;
  quantity: number;
  limitQuantity: number | null;
  wanted: number;
  days: number | null;
  dueOn: BusinessDate | null;
  documentId: number | null;
  documentNumber: string | null;
}

const blank = {
  skuId: null,
  otherStoreId: null,
  limitQuantity: null,
  wanted: 0,
  days: null,
  dueOn: null,
  documentId: null,
  documentNumber: null,
};

/** What replenishment knows of a product in a store; see there. */
export interface StoreNeed {
  storeId: number;
  sellable: number;
  promised: number;
  position: number;
  minimum: number;
  maximum: number | null;
  point: number;
  target: number;
  missing: number;
  rateMilli: number;
  coverTenths: number;
}

/** One product in all stores: who is below what it orders at, and who has too much, with who could take it. */
export function needAlerts(skuId: number, needs: readonly StoreNeed[], { below, above }: AlertLimits): NewAlert[] {
  const short = needs
    .filter(({ missing }) => missing > 0)
    .toSorted((a, b) => b.missing - a.missing || a.storeId - b.storeId);
  const alerts: NewAlert[] = [];
  if (below)
    for (const { storeId, position, minimum, point, missing, coverTenths, rateMilli } of short)
      alerts.push({
        ...blank,
        kind: 'below',
        storeId,
        skuId,
        quantity: position,
        limitQuantity: Math.max(minimum, point),
        wanted: missing,
        days: rateMilli > 0 ? Math.floor(coverTenths / 10) : null,
      });
  if (above)
    for (const need of needs) {
      const most = mostOf(need, above.days);
      const there = need.sellable - need.promised;
      if (most === null || there <= most) continue;
      const taker = short.find(({ storeId }) => storeId !== need.storeId);
      alerts.push({
        ...blank,
        kind: 'above',
        storeId: need.storeId,
        skuId,
        otherStoreId: taker?.storeId ?? null,
        quantity: there,
        limitQuantity: most,
        wanted: taker ? Math.min(there - most, taker.missing) : 0,
        days: need.rateMilli > 0 ? Math.floor((there * 1000) / need.rateMilli) : null,
      });
    }
  return alerts;
}

/** The maximum of the rules; without one what sells in so many days. What sells nothing has no such limit: it is idle. */
function mostOf({ maximum, minimum, rateMilli }: StoreNeed, days: number): number | null {
  if (maximum !== null) return Math.max(minimum, maximum);
  return rateMilli > 0 ? Math.max(minimum, Math.ceil((rateMilli * days) / 1000)) : null;
}

export interface OldDevices {
  storeId: number;
  skuId: number;
  quantity: number;
  oldestOn: BusinessDate;
}

export const ageingAlert = ({ storeId, skuId, quantity, oldestOn }: OldDevices, today: BusinessDate): NewAlert => ({
  ...blank,
  kind: 'ageing',
  storeId,
  skuId,
  quantity,
  days: daysBetween(oldestOn, today),
  dueOn: oldestOn,
});

export interface IdlePair {
  storeId: number;
  skuId: number;
  quantity: number;
  idleDays: number;
  toStoreId: number | null;
}

/** Half of what stands goes where it sells; the whole of a single piece. */
export const idleAlert = ({ storeId, skuId, quantity, idleDays, toStoreId }: IdlePair): NewAlert => ({
  ...blank,
  kind: 'idle',
  storeId,
  skuId,
  otherStoreId: toStoreId,
  quantity,
  wanted: toStoreId === null ? 0 : Math.ceil(quantity / 2),
  days: idleDays,
});

export interface AboutDocument {
  documentId: number;
  documentNumber: string;
  storeId: number;
  otherStoreId: number | null;
  skuId: number | null;
  quantity: number;
  /** Expected, expires, or was returned, submitted or booked. */
  on: BusinessDate;
}

export type DocumentAlert = 'order' | 'transit' | 'loan' | 'batch' | 'exchange' | 'claim' | 'rebate';

/** `days` counts from the day to today; of batches from today to the day, below 0 once it has passed. */
export const documentAlert = (kind: DocumentAlert, { on, ...about }: AboutDocument, today: BusinessDate): NewAlert => ({
  ...blank,
  ...about,
  kind,
  days: kind === 'batch' ? daysBetween(today, on) : daysBetween(on, today),
  dueOn: on,
});

/** The most urgent of a kind first: what runs out or expires soonest, what is oldest or waits longest. */
export function inOrder(alerts: readonly NewAlert[]): NewAlert[] {
  const urgency = ({ kind, days }: NewAlert): number =>
    kind === 'below' || kind === 'batch' ? (days ?? Number.MAX_SAFE_INTEGER) : -(days ?? 0);
  return alerts.toSorted(
    (a, b) =>
      ALERT_KINDS.indexOf(a.kind) - ALERT_KINDS.indexOf(b.kind) ||
      urgency(a) - urgency(b) ||
      a.storeId - b.storeId ||
      (a.skuId ?? 0) - (b.skuId ?? 0) ||
      (a.documentId ?? 0) - (b.documentId ?? 0),
  );
}
