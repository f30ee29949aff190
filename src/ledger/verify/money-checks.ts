import { type Sql, sql } from '../../platform/database';
import { ledgerCheck } from './check';

const net = sql.sum('l.debit_fen - l.credit_fen');

/**
 * The journal's lines by account and other columns, as a table in FROM. MySQL and MariaDB add them up first, in one reading of the
 * journal: to ask for the account of each line takes them twice as long. Others find the lines of an account by its index.
 */
const linesBy = (columns: string): Sql =>
  sql.perDialect((dialect) =>
    dialect === 'mysql'
      ? `(SELECT account_id, ${columns}, SUM((debit_fen - credit_fen) * 1E0) AS net_fen
        FROM journal_line IGNORE INDEX (ix_journal_line_account) GROUP BY account_id, ${columns})`
      : `(SELECT account_id, ${columns}, debit_fen - credit_fen AS net_fen FROM journal_line)`,
  );

const balanced = ledgerCheck('journal.balanced', {
  query: sql`SELECT l.entry_id, ${net} AS net_fen FROM ${sql.scan('journal_line', 'l', 'ix_journal_line_entry')}
    GROUP BY l.entry_id HAVING ${net} <> 0`,
  tell: (row) => `journal entry ${row['entryId']}: debits less credits are ${row['netFen']} fen`,
});

const inventory = ledgerCheck('journal.inventory', {
  query: sql`SELECT x.store_id, SUM(x.stock_fen) AS stock_fen, SUM(x.account_fen) AS account_fen FROM (
      SELECT e.store_id, ${sql.sum('e.value_fen')} AS stock_fen, 0 AS account_fen FROM stock_entry e GROUP BY e.store_id
      UNION ALL
      SELECT l.store_id, 0 AS stock_fen, SUM(l.net_fen) AS account_fen
        FROM ${linesBy('store_id')} l JOIN account a ON a.id = l.account_id WHERE a.book = 'inventory' GROUP BY l.store_id
    ) x GROUP BY x.store_id HAVING SUM(x.stock_fen) <> SUM(x.account_fen)`,
  tell: (row) => `store ${row['storeId']}: stock ${row['stockFen']} fen, inventory accounts ${row['accountFen']} fen`,
});

const control = ledgerCheck('open_item.control', {
  query: sql`SELECT x.direction, x.party_type, x.party_id, SUM(x.open_fen) AS open_fen, SUM(x.account_fen) AS account_fen FROM (
      SELECT i.direction, i.party_type, i.party_id, SUM(i.amount_fen) AS open_fen, 0 AS account_fen
        FROM open_item i GROUP BY i.direction, i.party_type, i.party_id
      UNION ALL
      SELECT i.direction, i.party_type, i.party_id, 0 - SUM(s.amount_fen) AS open_fen, 0 AS account_fen
        FROM settlement s JOIN open_item i ON i.id = s.open_item_id GROUP BY i.direction, i.party_type, i.party_id
      UNION ALL
      SELECT a.book AS direction, l.party_type, l.party_id, 0 AS open_fen,
        CASE a.book WHEN 'receivable' THEN SUM(l.net_fen) ELSE 0 - SUM(l.net_fen) END AS account_fen
        FROM ${linesBy('party_type, party_id')} l JOIN account a ON a.id = l.account_id
        WHERE a.book IN ('payable', 'accrued', 'receivable') GROUP BY a.book, l.party_type, l.party_id
    ) x GROUP BY x.direction, x.party_type, x.party_id HAVING SUM(x.open_fen) <> SUM(x.account_fen)`,
  tell: (row) =>
    `${row['direction']} of ${row['partyType']} ${row['partyId']}: open items ${row['openFen']} fen, control accounts ${row['accountFen']} fen`,
});

const settled = ledgerCheck('open_item.settled', {
  query: sql`SELECT i.id, i.amount_fen, i.settled_fen, COALESCE(s.sum_fen, 0) AS sum_fen FROM open_item i
    LEFT JOIN (SELECT open_item_id, SUM(amount_fen) AS sum_fen FROM settlement GROUP BY open_item_id) s ON s.open_item_id = i.id
    WHERE i.settled_fen <> COALESCE(s.sum_fen, 0) OR i.settled_fen < 0 OR i.settled_fen > i.amount_fen`,
  tell: (row) =>
    `open item ${row['id']} of ${row['amountFen']} fen: settled ${row['settledFen']} fen, its settlements ${row['sumFen']} fen`,
});

export const moneyChecks = [balanced, inventory, control, settled];
