import { addDays, type BusinessDate, notFound } from '../../../kernel';
import { type Reader, type Sql, sql } from '../../../platform/database';
import type { Actor } from '../../../platform/permissions';
import { AGE_BUCKETS, type AgeBucket, bucketStarts } from '../domain/ageing';
import { moneyScope, supplierName, type SupplierName } from './scope';
import { VIEW_STATEMENTS } from './supplier-balances';

export interface StatementPeriod {
  supplierId: number;
  from: BusinessDate;
  to: BusinessDate;
  storeId: number | null;
}

/** What is owed to a supplier: with invoice, without, and what it owes itself. */
export interface Owed {
  payableFen: number;
  accruedFen: number;
  receivableFen: number;
}

export interface StatementRow extends Owed {
  postingId: number;
  documentType: string;
  documentId: number;
  documentNumber: string;
  kind: 'post' | 'reversal';
  businessDate: string;
  storeName: string;
  /** What it settled, also where nothing is owed more or less afterwards. */
  settledFen: number;
  /** Owed by then, over everything. */
  balanceFen: number;
}

export interface Statement extends StatementPeriod {
  supplier: SupplierName;
  opening: Owed;
  openingFen: number;
  rows: StatementRow[];
  closing: Owed;
  closingFen: number;
  increaseFen: number;
  decreaseFen: number;
  /** Payables that were open at the end of `to`, by how long they were overdue then. */
  ageing: Record<AgeBucket, number>;
  /** There are more documents than are shown. */
  cut: boolean;
}

export const netOf = ({ payableFen, accruedFen, receivableFen }: Owed): number =>
  payableFen + accruedFen - receivableFen;

/** Every change of the supplier's open items in the actor's stores: opened, settled, taken back. */
const changes = (actor: Actor, { supplierId, storeId }: StatementPeriod): Sql => {
  const items = sql`i.party_type = 'supplier' AND i.party_id = ${supplierId}
    AND ${moneyScope('i.store_id', actor, VIEW_STATEMENTS)}
    AND ${storeId === null ? sql`1 = 1` : sql`i.store_id = ${storeId}`}`;
  return sql`(SELECT i.posting_id, i.opened_on AS changed_on, i.direction, i.amount_fen, 0 AS settled_fen
      FROM open_item i WHERE ${items}
    UNION ALL
    SELECT t.posting_id, t.business_date AS changed_on, i.direction, 0 - t.amount_fen AS amount_fen, t.amount_fen AS settled_fen
      FROM settlement t JOIN open_item i ON i.id = t.open_item_id WHERE ${items})`;
};

const ofDirection = (direction: keyof typeof DIRECTIONS): Sql =>
  sql`SUM(CASE WHEN c.direction = ${direction} THEN c.amount_fen ELSE 0 END)`;
const DIRECTIONS = { payable: 'payableFen', accrued: 'accruedFen', receivable: 'receivableFen' } as const;
const owedColumns = sql`${ofDirection('payable')} AS payable_fen, ${ofDirection('accrued')} AS accrued_fen,
  ${ofDirection('receivable')} AS receivable_fen`;

const owedOf = (row: { [K in keyof Owed]?: number | string | null } | undefined): Owed => ({
  payableFen: Number(row?.payableFen ?? 0),
  accruedFen: Number(row?.accruedFen ?? 0),
  receivableFen: Number(row?.receivableFen ?? 0),
});

/**
 * What changed between the company and a supplier in a period, document by document, with the balance after each; at most `most`
 * documents. Throws 404 when there is no such supplier.
 */
export async function supplierStatement(
  read: Reader,
  actor: Actor,
  period: StatementPeriod,
  most: number,
): Promise<Statement> {
  const { supplierId, from, to } = period;
  const supplier = await supplierName(read, supplierId);
  if (!supplier) throw notFound('purchasing.supplier', supplierId);
  const before = await read.one<Owed>(
    sql`SELECT ${owedColumns} FROM ${changes(actor, period)} c WHERE c.changed_on < ${from}`,
  );
  const whole = await read.one<Owed>(
    sql`SELECT ${owedColumns} FROM ${changes(actor, period)} c WHERE c.changed_on <= ${to}`,
  );
  const found = await read.all<Omit<StatementRow, 'balanceFen'>>(
    sql`SELECT p.id AS posting_id, p.document_type, p.document_id, p.document_number, p.kind, p.business_date,
        st.name AS store_name, ${owedColumns}, SUM(c.settled_fen) AS settled_fen
      FROM ${changes(actor, period)} c JOIN posting p ON p.id = c.posting_id JOIN store st ON st.id = p.store_id
      WHERE c.changed_on >= ${from} AND c.changed_on <= ${to}
      GROUP BY p.id, p.document_type, p.document_id, p.document_number, p.kind, p.business_date, st.name
      ORDER BY p.business_date, p.id ${sql.limit(most + 1)}`,
  );
  const opening = owedOf(before);
  const closing = owedOf(whole);
  let balanceFen = netOf(opening);
  const rows = found.slice(0, most).map((row): StatementRow => {
    const owed = owedOf(row);
    balanceFen += netOf(owed);
    return { ...row, ...owed, settledFen: Number(row.settledFen), balanceFen };
  });
  const net = rows.map(netOf);
  return {
    ...period,
    supplier,
    opening,
    openingFen: netOf(opening),
    rows,
    closing,
    closingFen: netOf(closing),
    increaseFen: net.reduce((sum, amount) => sum + Math.max(0, amount), 0),
    decreaseFen: net.reduce((sum, amount) => sum + Math.max(0, -amount), 0),
    ageing: await ageingOf(read, actor, period),
    cut: found.length > most,
  };
}

async function ageingOf(read: Reader, actor: Actor, period: StatementPeriod): Promise<Record<AgeBucket, number>> {
  const { supplierId, storeId, to } = period;
  const { notDue, days30, days60, days90 } = bucketStarts(to);
  const rows = await read.all<{ bucket: AgeBucket; openFen: number | string }>(
    sql`SELECT x.bucket, SUM(x.amount_fen - x.paid_fen) AS open_fen FROM (
        SELECT CASE WHEN COALESCE(i.due_on, i.opened_on) >= ${notDue} THEN 'notDue'
            WHEN COALESCE(i.due_on, i.opened_on) >= ${days30} THEN 'days30'
            WHEN COALESCE(i.due_on, i.opened_on) >= ${days60} THEN 'days60'
            WHEN COALESCE(i.due_on, i.opened_on) >= ${days90} THEN 'days90' ELSE 'older' END AS bucket,
          i.amount_fen, COALESCE((SELECT SUM(t.amount_fen) FROM settlement t
            WHERE t.open_item_id = i.id AND t.business_date <= ${to}), 0) AS paid_fen
        FROM open_item i
        WHERE i.party_type = 'supplier' AND i.party_id = ${supplierId} AND i.direction = 'payable' AND i.opened_on <= ${to}
          AND ${moneyScope('i.store_id', actor, VIEW_STATEMENTS)}
          AND ${storeId === null ? sql`1 = 1` : sql`i.store_id = ${storeId}`}
          AND (i.settled_fen < i.amount_fen
            OR EXISTS (SELECT late.id FROM settlement late WHERE late.open_item_id = i.id AND late.business_date > ${to}))
      ) x GROUP BY x.bucket`,
  );
  const sums = new Map(rows.map(({ bucket, openFen }) => [bucket, Number(openFen)]));
  return Object.fromEntries(AGE_BUCKETS.map((bucket) => [bucket, sums.get(bucket) ?? 0])) as Record<AgeBucket, number>;
}

/** The days that were asked for; of themselves this month and the one before. */
export function periodOf(
  { from, to }: { from: BusinessDate | null; to: BusinessDate | null },
  today: BusinessDate,
): { from: BusinessDate; to: BusinessDate } {
  const last = to ?? today;
  const first = from ?? addDays(last, -59);
  return { from: first > last ? last : first, to: last };
}
