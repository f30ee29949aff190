import type { BusinessDate } from '../../../kernel';

/** An open item of a supplier: owed to it, or by it (paid before, or a claim on it). */
export interface SettleableItem {
  id: number;
  direction: 'payable' | 'receivable';
  /** What no other payment is to settle already. */
  freeFen: number;
  /** null: due at once. */
  dueOn: string | null;
}

export interface ProposedLine {
  openItemId: number;
  amountFen: number;
}

/**
 * What a new payment settles. Of an amount that was named: what is due first, until it is used up. Without one: what is due by
 * `until`, what was paid before is used first. Items come in the order in which they are due.
 */
export function proposeLines(
  items: readonly SettleableItem[],
  { amountFen, until }: { amountFen: number | null; until: BusinessDate },
): ProposedLine[] {
  const payables = items.filter(({ direction }) => direction === 'payable');
  if (amountFen !== null) return take(payables, amountFen);
  const due = take(
    payables.filter(({ dueOn }) => dueOn === null || dueOn <= until),
    Number.MAX_SAFE_INTEGER,
  );
  const credits = items.filter(({ direction }) => direction === 'receivable');
  return [...due, ...take(credits, totalOf(due))];
}

export const totalOf = (lines: readonly { amountFen: number }[]): number =>
  lines.reduce((total, { amountFen }) => total + amountFen, 0);

function take(items: readonly SettleableItem[], mostFen: number): ProposedLine[] {
  const lines: ProposedLine[] = [];
  let leftFen = mostFen;
  for (const { id, freeFen } of items) {
    const amountFen = Math.min(freeFen, leftFen);
    if (amountFen <= 0) continue;
    lines.push({ openItemId: id, amountFen });
    leftFen -= amountFen;
  }
  return lines;
}
