import { DomainError } from '../../kernel';
import { type Reader, sql, type Sql } from '../../platform/database';
import { bookFindings } from '../backup';

/** What must be the same before and after: the findings of every check of the books, and totals over them. */
export interface Figures {
  books: { id: string; count: number }[];
  totals: Record<string, number>;
}

/** One number each; money in fen, quantities as they are stored. */
const TOTALS: Readonly<Record<string, Sql>> = {
  postings: sql`SELECT COUNT(*) AS total FROM posting`,
  debitFen: sql`SELECT SUM(debit_fen) AS total FROM journal_line`,
  creditFen: sql`SELECT SUM(credit_fen) AS total FROM journal_line`,
  openItemsFen: sql`SELECT SUM(amount_fen - settled_fen) AS total FROM open_item`,
  devices: sql`SELECT COUNT(*) AS total FROM device`,
  deviceCostFen: sql`SELECT SUM(cost_fen) AS total FROM device`,
  stockQuantity: sql`SELECT SUM(quantity) AS total FROM stock_balance`,
  stockValueFen: sql`SELECT SUM(value_fen) AS total FROM stock_balance`,
  sales: sql`SELECT COUNT(*) AS total FROM sale`,
  customers: sql`SELECT COUNT(*) AS total FROM customer`,
  accounts: sql`SELECT COUNT(*) AS total FROM user_account`,
};

export async function readFigures(read: Reader): Promise<Figures> {
  const totals: Record<string, number> = {};
  for (const [id, query] of Object.entries(TOTALS))
    totals[id] = Number((await read.one<{ total: unknown }>(query))?.total ?? 0);
  return { books: await bookFindings(read), totals };
}

/** The first figure that is not as it was; undefined: all are. A check or total that only one version knows is passed over. */
export function firstDifference(
  before: Figures,
  after: Figures,
): { what: string; before: number; after: number } | undefined {
  for (const { id, count } of before.books) {
    const now = after.books.find((check) => check.id === id);
    if (now && now.count !== count) return { what: id, before: count, after: now.count };
  }
  for (const [what, value] of Object.entries(before.totals)) {
    const now = after.totals[what];
    if (now !== undefined && now !== value) return { what, before: value, after: now };
  }
  return undefined;
}

/** Throws 'upgrade:error.differs' with the first figure that is not as it was. */
export function refuseDifference(before: Figures, after: Figures): void {
  const found = firstDifference(before, after);
  if (found) throw new DomainError('upgrade:error.differs', { details: found });
}
