import { invalidField, notFound } from '../../../kernel';
import { duplicateKey, sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { checkSku, type SkuCommand } from '../domain/new-sku';
import { sku, skuBarcode, type SkuRow } from '../store/catalog.table';
import { refuseTakenBarcodes } from './add-skus';
import { refreshSearchKeys } from './refresh-search-keys';

export interface SkuChange extends Omit<SkuCommand, 'code'> {
  id: number;
  version: number;
  active: boolean;
}

/** The code stays: labels carry it. Barcodes are replaced by the given ones. */
export async function updateSku(
  uow: UnitOfWork,
  actor: Actor,
  command: SkuChange,
  options?: RunOptions,
): Promise<void> {
  authorise(actor, 'catalog.product.edit');
  await uow.run(
    actor,
    async (unit) => {
      const before = await unit.get(sku, command.id);
      if (!before) throw notFound('catalog.sku', command.id);
      const { barcodes, code: _code, ...attributes } = checkSku(command);
      try {
        const changes = { ...attributes, active: command.active, updatedAt: unit.now };
        await unit.update(sku, command.id, changes, command.version);
      } catch (error) {
        throw duplicateKey(error)
          ? invalidField('variant', 'catalog:error.variant_taken', { name: before.name })
          : error;
      }
      const replaced = await replaceBarcodes(unit, before, barcodes);
      if (attributes.variantKey !== before.variantKey) await refreshSearchKeys(unit, [before.productId]);
      await unit.audit({
        action: 'catalog.sku.update',
        subjectType: 'catalog.sku',
        subjectId: command.id,
        detail: {
          before: { name: before.name, active: before.active, barcodes: replaced },
          after: { variant: attributes.variantKey, active: command.active, barcodes },
        },
      });
    },
    options,
  );
}

async function replaceBarcodes(unit: Unit, row: SkuRow, values: readonly string[]): Promise<string[]> {
  const present = await unit.find(skuBarcode, { skuId: row.id });
  const added = values.filter((value) => !present.some((one) => one.value === value));
  const removed = present.filter((one) => !values.includes(one.value));
  await refuseTakenBarcodes(unit, added, () => 'barcodes', row.id);
  if (removed.length > 0)
    await unit.execute(
      sql`DELETE FROM sku_barcode WHERE id IN (${sql.list(removed.map((one) => one.id).slice(0, 500))})`,
    );
  if (added.length > 0) {
    const first = unit.takeIds(skuBarcode, added.length);
    try {
      await unit.insert(
        skuBarcode,
        added.map((value, index) => ({ id: first + index, skuId: row.id, value })),
      );
    } catch (error) {
      throw duplicateKey(error)
        ? invalidField('barcodes', 'catalog:error.barcode_taken', { value: added.join(', ') })
        : error;
    }
  }
  return present.map((one) => one.value);
}
