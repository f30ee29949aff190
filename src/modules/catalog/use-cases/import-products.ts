import { chunked, type Reader } from '../../../platform/database';
import type { ImportProgress } from '../../../platform/modules';
import { auditLog, type Unit } from '../../../platform/unit-of-work';
import { type FileRow, productKey, type ProductRow, readProductRow, type RowProblem } from '../domain/product-row';
import { brand, category, product, sku, skuBarcode } from '../store/catalog.table';
import { type Known, pathKey, problemsOfRows, readKnown } from './check-product-rows';
import { addProducts } from './create-product';
import { addSkus } from './add-skus';
import { addBrand } from './save-brand';
import { addCategory } from './save-category';

export interface ProductImport {
  problems: RowProblem[];
  summary: Record<string, number>;
  rows: readonly ProductRow[];
  /** Writes brands, categories, products and SKUs that are missing; the SKU ids in the order of the rows. */
  apply: (unit: Unit, onProgress: ImportProgress) => Promise<number[]>;
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
  problems.push(...(await problemsOfRows(read, rows, known)));
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
