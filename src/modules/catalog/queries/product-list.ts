import { normaliseCode } from '../../../kernel';
import { type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { type Actor, authorise } from '../../../platform/permissions';
import { searchTerms } from '../../../platform/text-search';
import type { Tracking } from '../domain/tracking';
import { categoryBranch, listCategories } from './categories';

const filters = ['q', 'brand', 'category', 'tracking', 'active'] as const;

export const productListSpec: ListSpec = {
  path: '/catalog/products',
  id: 'p.id',
  filters,
  sorts: {
    name: { expression: 'p.name', type: 'text', direction: 'ascending' },
    updated: { expression: 'p.updated_at', type: 'number', direction: 'descending' },
  },
};

/** The same filters over variants, for the export. */
export const skuListSpec: ListSpec = {
  path: '/catalog/products/export',
  id: 's.id',
  filters,
  sorts: { code: { expression: 's.code', type: 'text', direction: 'ascending' } },
};

export interface ProductListRow {
  id: number;
  sortValue: string | number;
  name: string;
  brandName: string;
  categoryName: string;
  modelNumber: string | null;
  tracking: Tracking;
  active: number;
  pictureId: number | null;
  skus: number;
  updatedAt: number;
}

export async function productList(read: Reader, actor: Actor, query: ListQuery): Promise<ProductListRow[]> {
  authorise(actor, 'catalog.product.view');
  const { where, orderBy, limit } = keyset(query);
  const sortColumn = query.sort === 'updated' ? sql`p.updated_at` : sql`p.name`;
  const rows = await read.all<ProductListRow>(
    sql`SELECT p.id, ${sortColumn} AS sort_value, p.name, b.name AS brand_name, c.name AS category_name, p.model_number,
        p.tracking, p.active, p.picture_id, p.updated_at,
        (SELECT COUNT(*) FROM sku v WHERE v.product_id = p.id) AS skus
      FROM product p JOIN brand b ON b.id = p.brand_id JOIN category c ON c.id = p.category_id
      WHERE ${sql.all([where, await conditionOf(read, query.filters)])} ${orderBy} ${limit}`,
  );
  return rows.map((row) => ({ ...row, skus: Number(row.skus) }));
}

export interface SkuListRow {
  id: number;
  sortValue: string;
  code: string;
  name: string;
  productName: string;
  brandName: string;
  categoryName: string;
  modelNumber: string | null;
  memory: string | null;
  colour: string | null;
  network: string | null;
  variant: string | null;
  tracking: Tracking;
  taxRateBp: number;
  active: number;
}

export async function skuList(read: Reader, actor: Actor, query: ListQuery): Promise<SkuListRow[]> {
  authorise(actor, 'catalog.product.view');
  const { where, orderBy, limit } = keyset(query);
  return read.all<SkuListRow>(
    sql`SELECT s.id, s.code AS sort_value, s.code, s.name, p.name AS product_name, b.name AS brand_name,
        c.name AS category_name, p.model_number, s.memory, s.colour, s.network, s.variant, s.tracking, s.tax_rate_bp,
        s.active
      FROM sku s JOIN product p ON p.id = s.product_id JOIN brand b ON b.id = p.brand_id
        JOIN category c ON c.id = p.category_id
      WHERE ${sql.all([where, await conditionOf(read, query.filters)])} ${orderBy} ${limit}`,
  );
}

async function conditionOf(
  read: Reader,
  { q, brand, category, tracking, active }: Readonly<Record<string, string>>,
): Promise<Sql> {
  const branch = category ? categoryBranch(await listCategories(read), Number(category) || 0) : [];
  return sql.all([
    active === 'all' ? undefined : sql`p.active = ${active !== 'no'}`,
    brand ? sql`p.brand_id = ${Number(brand) || 0}` : undefined,
    category ? sql`p.category_id IN (${sql.list(branch.slice(0, 500))})` : undefined,
    tracking ? sql`p.tracking = ${tracking}` : undefined,
    q ? matches(q) : undefined,
  ]);
}

/** By name, pinyin initials or model number; by what a variant is called, its code or a barcode. */
function matches(text: string): Sql {
  const terms = searchTerms(text);
  if (terms.length === 0) return sql`1 = 0`;
  const inProduct = sql.all(terms.map((term) => sql.contains('p.search_key', term)));
  const inSku = sql.all(terms.map((term) => sql.contains('v.search_key', term)));
  const code = normaliseCode(text);
  return sql`(${inProduct} OR EXISTS (SELECT 1 FROM sku v WHERE v.product_id = p.id AND ${inSku})
    OR p.id IN (SELECT v.product_id FROM sku v JOIN sku_barcode x ON x.sku_id = v.id WHERE x.value = ${code}))`;
}
