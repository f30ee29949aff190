import { chunked, type Reader, sql } from '../../../platform/database';
import type { ImportProgress } from '../../../platform/modules';
import { auditLog, type Unit } from '../../../platform/unit-of-work';
import {
  type FileRow,
  problemsAmongRows,
  productKey,
  type ProductRow,
  readProductRow,
  type RowProblem,
} from '../domain/product-row';
import type { Tracking } from '../domain/tracking';
import { nameKey } from '../domain/variant';
import { listBrands, listCategories } from '../queries/categories';
import { brand, category, product, sku, skuBarcode } from '../store/catalog.table';
import { addProducts } from './create-product';
import { addSkus } from './add-skus';
import { addBrand } from './save-brand';
import { addCategory } from './save-category';
import { activeRates } from '../queries/tax-rates';

export interface ProductImport {
  problems: RowProblem[];
  summary: Record<string, number>;
  rows: readonly ProductRow[];
  /** Writes brands, categories, products and SKUs that are missing; the SKU ids in the order of the rows. */
  apply: (unit: Unit, onProgress: ImportProgress) => Promise<number[]>;
}

interface KnownProduct {
  id: number;
  name: string;
  tracking: Tracking;
  categoryPath: string;
}

interface Known {
  /** By the compared name. */
  brands: Map<string, number>;
  /** By the compared path: 手机/智能手机. */
  categories: Map<string, number>;
  /** Of these, what is switched off, by the same keys: nothing new may be put there. */
  off: { brands: Set<string>; categories: Set<string> };
  /** By productKey. */
  products: Map<string, KnownProduct>;
}

const SKUS_AT_ONCE = 2000;

/** Checks a whole file against itself and the books; writes nothing. Prices are left to the caller. */
export async function planProductImport(
  read: Reader,
  fileRows: readonly FileRow[],
  onProgress: ImportProgress,
): Promise<ProductImport> {
  const problems: RowProblem[] = [];
  const rows: ProductRow[] = [];
  for (const [index, fileRow] of fileRows.entries()) {
    const found = readProductRow(fileRow);
    problems.push(...found.problems);
    if (found.row) rows.push(found.row);
    await onProgress(index + 1, fileRows.length);
  }
  const known = await readKnown(read, rows);
  problems.push(...(await unknownRates(read, rows)));
  problems.push(
    ...problemsAmongRows(rows),
    ...againstProducts(rows, known),
    ...switchedOff(rows, known),
    ...(await againstSkus(read, rows, known)),
  );
  const newProducts = new Set(rows.map(productKey).filter((key) => !known.products.has(key)));
  return {
    problems: problems.sort((a, b) => a.line - b.line),
    summary: {
      'catalog:import.new_brands': new Set(rows.map((row) => row.brandKey).filter((key) => !known.brands.has(key)))
        .size,
      'catalog:import.new_categories': missingPaths(rows, known).length,
      'catalog:import.new_products': newProducts.size,
      'catalog:import.new_skus': rows.length,
    },
    rows,
    apply: (unit, onProgress) => write(unit, rows, onProgress),
  };
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

const pathKey = (path: readonly string[]): string => path.map(nameKey).join('/');

async function readKnown(read: Reader, rows: readonly ProductRow[]): Promise<Known> {
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

/** Paths of categories that are missing, each with the missing ones above it, from the top down. */
function missingPaths(rows: readonly ProductRow[], known: Pick<Known, 'categories'>): string[][] {
  const missing = new Map<string, string[]>();
  for (const { categoryPath } of rows)
    for (let depth = 1; depth <= categoryPath.length; depth++) {
      const path = categoryPath.slice(0, depth);
      if (!known.categories.has(pathKey(path))) missing.set(pathKey(path), path);
    }
  return [...missing.values()].sort((a, b) => a.length - b.length);
}

async function write(unit: Unit, rows: readonly ProductRow[], onProgress: ImportProgress): Promise<number[]> {
  const barcodes = rows.reduce((sum, row) => sum + row.barcodes.length, 0);
  for (const [table, count] of [
    [product, rows.length],
    [sku, rows.length],
    [skuBarcode, barcodes],
    [brand, 100],
    [category, 100],
    [auditLog, 300],
  ] as const)
    unit.needIds(table, count);
  const known = await readKnown(unit, rows);
  await writeBrands(unit, rows, known);
  await writeCategories(unit, rows, known);
  await writeProducts(unit, rows, known);
  const skuIds: number[] = [];
  for (const chunk of chunked(rows, SKUS_AT_ONCE)) {
    const commands = chunk.map(({ code, memory, colour, network, variant, barcodes, ...row }) => ({
      productId: known.products.get(productKey(row))?.id ?? 0,
      code,
      memory,
      colour,
      network,
      variant,
      barcodes,
    }));
    skuIds.push(...(await addSkus(unit, commands)));
    await onProgress(skuIds.length, rows.length);
  }
  await unit.audit({ action: 'catalog.product.import', detail: { skus: skuIds.length } });
  return skuIds;
}

async function writeBrands(unit: Unit, rows: readonly ProductRow[], { brands }: Known): Promise<void> {
  for (const { brand, brandKey } of rows)
    if (!brands.has(brandKey)) brands.set(brandKey, await addBrand(unit, { name: brand }));
}

async function writeCategories(unit: Unit, rows: readonly ProductRow[], known: Known): Promise<void> {
  for (const path of missingPaths(rows, known)) {
    const key = pathKey(path);
    // The first row in the category (or below it) that says so decides what its products start with.
    const inside = rows.filter((row) => `${pathKey(row.categoryPath)}/`.startsWith(`${key}/`));
    const parent = known.categories.get(pathKey(path.slice(0, -1)));
    const id = await addCategory(unit, {
      name: path.at(-1) ?? '',
      parentId: parent ?? null,
      tracking: inside.find((row) => row.tracking !== null)?.tracking ?? 'plain',
      taxRateBp: inside.find((row) => row.taxRateBp !== null)?.taxRateBp ?? 1300,
    });
    known.categories.set(key, id);
  }
}

async function writeProducts(unit: Unit, rows: readonly ProductRow[], known: Known): Promise<void> {
  const fresh = new Map<string, ProductRow[]>();
  for (const row of rows) {
    const key = productKey(row);
    if (!known.products.has(key)) fresh.set(key, [...(fresh.get(key) ?? []), row]);
  }
  const keys = [...fresh.keys()];
  const ids = await addProducts(
    unit,
    [...fresh.values()].map((same) => {
      const said = <K extends keyof ProductRow>(field: K) => same.find((row) => row[field] !== null)?.[field];
      const first = same[0] as ProductRow;
      return {
        brandId: known.brands.get(first.brandKey) ?? 0,
        categoryId: known.categories.get(pathKey(first.categoryPath)) ?? 0,
        name: first.name,
        modelNumber: said('modelNumber') ?? null,
        tracking: said('tracking') ?? undefined,
        taxRateBp: said('taxRateBp') ?? undefined,
        warrantyMonths: said('warrantyMonths') ?? undefined,
      };
    }),
  );
  keys.forEach((key, index) => {
    const first = fresh.get(key)?.[0] as ProductRow;
    known.products.set(key, {
      id: ids[index] as number,
      name: first.name,
      tracking: first.tracking ?? 'plain',
      categoryPath: pathKey(first.categoryPath),
    });
  });
}
