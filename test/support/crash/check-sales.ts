import { openDatabase, sql } from '../../../src/platform/database';
import type { Answer, SaleOrder } from './till-client';

export interface KnownSale {
  order: SaleOrder;
  /** Undefined while nobody knows whether it was done. */
  answer: Answer | undefined;
}

interface Found {
  mark: string;
  saleId: number;
  grossFen: number;
}

export interface Comparison {
  /** In words; empty when nothing is wrong. */
  problems: string[];
  /** Sales that were done although their answer was lost. */
  doneUnanswered: number;
}

/** Compares the sales in the database with what the tills know. */
export async function compareSales(databaseUrl: string, known: ReadonlyMap<string, KnownSale>): Promise<Comparison> {
  const database = await openDatabase(databaseUrl, { poolSize: 1 });
  try {
    const found = [
      ...(await database.read.all<Found>(
        sql`SELECT t.reference AS mark, s.id AS sale_id, s.gross_fen AS gross_fen
            FROM sale s JOIN sale_tender t ON t.sale_id = s.id WHERE t.reference IS NOT NULL ORDER BY s.id`,
      )),
      ...(await database.read.all<Found>(
        sql`SELECT note AS mark, id AS sale_id, gross_fen AS gross_fen FROM sale WHERE note IS NOT NULL ORDER BY id`,
      )),
    ];
    const total = await database.read.one<{ sales: number }>(sql`SELECT COUNT(*) AS sales FROM sale`);
    const problems: string[] = [];
    const byMark = new Map<string, Found>();
    for (const one of found) {
      if (byMark.has(one.mark))
        problems.push(`${one.mark} was done twice: sales ${byMark.get(one.mark)?.saleId} and ${one.saleId}`);
      byMark.set(one.mark, one);
      if (!known.has(one.mark)) problems.push(`sale ${one.saleId} has a mark that nobody sent: ${one.mark}`);
    }
    for (const [key, { order, answer }] of known) {
      const sale = byMark.get(key);
      if (answer && !sale) problems.push(`${key} was acknowledged as sale ${answer.saleId} and is missing`);
      if (answer && sale && Number(sale.saleId) !== answer.saleId)
        problems.push(`${key} was acknowledged as sale ${answer.saleId} and is ${sale.saleId}`);
      if (sale && Number(sale.grossFen) !== order.grossFen)
        problems.push(`${key} came to ${sale.grossFen} instead of ${order.grossFen}`);
    }
    if (Number(total?.sales) !== found.length)
      problems.push(`${total?.sales} sales in the database, ${found.length} of them with a mark`);
    const doneUnanswered = [...known.values()].filter(({ order, answer }) => !answer && byMark.has(order.key)).length;
    return { problems, doneUnanswered };
  } finally {
    await database.close();
  }
}
