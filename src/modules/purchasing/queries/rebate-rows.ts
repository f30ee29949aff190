import { type Reader, type Sql, sql } from '../../../platform/database';
import { categoryBranch, listCategories } from '../../catalog';
import type { RebateRow } from '../domain/rebate';
import type { RebateDataRow } from '../store/rebate.table';

type Terms = Pick<RebateDataRow, 'supplierId' | 'kind' | 'fromOn' | 'toOn' | 'brandId' | 'categoryId' | 'productId'>;

/** Everything that counts until a day, oldest first, of all stores. */
export async function rebateRows(read: Reader, terms: Terms, untilOn: string): Promise<RebateRow[]> {
  if (terms.kind === 'fixed') return [];
  const period = { from: terms.fromOn, to: untilOn < terms.toOn ? untilOn : terms.toOn };
  const scope = await scopeOf(read, terms);
  return terms.kind === 'sold' ? sold(read, terms, period, scope) : bought(read, terms, period, scope);
}

interface Period {
  from: string;
  to: string;
}

async function scopeOf(read: Reader, { brandId, categoryId, productId }: Terms): Promise<Sql> {
  const branch = categoryId === null ? [] : categoryBranch(await listCategories(read), categoryId);
  return sql.all([
    brandId !== null && sql`g.brand_id = ${brandId}`,
    categoryId !== null && sql`g.category_id IN (${sql.list(branch)})`,
    productId !== null && sql`g.id = ${productId}`,
  ]);
}

/** Posted receipts, without free goods, less posted returns to the supplier. */
async function bought(read: Reader, { supplierId }: Terms, { from, to }: Period, scope: Sql): Promise<RebateRow[]> {
  const rows = await read.all<Omit<RebateRow, 'deviceId'>>(
    sql`SELECT 'purchasing.receipt' AS document_type, r.id AS document_id, r.number AS document_number, r.business_date,
        r.store_id, l.sku_id, l.received AS pieces, l.amount_fen
      FROM receipt r JOIN receipt_line l ON l.receipt_id = r.id JOIN sku k ON k.id = l.sku_id
        JOIN product g ON g.id = k.product_id
      WHERE r.supplier_id = ${supplierId} AND r.state = 'posted' AND r.business_date >= ${from}
        AND r.business_date <= ${to} AND l.received > 0 AND l.amount_fen > 0 AND ${scope}
      UNION ALL
      SELECT 'purchasing.return' AS document_type, o.id AS document_id, o.number AS document_number, o.business_date,
        o.store_id, n.sku_id, 0 - n.quantity AS pieces, 0 - n.amount_fen AS amount_fen
      FROM purchase_return o JOIN purchase_return_line n ON n.return_id = o.id JOIN sku k ON k.id = n.sku_id
        JOIN product g ON g.id = k.product_id
      WHERE o.supplier_id = ${supplierId} AND o.state = 'posted' AND o.business_date >= ${from}
        AND o.business_date <= ${to} AND ${scope}`,
  );
  return rows
    .map((row) => ({
      ...row,
      documentId: Number(row.documentId),
      deviceId: null,
      pieces: Number(row.pieces),
      amountFen: Number(row.amountFen),
    }))
    .sort((a, b) => (a.businessDate < b.businessDate ? -1 : Number(a.businessDate > b.businessDate)));
}

/** Devices from this supplier that were sold, less those that came back. */
async function sold(read: Reader, { supplierId }: Terms, { from, to }: Period, scope: Sql): Promise<RebateRow[]> {
  const rows = await read.all<Omit<RebateRow, 'amountFen' | 'pieces'> & { kind: string; storeId: number }>(
    sql`SELECT p.document_type, p.document_id, p.document_number, p.kind, e.business_date,
        COALESCE(e.to_store_id, e.from_store_id) AS store_id, d.sku_id, d.id AS device_id
      FROM device_event e JOIN posting p ON p.id = e.posting_id JOIN device d ON d.id = e.device_id
        JOIN sku k ON k.id = d.sku_id JOIN product g ON g.id = k.product_id
      WHERE d.supplier_id = ${supplierId} AND p.document_type IN ('sales.sale', 'sales.return')
        AND e.business_date >= ${from} AND e.business_date <= ${to} AND ${scope}
        AND ((e.to_state = 'sold' AND e.from_state <> 'sold') OR (e.from_state = 'sold' AND e.to_state <> 'sold'))
      ORDER BY e.business_date, e.id`,
  );
  return rows.map(({ kind, ...row }) => ({
    ...row,
    pieces: (row.documentType === 'sales.sale') === (kind === 'post') ? 1 : -1,
    amountFen: 0,
  }));
}
