import { chunked, type Reader, sql } from '../../../platform/database';
import { problemsAmongRows, productKey, type ProductRow, type RowProblem } from '../domain/product-row';
import type { Tracking } from '../domain/tracking';
import { nameKey } from '../domain/variant';
import { listBrands, listCategories } from '../queries/categories';
import { activeRates } from '../queries/tax-rates';

interface KnownProduct {
  id: number;
  name: string;
  tracking: Tracking;
  categoryPath: string;
}

/** What of a file is on the books already. */
export interface Known {
  /** By the compared name. */
  brands: Map<string, number>;
  /** By the compared path: 手机/智能手机. */
  categories: Map<string, number>;
  /** Of these, what is switched off, by the same keys: nothing new may be put there. */
  off: { brands: Set<string>; categories: Set<string> };
  /** By productKey. */
  products: Map<string, KnownProduct>;
}

/** What is wrong with rows that are each readable: among themselves and against the books. */
export async function problemsOfRows(read: Reader, rows: readonly ProductRow[], known: Known): Promise<RowProblem[]> {
  return [
    ...(await unknownRates(read, rows)),
    ...problemsAmongRows(rows),
    ...againstProducts(rows, known),
    ...switchedOff(rows, known),
    ...(await againstSkus(read, rows, known)),
  ];
}

/** A rate must be one of the company's. */
async function unknownRates(read: Reader, rows: readonly ProductRow[]): Promise<RowProblem[]> {
  const rates = await activeRates(read);
  const known = new Set(rates.map(({ rateBp }) => rateBp));
  const details = { rates: rates.map(({ name }) => name).join('、') };
  return rows
    .filter(({ taxRateBp }) => taxRateBp !== null && !known.has(taxRateBp))
    .map(({ line }) => ({ line, column: 'taxRate', code: 'catalog:error.tax_rate', details }));
}

export const pathKey = (path: readonly string[]): string => path.map(nameKey).join('/');

export async function readKnown(read: Reader, rows: readonly ProductRow[]): Promise<Known> {
  const brandRows = await listBrands(read);
  const brands = new Map(brandRows.map((row) => [row.nameKey, row.id]));
  const nodes = await listCategories(read);
  const paths = new Map(nodes.map((row) => [row.id, pathKey(row.path.split(' / '))]));
  const categories = new Map([...paths].map(([id, path]) => [path, id]));
  const off = {
    brands: new Set(brandRows.flatMap((row) => (row.active ? [] : [row.nameKey]))),
    categories: new Set(nodes.flatMap((row) => (row.active ? [] : [paths.get(row.id) ?? '']))),
  };
  const products = new Map<string, KnownProduct>();
  for (const chunk of chunked([...new Set(rows.map((row) => row.nameKey))])) {
    const found = await read.all<{
      id: number;
      name: string;
      nameKey: string;
      brandKey: string;
      tracking: Tracking;
      categoryId: number;
    }>(
      sql`SELECT p.id, p.name, p.name_key, b.name_key AS brand_key, p.tracking, p.category_id
        FROM product p JOIN brand b ON b.id = p.brand_id WHERE p.name_key IN (${sql.list(chunk)}) ORDER BY p.id`,
    );
    for (const { categoryId, ...row } of found)
      products.set(productKey(row), { ...row, categoryPath: paths.get(categoryId) ?? '' });
  }
  return { brands, categories, off, products };
}

/** New products may not come under a brand or category that is switched off; of categories, none of those above either. */
function switchedOff(rows: readonly ProductRow[], { products, off }: Known): RowProblem[] {
  return rows
    .filter((row) => !products.has(productKey(row)))
    .flatMap(({ line, brand: name, brandKey, categoryPath }): RowProblem[] => {
      const depth = categoryPath.findIndex((_name, at) => off.categories.has(pathKey(categoryPath.slice(0, at + 1))));
      const path = categoryPath.slice(0, depth + 1).join(' / ');
      return [
        ...(off.brands.has(brandKey)
          ? [{ line, column: 'brand', code: 'catalog:error.brand_off', details: { name } }]
          : []),
        ...(depth < 0
          ? []
          : [{ line, column: 'category', code: 'catalog:error.category_off', details: { name: path } }]),
      ];
    });
}

/** A product that is there already keeps its category and tracking: the file must not say otherwise. */
function againstProducts(rows: readonly ProductRow[], known: Known): RowProblem[] {
  const problems: RowProblem[] = [];
  const newTracking = new Set<string>();
  for (const row of rows) {
    const product = known.products.get(productKey(row));
    const refuse = (column: string, code: string, details: Record<string, unknown>): void => {
      problems.push({ line: row.line, column, code: `catalog:import.problem.${code}`, details });
    };
    if (product && product.categoryPath !== pathKey(row.categoryPath))
      refuse('category', 'category_taken', { name: product.name, category: product.categoryPath });
    if (product && row.tracking !== null && row.tracking !== product.tracking)
      refuse('tracking', 'product_differs', { name: product.name, tracking: product.tracking });
    // Whether goods of a new category are told apart by device is nothing to guess at.
    const path = pathKey(row.categoryPath);
    if (row.tracking !== null) newTracking.add(path);
    else if (!product && !known.categories.has(path) && !newTracking.has(path))
      refuse('tracking', 'tracking_new_category', { category: row.categoryPath.join('/') });
  }
  return problems;
}

async function againstSkus(read: Reader, rows: readonly ProductRow[], known: Known): Promise<RowProblem[]> {
  const problems: RowProblem[] = [];
  const refuse = (
    row: ProductRow | undefined,
    column: string,
    code: string,
    details: Record<string, unknown>,
  ): void => {
    if (row) problems.push({ line: row.line, column, code: `catalog:import.problem.${code}`, details });
  };
  const byCode = new Map(rows.flatMap((row) => (row.code === null ? [] : [[row.code, row] as const])));
  for (const chunk of chunked([...byCode.keys()]))
    for (const taken of await read.all<{ code: string; name: string }>(
      sql`SELECT code, name FROM sku WHERE code IN (${sql.list(chunk)}) ORDER BY code`,
    ))
      refuse(byCode.get(taken.code), 'code', 'code_taken', taken);
  const byBarcode = new Map(rows.flatMap((row) => row.barcodes.map((value) => [value, row] as const)));
  for (const chunk of chunked([...byBarcode.keys()]))
    for (const taken of await read.all<{ value: string; name: string }>(
      sql`SELECT c.value, s.name FROM sku_barcode c JOIN sku s ON s.id = c.sku_id
        WHERE c.value IN (${sql.list(chunk)}) ORDER BY c.value`,
    ))
      refuse(byBarcode.get(taken.value), 'barcode', 'barcode_taken', taken);
  const byVariant = new Map(
    rows.map((row) => [`${known.products.get(productKey(row))?.id ?? 0} ${row.variantKey}`, row] as const),
  );
  for (const chunk of chunked([...known.products.values()].map((product) => product.id)))
    for (const taken of await read.all<{ productId: number; variantKey: string; code: string; name: string }>(
      sql`SELECT product_id, variant_key, code, name FROM sku WHERE product_id IN (${sql.list(chunk)}) ORDER BY id`,
    ))
      refuse(byVariant.get(`${taken.productId} ${taken.variantKey}`), 'name', 'variant_taken', {
        code: taken.code,
        name: taken.name,
      });
  return problems;
}
