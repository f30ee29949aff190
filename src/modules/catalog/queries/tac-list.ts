import { type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { type Actor, authorise } from '../../../platform/permissions';

export const tacListSpec: ListSpec = {
  path: '/catalog/tacs',
  id: 't.id',
  filters: ['q', 'linked'],
  sorts: {
    code: { expression: 't.code', type: 'text', direction: 'ascending' },
    updated: { expression: 't.updated_at', type: 'number', direction: 'descending' },
  },
};

export interface TacListRow {
  id: number;
  sortValue: string | number;
  code: string;
  brandText: string | null;
  modelText: string;
  productId: number | null;
  productName: string | null;
  updatedAt: number;
}

/** One page of TACs; a search is the beginning of a TAC, a whole IMEI, or words of brand, models or product. */
export async function tacList(read: Reader, actor: Actor, query: ListQuery): Promise<TacListRow[]> {
  authorise(actor, 'catalog.product.view');
  const { where, orderBy, limit } = keyset(query);
  const sortColumn = query.sort === 'updated' ? sql`t.updated_at` : sql`t.code`;
  const { q, linked } = query.filters;
  return read.all<TacListRow>(
    sql`SELECT t.id, ${sortColumn} AS sort_value, t.code, t.brand_text, t.model_text, t.product_id, p.name AS product_name,
        t.updated_at
      FROM tac t LEFT JOIN product p ON p.id = t.product_id
      WHERE ${sql.all([
        where,
        linked === 'yes' && sql`t.product_id IS NOT NULL`,
        linked === 'no' && sql`t.product_id IS NULL`,
        q ? matches(q) : undefined,
      ])} ${orderBy} ${limit}`,
  );
}

function matches(text: string): Sql {
  const digits = text.normalize('NFKC').replace(/[\s-]/g, '');
  if (/^\d{2,17}$/.test(digits)) return sql.startsWith('t.code', digits.slice(0, 8));
  const words = text.normalize('NFKC').toLowerCase().split(/\s+/).filter(Boolean).slice(0, 6);
  return sql.all(
    words.map(
      (word) =>
        sql`(${sql.contains('LOWER(t.model_text)', word)} OR ${sql.contains('LOWER(t.brand_text)', word)} OR ${sql.contains('p.search_key', word)})`,
    ),
  );
}

export async function tacPage(read: Reader, actor: Actor, id: number): Promise<TacListRow | undefined> {
  authorise(actor, 'catalog.product.view');
  return read.one<TacListRow>(
    sql`SELECT t.id, t.code AS sort_value, t.code, t.brand_text, t.model_text, t.product_id, p.name AS product_name, t.updated_at
      FROM tac t LEFT JOIN product p ON p.id = t.product_id WHERE t.id = ${id}`,
  );
}
