import { emptyToNull, invalid, invalidField, normaliseName } from '../../../kernel';
import { chunked, duplicateKey, type NewRow, type Reader, sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import type { SkuCommand } from '../domain/new-sku';
import type { Tracking } from '../domain/tracking';
import { nameKey } from '../domain/variant';
import { brand, type BrandRow, category, type CategoryRow, product } from '../store/catalog.table';
import { addSkus } from './add-skus';
import { keyOf } from './search-keys';
import { requireTaxRate } from './tax-rates';

export interface ProductCommand {
  brandId: number;
  categoryId: number;
  name: string;
  modelNumber?: string | null;
  /** Left out: the category's. */
  tracking?: Tracking | undefined;
  /** Basis points; left out: the category's. */
  taxRateBp?: number | undefined;
  /** The maker's warranty; left out: 12 for devices, else 0. */
  warrantyMonths?: number | undefined;
}

export interface ProductCreated {
  id: number;
  skuIds: number[];
}

/** A model with its variants; without any it gets one SKU without attributes. */
export async function createProduct(
  uow: UnitOfWork,
  actor: Actor,
  command: ProductCommand & { skus?: readonly SkuCommand[] },
  options?: RunOptions,
): Promise<ProductCreated> {
  authorise(actor, 'catalog.product.edit');
  return uow.run(
    actor,
    async (unit) => {
      const [id] = await addProducts(unit, [command], '');
      if (id === undefined) throw new Error('no product was added');
      const skus = (command.skus ?? [{}]).map((one) => ({ ...one, productId: id }));
      const skuIds = await addSkus(unit, skus, command.skus ? 'skus.' : '');
      await unit.audit({
        action: 'catalog.product.create',
        subjectType: 'catalog.product',
        subjectId: id,
        detail: { name: command.name, brandId: command.brandId, skus: skuIds.length },
      });
      return { id, skuIds };
    },
    options,
  );
}

/** Adds products without SKUs, many at once; returns their ids in the same order. The caller writes the audit entry. */
export async function addProducts(
  unit: Unit,
  commands: readonly ProductCommand[],
  prefix = 'products.',
): Promise<number[]> {
  if (commands.length === 0) return [];
  const brands = new Map((await unit.find(brand, {})).map((row) => [row.id, row]));
  const categories = new Map((await unit.find(category, {})).map((row) => [row.id, row]));
  const known = new Set([...categories.values()].map((row) => row.taxRateBp));
  for (const [index, { taxRateBp }] of commands.entries())
    if (taxRateBp !== undefined && !known.has(taxRateBp)) {
      await requireTaxRate(unit, taxRateBp, undefined, prefix ? `${prefix}${index}.taxRate` : 'taxRate');
      known.add(taxRateBp);
    }
  const firstId = unit.takeIds(product, commands.length);
  const rows = commands.map((command, index): NewRow<typeof product> => {
    const at = (field: string): string => (prefix ? `${prefix}${index}.${field}` : field);
    const brandRow = brands.get(command.brandId);
    if (!brandRow) throw invalidField(at('brandId'), 'errors:field.invalid');
    const categoryRow = categories.get(command.categoryId);
    if (!categoryRow) throw invalidField(at('categoryId'), 'errors:field.invalid');
    refuseOff(brandRow, categoryRow, at);
    const fields = checkProduct(command, at);
    const tracking = command.tracking ?? categoryRow.tracking;
    return {
      id: firstId + index,
      brandId: command.brandId,
      categoryId: command.categoryId,
      ...fields,
      tracking,
      taxRateBp: command.taxRateBp ?? categoryRow.taxRateBp,
      warrantyMonths: command.warrantyMonths ?? (tracking === 'serial' ? 12 : 0),
      active: true,
      searchKey: keyOf(brandRow.name, fields.name, [fields.modelNumber]),
      version: 1,
      createdAt: unit.now,
      updatedAt: unit.now,
    };
  });
  await refuseTaken(unit, rows, prefix);
  try {
    await unit.insert(product, rows);
  } catch (error) {
    throw duplicateKey(error) ? invalid('catalog:error.product_taken_meanwhile') : error;
  }
  return rows.map((row) => row.id);
}

/** Throws 422 at what is switched off; what a product has already it may keep. */
export function refuseOff(
  { active: brandOn, name: brandName }: Pick<BrandRow, 'active' | 'name'>,
  { active: categoryOn, name: categoryName }: Pick<CategoryRow, 'active' | 'name'>,
  at: (field: string) => string = (field) => field,
): void {
  if (!brandOn) throw invalidField(at('brandId'), 'catalog:error.brand_off', { name: brandName });
  if (!categoryOn) throw invalidField(at('categoryId'), 'catalog:error.category_off', { name: categoryName });
}

/** Cleans the words of a product; throws 422 at the field. */
export function checkProduct(
  command: Pick<ProductCommand, 'name' | 'modelNumber' | 'taxRateBp' | 'warrantyMonths'>,
  at: (field: string) => string = (field) => field,
): { name: string; nameKey: string; modelNumber: string | null } {
  const name = normaliseName(command.name);
  if (!name || !nameKey(name)) throw invalidField(at('name'), 'errors:field.required');
  if (name.length > 120) throw invalidField(at('name'), 'errors:field.too_long', { max: 120 });
  const modelNumber = emptyToNull(normaliseName(command.modelNumber ?? ''));
  if (modelNumber && modelNumber.length > 60)
    throw invalidField(at('modelNumber'), 'errors:field.too_long', { max: 60 });
  const { taxRateBp = 0, warrantyMonths = 0 } = command;
  if (!Number.isInteger(taxRateBp) || taxRateBp < 0 || taxRateBp > 10_000)
    throw invalidField(at('taxRate'), 'errors:tax.rate');
  if (!Number.isInteger(warrantyMonths) || warrantyMonths < 0 || warrantyMonths > 120)
    throw invalidField(at('warrantyMonths'), 'catalog:error.warranty_months');
  return { name, nameKey: nameKey(name), modelNumber };
}

async function refuseTaken(read: Reader, rows: readonly NewRow<typeof product>[], prefix: string): Promise<void> {
  const wanted = new Map<string, number>();
  const refusal = (index: number): Error =>
    invalidField(prefix ? `${prefix}${index}.name` : 'name', 'catalog:error.product_taken', {
      name: rows[index]?.name,
    });
  rows.forEach((row, index) => {
    const key = `${row.brandId} ${row.nameKey}`;
    if (wanted.has(key)) throw refusal(index);
    wanted.set(key, index);
  });
  for (const chunk of chunked([...new Set(rows.map((row) => row.nameKey))])) {
    const taken = await read.all<{ brandId: number; nameKey: string }>(
      sql`SELECT brand_id, name_key FROM product WHERE name_key IN (${sql.list(chunk)}) ORDER BY id`,
    );
    for (const row of taken) {
      const index = wanted.get(`${row.brandId} ${row.nameKey}`);
      if (index !== undefined) throw refusal(index);
    }
  }
}
