// The sale being typed: plain data and pure functions, so that it can be kept, restored and tested without a page.
// Amounts are fen. A line: { id, skuId, deviceId, imei, name, code, tracking, quantity, priceFen, floorFen, discountFen, gift, note }.

let serial = 0;
/** Unique within this browser; crypto.randomUUID is missing on plain HTTP. */
export const newKey = () => `till-${Date.now().toString(36)}-${(serial += 1).toString(36)}-${Math.random().toString(36).slice(2, 10)}`;

export const emptyDraft = () => ({
  key: newKey(),
  lines: [],
  selected: null,
  customer: null,
  salespersonId: null,
  /** Null: the store's own sale. */
  channelId: null,
  tenders: [],
  cashFen: null,
});

/** A draft out of storage, or null when it is not one. */
export function readDraft(kept) {
  if (!kept || typeof kept !== 'object' || !Array.isArray(kept.lines) || !Array.isArray(kept.tenders)) return null;
  if (typeof kept.key !== 'string') return null;
  const good = (line) => Number.isSafeInteger(line?.skuId) && Number.isSafeInteger(line.quantity) && Number.isSafeInteger(line.discountFen);
  return kept.lines.every(good) ? { ...emptyDraft(), ...kept } : null;
}

/** What the shop's price makes of the line; without a price 0. */
export const listFen = (line) => (line.priceFen ?? 0) * line.quantity;
export const amountFen = (line) => listFen(line) - line.discountFen;
export const isBelowFloor = (line) => line.floorFen !== null && line.floorFen !== undefined && amountFen(line) < line.floorFen * line.quantity;

export function totals(draft) {
  const sum = (of) => draft.lines.reduce((total, line) => total + of(line), 0);
  const dueFen = sum(amountFen);
  const otherFen = draft.tenders.reduce((total, tender) => total + tender.amountFen, 0);
  const cashDueFen = dueFen - otherFen;
  const cashFen = draft.cashFen ?? 0;
  return {
    pieces: sum((line) => line.quantity),
    listFen: sum(listFen),
    discountFen: sum((line) => line.discountFen),
    dueFen,
    otherFen,
    cashDueFen,
    cashFen,
    /** Change to give; negative: so much is missing. */
    changeFen: cashFen - cashDueFen,
  };
}

/**
 * Puts a scanned line on the draft. A device is bound once: a second scan of it is 'double'. Goods without serial numbers
 * add to their line. Returns { draft, outcome, lineId }.
 */
export function addLine(draft, line) {
  const same = draft.lines.find((other) =>
    line.deviceId ? other.deviceId === line.deviceId : !other.deviceId && other.skuId === line.skuId && !other.gift,
  );
  if (same && line.deviceId) return { draft: { ...draft, selected: same.id }, outcome: 'double', lineId: same.id };
  if (same) return { draft: select(setQuantity(draft, same.id, same.quantity + 1), same.id), outcome: 'right', lineId: same.id };
  const id = newKey();
  const added = { ...line, id, quantity: 1, discountFen: 0, gift: false };
  return { draft: { ...draft, lines: [...draft.lines, added], selected: id }, outcome: 'right', lineId: id };
}

const change = (draft, id, edit) => ({ ...draft, lines: draft.lines.map((line) => (line.id === id ? { ...line, ...edit(line) } : line)) });

/** A handset is one piece. The discount stays, unless the line has become too small for it. */
export function setQuantity(draft, id, quantity) {
  return change(draft, id, (line) => {
    const pieces = line.deviceId ? 1 : quantity;
    const most = (line.priceFen ?? 0) * pieces;
    return { quantity: pieces, discountFen: line.gift ? most : Math.min(line.discountFen, most) };
  });
}

export const setDiscount = (draft, id, discountFen) =>
  change(draft, id, (line) => ({ discountFen: Math.max(0, Math.min(discountFen, listFen(line))), gift: false }));

export const toggleGift = (draft, id) => change(draft, id, (line) => ({ gift: !line.gift, discountFen: line.gift ? 0 : listFen(line) }));

export const select = (draft, id) => ({ ...draft, selected: id });

/** `priced[i]` is what the server says of line i now, or null. What was taken off stays, as far as the new price lets it. */
export function reprice(draft, priced) {
  const lines = draft.lines.map((line, index) => {
    const now = priced[index];
    if (!now) return line;
    const { priceFen, floorFen, floorHidden, priceList, otherPrices, available } = now;
    const most = priceFen * line.quantity;
    const discountFen = line.gift ? most : Math.min(line.discountFen, most);
    return { ...line, priceFen, floorFen, floorHidden, priceList, otherPrices, available, discountFen, refused: undefined };
  });
  return { ...draft, lines };
}

/** The line below takes its place as the selected one. */
export function removeLine(draft, id) {
  const index = draft.lines.findIndex((line) => line.id === id);
  const lines = draft.lines.filter((line) => line.id !== id);
  return { ...draft, lines, selected: (lines[index] ?? lines[index - 1])?.id ?? null };
}

export function moveSelection(draft, step) {
  const index = draft.lines.findIndex((line) => line.id === draft.selected);
  const next = draft.lines[Math.max(0, Math.min(draft.lines.length - 1, index + step))];
  return { ...draft, selected: next?.id ?? null };
}

/** A tender for what is still open; pressing the same one again changes nothing but the focus. */
export function addTender(draft, kind) {
  const { cashDueFen } = totals(draft);
  if (draft.tenders.some((tender) => tender.kind === kind) || cashDueFen <= 0) return draft;
  return { ...draft, tenders: [...draft.tenders, { kind, amountFen: cashDueFen, reference: '' }] };
}

export const setTender = (draft, kind, edit) => ({
  ...draft,
  tenders: draft.tenders.map((tender) => (tender.kind === kind ? { ...tender, ...edit } : tender)),
});
export const removeTender = (draft, kind) => ({ ...draft, tenders: draft.tenders.filter((tender) => tender.kind !== kind) });

/** What the server is sent. Cash that nobody typed is taken as exact. */
export function toCommand(draft) {
  const { cashDueFen, dueFen } = totals(draft);
  const cashFen = draft.cashFen ?? Math.max(0, cashDueFen);
  return {
    operationKey: draft.key,
    customerId: draft.customer?.id ?? null,
    salespersonId: draft.salespersonId,
    channelId: draft.channelId,
    expectedFen: dueFen,
    lines: draft.lines.map((line) => ({
      skuId: line.skuId,
      deviceId: line.deviceId ?? null,
      quantity: line.quantity,
      discountFen: line.discountFen,
    })),
    tenders: [
      ...draft.tenders.map(({ kind, amountFen: paidFen, reference }) => ({ kind, amountFen: paidFen, reference: reference || null })),
      ...(cashFen > 0 ? [{ kind: 'cash', amountFen: cashFen, reference: null }] : []),
    ],
  };
}
