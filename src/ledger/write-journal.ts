import { DomainError } from '../kernel';
import { chunked, sql } from '../platform/database';
import type { Unit } from '../platform/unit-of-work';
import { heldBy, type OpenItemOnBooks, openItemsFor } from './books';
import type { BookedLine, PartyChange } from './check-posting';
import type { OpenItemChange, PartyType, PostedDocument } from './posting';
import { journalEntry, journalLine, openItem, settlement } from './tables';

type Settle = Extract<OpenItemChange, { kind: 'settle' }>;
type Open = Extract<OpenItemChange, { kind: 'open' }>;

export const isSettle = (change: OpenItemChange): change is Settle => change.kind === 'settle';
export const isOpen = (change: OpenItemChange): change is Open => change.kind === 'open';

/**
 * Locks the items that are settled and refuses more than is open: 409 ledger:error.over_settled, with the item and what
 * is still open. Returns what changes for each party.
 */
export async function lockSettled(unit: Unit, changes: readonly OpenItemChange[]): Promise<PartyChange[]> {
  const settles = changes.filter(isSettle);
  const items = await openItemsFor(
    unit,
    settles.map((change) => change.openItemId),
  );
  const totals = new Map<number, number>();
  for (const { openItemId, amountFen } of settles) totals.set(openItemId, (totals.get(openItemId) ?? 0) + amountFen);
  const parties: PartyChange[] = changes
    .filter(isOpen)
    .map(({ direction, partyType, partyId, amountFen }) => ({ direction, partyType, partyId, amountFen }));
  for (const [openItemId, amountFen] of totals) {
    const item = items.get(openItemId);
    if (!item) throw new Error(`open item ${openItemId} does not exist`);
    const settled = item.settledFen + amountFen;
    if (settled < 0 || settled > item.amountFen)
      throw new DomainError('ledger:error.over_settled', {
        status: 409,
        details: { openItemId, openFen: item.amountFen - item.settledFen, amountFen },
      });
    const { direction, partyType, partyId } = item;
    parties.push({ direction, partyType, partyId, amountFen: -amountFen });
  }
  return parties;
}

/** Adds settlements to their items (locked before). */
export async function updateSettled(unit: Unit, changes: readonly OpenItemChange[]): Promise<void> {
  const totals = new Map<number, number>();
  for (const { openItemId, amountFen } of changes.filter(isSettle))
    totals.set(openItemId, (totals.get(openItemId) ?? 0) + amountFen);
  const sorted = [...totals].sort(([a], [b]) => a - b);
  for (const chunk of chunked(sorted, 100)) {
    const arms = chunk.map(([id, amount]) => sql`WHEN ${id} THEN ${amount}`);
    await unit.execute(
      sql`UPDATE open_item SET settled_fen = settled_fen + CASE id ${sql.join(arms, ' ')} ELSE 0 END
        WHERE id IN (${sql.list(chunk.map(([id]) => id))})`,
    );
  }
  const held = heldBy(unit).openItems;
  for (const [id, amount] of totals) {
    const item = held.get(id);
    if (item) held.set(id, { ...item, settledFen: item.settledFen + amount });
  }
}

export async function insertJournal(
  unit: Unit,
  postingId: number,
  lines: readonly BookedLine[],
  { businessDate, storeId }: PostedDocument,
  ids: { journalEntry: number; journalLines: number },
): Promise<void> {
  if (lines.length === 0) return;
  const entryId = ids.journalEntry;
  const rows = lines.map(({ book: _book, partyType, ...line }, index) => ({
    ...line,
    partyType: partyType as PartyType | null,
    id: ids.journalLines + index,
    entryId,
    lineNo: index + 1,
    businessDate,
  }));
  await unit.together([
    () => unit.insert(journalEntry, [{ id: entryId, postingId, businessDate, storeId }]),
    () => unit.insert(journalLine, rows),
  ]);
}

export async function insertOpenItems(
  unit: Unit,
  postingId: number,
  changes: readonly OpenItemChange[],
  { businessDate, storeId }: PostedDocument,
  ids: { openItems: number; settlements: number },
): Promise<void> {
  const opened = changes.filter(isOpen);
  if (opened.length > 0) {
    const rows = opened.map(({ kind: _kind, ...item }, index): OpenItemOnBooks => ({
      ...item,
      id: ids.openItems + index,
      postingId,
      storeId,
      settledFen: 0,
      openedOn: businessDate,
    }));
    await unit.insert(openItem, rows);
  }
  const settles = changes.filter(isSettle);
  if (settles.length > 0) {
    await unit.insert(
      settlement,
      settles.map(({ openItemId, amountFen }, index) => ({
        id: ids.settlements + index,
        postingId,
        openItemId,
        amountFen,
        businessDate,
        at: unit.now,
      })),
    );
  }
}
