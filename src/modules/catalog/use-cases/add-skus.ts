import { invalid, invalidField, notFound } from '../../../kernel';
import { chunked, duplicateKey, type NewRow, type Reader, sql } from '../../../platform/database';
import type { Unit } from '../../../platform/unit-of-work';
import { type CheckedSku, checkSku, type SkuCommand } from '../domain/new-sku';
import type { Tracking } from '../domain/tracking';
import { skuName } from '../domain/variant';
import { sku, skuBarcode } from '../store/catalog.table';
import { keyOf } from './search-keys';

export interface NewSku extends SkuCommand {
  productId: number;
}

interface Parent {
  id: number;
  name: string;
  modelNumber: string | null;
  brandName: string;
  tracking: Tracking;
  taxRateBp: number;
}

/**
 * Adds variants to products, thousands at once; returns their ids in the same order. Codes, barcodes and combinations of
 * attributes that exist already are refused by name, `skus.<index>.` before the field.
 */
export async function addSkus(unit: Unit, commands: readonly NewSku[], prefix = 'skus.'): Promise<number[]> {
  if (commands.length === 0) return [];
  const parents = await loadParents(unit, [...new Set(commands.map((command) => command.productId))]);
  const checked = commands.map((command, index) => checkSku(command, prefix && `${prefix}${index}.`));
  const firstId = unit.takeIds(sku, commands.length);
  const rows = commands.map((command, index): NewRow<typeof sku> => {
    const parent = parents.get(command.productId);
    if (!parent) throw notFound('catalog.product', command.productId);
    const given = checked[index] as CheckedSku;
    const name = skuName(parent.name, given);
    if (name.length > 200) throw invalid('catalog:error.sku_name_long', { name });
    const code = given.code ?? `SP${String(firstId + index).padStart(6, '0')}`;
    return {
      id: firstId + index,
      productId: command.productId,
      code,
      name,
      memory: given.memory,
      colour: given.colour,
      network: given.network,
      variant: given.variant,
      variantKey: given.variantKey,
      tracking: parent.tracking,
      taxRateBp: parent.taxRateBp,
      active: true,
      searchKey: keyOf(parent.brandName, name, [code, parent.modelNumber]),
      version: 1,
      createdAt: unit.now,
      updatedAt: unit.now,
    };
  });
  const barcodes = rows.flatMap((row, index) =>
    (checked[index] as CheckedSku).barcodes.map((value) => ({ skuId: row.id, value, index })),
  );
  const at = (index: number, field: string): string => (prefix ? `${prefix}${index}.${field}` : field);
  refuseTwice(
    rows,
    (row) => row.code,
    (row, index) => invalidField(at(index, 'code'), 'catalog:error.sku_code_taken', { code: row.code }),
  );
  refuseTwice(
    rows,
    (row) => `${row.productId} ${row.variantKey}`,
    (row, index) => invalidField(at(index, 'variant'), 'catalog:error.variant_taken', { name: row.name }),
  );
  refuseTwice(
    barcodes,
    (row) => row.value,
    (row) => invalidField(at(row.index, 'barcodes'), 'catalog:error.barcode_taken', { value: row.value }),
  );
  await refuseTaken(unit, rows, barcodes, at);
  try {
    await unit.insert(sku, rows);
    const firstBarcode = barcodes.length > 0 ? unit.takeIds(skuBarcode, barcodes.length) : 0;
    await unit.insert(
      skuBarcode,
      barcodes.map(({ skuId, value }, index) => ({ id: firstBarcode + index, skuId, value })),
    );
  } catch (error) {
    // Somebody else took one between the look and the write.
    throw duplicateKey(error) ? invalid('catalog:error.sku_taken_meanwhile') : error;
  }
  return rows.map((row) => row.id);
}

function refuseTwice<T>(
  items: readonly T[],
  keyOfItem: (item: T) => string,
  refusal: (item: T, index: number) => Error,
): void {
  const seen = new Set<string>();
  items.forEach((item, index) => {
    const key = keyOfItem(item);
    if (seen.has(key)) throw refusal(item, index);
    seen.add(key);
  });
}

async function refuseTaken(
  read: Reader,
  rows: readonly NewRow<typeof sku>[],
  barcodes: readonly { value: string; index: number }[],
  at: (index: number, field: string) => string,
): Promise<void> {
  const codes = new Map(rows.map((row, index) => [row.code, index]));
  for (const chunk of chunked([...codes.keys()])) {
    const taken = await read.all<{ code: string }>(
      sql`SELECT code FROM sku WHERE code IN (${sql.list(chunk)}) ORDER BY code`,
    );
    const first = taken[0];
    if (first)
      throw invalidField(at(codes.get(first.code) ?? 0, 'code'), 'catalog:error.sku_code_taken', { code: first.code });
  }
  for (const chunk of chunked([...new Set(rows.map((row) => row.productId))])) {
    const taken = await read.all<{ productId: number; variantKey: string; name: string }>(
      sql`SELECT product_id, variant_key, name FROM sku WHERE product_id IN (${sql.list(chunk)})`,
    );
    const keys = new Map(taken.map((row) => [`${row.productId} ${row.variantKey}`, row.name]));
    rows.forEach((row, index) => {
      const name = keys.get(`${row.productId} ${row.variantKey}`);
      if (name !== undefined) throw invalidField(at(index, 'variant'), 'catalog:error.variant_taken', { name });
    });
  }
  await refuseTakenBarcodes(
    read,
    barcodes.map((row) => row.value),
    (value) => at(barcodes.find((row) => row.value === value)?.index ?? 0, 'barcodes'),
  );
}

/** Throws when a barcode belongs to a SKU already (other than `exceptSkuId`). */
export async function refuseTakenBarcodes(
  read: Reader,
  values: readonly string[],
  path: (value: string) => string,
  exceptSkuId?: number,
): Promise<void> {
  for (const chunk of chunked(values)) {
    const taken = await read.all<{ value: string; skuId: number; name: string }>(
      sql`SELECT c.value, c.sku_id, s.name FROM sku_barcode c JOIN sku s ON s.id = c.sku_id
        WHERE c.value IN (${sql.list(chunk)}) ORDER BY c.value`,
    );
    const other = taken.find((row) => row.skuId !== exceptSkuId);
    if (other)
      throw invalidField(path(other.value), 'catalog:error.barcode_of', { value: other.value, name: other.name });
  }
}

async function loadParents(read: Reader, ids: readonly number[]): Promise<Map<number, Parent>> {
  const parents = new Map<number, Parent>();
  for (const chunk of chunked(ids)) {
    const rows = await read.all<Parent>(
      sql`SELECT p.id, p.name, p.model_number, b.name AS brand_name, p.tracking, p.tax_rate_bp
        FROM product p JOIN brand b ON b.id = p.brand_id WHERE p.id IN (${sql.list(chunk)})`,
    );
    for (const row of rows) parents.set(row.id, row);
  }
  return parents;
}
