import { type Sql, sql } from '../../platform/database';
import { ledgerCheck, type Search } from './check';

/** Postings of which one book holds another number of rows than was written. */
function rowsOf(what: string, expected: string, counts: Sql): Search {
  const column = sql.identifier(`p.${expected}`);
  return {
    query: sql`SELECT p.id, p.document_number, ${column} AS expected, COALESCE(c.found, 0) AS found FROM posting p
      LEFT JOIN (${counts}) c ON c.posting_id = p.id WHERE ${column} <> COALESCE(c.found, 0)`,
    tell: (row) => `posting ${row['id']} (${row['documentNumber']}): ${row['found']} of ${row['expected']} ${what}`,
  };
}

const count = (table: string): Sql =>
  sql`SELECT posting_id, COUNT(*) AS found FROM ${sql.identifier(table)} GROUP BY posting_id`;

const complete = ledgerCheck(
  'posting.complete',
  rowsOf('device events', 'device_events', count('device_event')),
  rowsOf('stock entries', 'stock_entries', count('stock_entry')),
  rowsOf(
    'journal lines',
    'journal_lines',
    sql`SELECT e.posting_id, COUNT(*) AS found FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id GROUP BY e.posting_id`,
  ),
  rowsOf('open items', 'opened_items', count('open_item')),
  rowsOf('settlements', 'settlements', count('settlement')),
);

const reversal = ledgerCheck(
  'posting.reversal',
  {
    query: sql`SELECT x.reversal_id, x.balance_id, SUM(x.quantity) AS quantity, SUM(x.value_fen) AS value_fen FROM (
        SELECT r.id AS reversal_id, e.balance_id, e.quantity, e.value_fen FROM posting r JOIN stock_entry e ON e.posting_id = r.id
          WHERE r.reverses_id IS NOT NULL
        UNION ALL
        SELECT r.id AS reversal_id, e.balance_id, e.quantity, e.value_fen FROM posting r JOIN stock_entry e ON e.posting_id = r.reverses_id
          WHERE r.reverses_id IS NOT NULL
      ) x GROUP BY x.reversal_id, x.balance_id HAVING SUM(x.quantity) <> 0 OR SUM(x.value_fen) <> 0`,
    tell: (row) =>
      `reversal ${row['reversalId']} leaves ${row['quantity']} pieces, ${row['valueFen']} fen of its original on balance ${row['balanceId']}`,
  },
  {
    query: sql`SELECT x.reversal_id, x.account_id, SUM(x.net_fen) AS net_fen FROM (
        SELECT r.id AS reversal_id, l.account_id, l.debit_fen - l.credit_fen AS net_fen FROM posting r
          JOIN journal_entry e ON e.posting_id = r.id JOIN journal_line l ON l.entry_id = e.id WHERE r.reverses_id IS NOT NULL
        UNION ALL
        SELECT r.id AS reversal_id, l.account_id, l.debit_fen - l.credit_fen AS net_fen FROM posting r
          JOIN journal_entry e ON e.posting_id = r.reverses_id JOIN journal_line l ON l.entry_id = e.id WHERE r.reverses_id IS NOT NULL
      ) x GROUP BY x.reversal_id, x.account_id HAVING SUM(x.net_fen) <> 0`,
    tell: (row) =>
      `reversal ${row['reversalId']} leaves ${row['netFen']} fen of its original on account ${row['accountId']}`,
  },
);

const closed = ledgerCheck('period.closed', {
  query: sql`SELECT p.id, p.document_number, p.business_date, a.month FROM posting p
    JOIN accounting_period a ON a.month = ${sql.left('p.business_date', 7)}
    WHERE a.closed_at IS NOT NULL AND p.posted_at > a.closed_at`,
  tell: (row) =>
    `posting ${row['id']} (${row['documentNumber']}) of ${row['businessDate']} came after ${row['month']} was closed`,
});

export const postingChecks = [complete, reversal, closed];
