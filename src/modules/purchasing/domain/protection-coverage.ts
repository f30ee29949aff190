import { addDays, type BusinessDate } from '../../../kernel';

/** Where a device was at the effective hour of a cut; `sold`: within the window before it. */
export type Coverage = 'held' | 'in_transit' | 'sold' | 'none';

/** Why a device is not made good. */
export type Uncovered =
  | 'unknown'
  | 'void'
  | 'other_supplier'
  | 'other_model'
  | 'claimed'
  | 'bought_after'
  | 'sold_before'
  | 'returned'
  | 'consigned'
  | 'gone';

/** One event of a device's life, as far as it matters here. */
export interface LifeStep {
  at: number;
  businessDate: string;
  event: string;
  toState: string;
  toStoreId: number | null;
  toBucket: string | null;
  toOwnership: string;
  costChangeFen: number;
  /** What the event changed, [before, after]. */
  changes: Readonly<Record<string, readonly [unknown, unknown]>> | null;
  documentType: string;
  documentId: number;
  documentNumber: string;
}

export interface Cut {
  supplierId: number;
  effectiveAt: number;
  effectiveOn: BusinessDate;
  windowDays: number;
  skuIds: ReadonlySet<number>;
}

export interface JudgedDevice {
  skuId: number;
  supplierId: number | null;
  state: string;
  /** Oldest first. */
  life: readonly LifeStep[];
  /** Another claim makes good the same cut for it. */
  claimed: boolean;
}

export interface Verdict {
  coverage: Coverage;
  reason: Uncovered | null;
  /** What it was sold as at the effective hour. */
  skuId: number;
  storeId: number | null;
  sale: { type: string; id: number; number: string; on: string } | null;
}

/**
 * Whether an event had happened by the effective hour. What was entered late with an earlier business date happened at the end
 * of that day.
 */
const happened = ({ at, businessDate }: LifeStep, cut: Pick<Cut, 'effectiveAt' | 'effectiveOn'>): boolean =>
  at <= cut.effectiveAt || businessDate < cut.effectiveOn;

/** Judges one device by where it was at the effective hour, whatever happened to it since. */
export function judge(device: JudgedDevice, cut: Cut): Verdict {
  const later = device.life.findIndex((step) => !happened(step, cut));
  const known = later < 0 ? device.life : device.life.slice(0, later);
  const since = later < 0 ? [] : device.life.slice(later);
  const skuId = factBefore(since, 'skuId', device.skuId) ?? device.skuId;
  const supplierId = factBefore(since, 'supplierId', device.supplierId);
  const last = known.at(-1);
  const none = (reason: Uncovered): Verdict => ({
    coverage: 'none',
    reason,
    skuId,
    storeId: last?.toStoreId ?? null,
    sale: null,
  });
  if (device.state === 'void') return none('void');
  if (supplierId !== cut.supplierId) return none('other_supplier');
  if (!cut.skuIds.has(skuId)) return none('other_model');
  if (device.claimed) return none('claimed');
  if (!last) return none('bought_after');
  if (device.state === 'returned_to_supplier' || last.toState === 'returned_to_supplier') return none('returned');
  const covered = { reason: null, skuId, storeId: last.toStoreId } as const;
  if (last.toBucket !== null) {
    if (last.toOwnership !== 'own') return none('consigned');
    return { ...covered, coverage: last.toBucket === 'in_transit' ? 'in_transit' : 'held', sale: saleOf(since) };
  }
  if (last.toState !== 'sold') return none('gone');
  // Sold for its supplier at an agreed price: a settlement, not a price cut, is what changes that.
  if (known.findLast(({ toBucket }) => toBucket !== null)?.toOwnership === 'consigned') return none('consigned');
  const sale = saleOf(known);
  if (!sale || cut.windowDays === 0 || sale.on < addDays(cut.effectiveOn, -cut.windowDays)) return none('sold_before');
  return { ...covered, coverage: 'sold', sale };
}

/** The last sale among the events: what a cost adjustment is about. */
function saleOf(life: readonly LifeStep[]): Verdict['sale'] {
  const step = life.findLast(({ event }) => event === 'sold');
  return step
    ? { type: step.documentType, id: step.documentId, number: step.documentNumber, on: step.businessDate }
    : null;
}

/** A fact as it was before the first of these events that changed it. */
function factBefore(since: readonly LifeStep[], name: string, now: number | null): number | null {
  const change = since.find(({ changes }) => changes?.[name])?.changes?.[name];
  return change ? ((change[0] as number | null) ?? null) : now;
}

/**
 * Whether the device still carries the cost that a supplier's promise is about. It does not when it was bought anew since the
 * effective hour: what it costs now is another purchase.
 */
export const boughtAnew = (life: readonly LifeStep[], cut: Pick<Cut, 'effectiveAt' | 'effectiveOn'>): boolean =>
  life.some((step, index) => index > 0 && !happened(step, cut) && PURCHASES.has(step.event));

const PURCHASES: ReadonlySet<string> = new Set(['received', 'traded_in']);

/**
 * Whether what the agreement took off the cost of a device is in it still: not when it was bought anew, or came back from a
 * customer at the cost that had left before the agreement.
 */
export function dropStands(life: readonly LifeStep[], document: { type: string; id: number }): boolean {
  const agreed = life.findLastIndex(({ documentType, documentId }) => {
    return documentType === document.type && documentId === document.id;
  });
  if (agreed < 0) return false;
  const wasSold = life[agreed]?.toState === 'sold';
  return !life
    .slice(agreed + 1)
    .some(
      ({ event, costChangeFen }) =>
        PURCHASES.has(event) || (wasSold && event === 'sale_returned' && costChangeFen !== 0),
    );
}
