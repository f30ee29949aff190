import { invalidField, notFound } from '../../../kernel';
import { duplicateKey, type Reader, sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import type { Tracking } from '../domain/tracking';
import { brand, category, product, type ProductRow } from '../store/catalog.table';
import { checkProduct, type ProductCommand, refuseOff } from './create-product';
import { refreshSearchKeys } from './refresh-search-keys';
import { requireTaxRate } from './tax-rates';

export type ProductChange = Required<Omit<ProductCommand, 'modelNumber'>> & {
  id: number;
  version: number;
  modelNumber: string | null;
  tracking: Tracking;
  active: boolean;
};

/** Changes a model; its variants get its name, tracking and tax. Tracking stays once goods were booked. */
export async function updateProduct(
  uow: UnitOfWork,
  actor: Actor,
  command: ProductChange,
  options?: RunOptions,
): Promise<void> {
  authorise(actor, 'catalog.product.edit');
  await uow.run(
    actor,
    async (unit) => {
      const before = await unit.get(product, command.id);
      if (!before) throw notFound('catalog.product', command.id);
      const words = checkProduct(command);
      const brandRow = await unit.get(brand, command.brandId);
      if (!brandRow) throw invalidField('brandId', 'errors:field.invalid');
      const categoryRow = await unit.get(category, command.categoryId);
      if (!categoryRow) throw invalidField('categoryId', 'errors:field.invalid');
      refuseOff(
        { ...brandRow, active: brandRow.active || brandRow.id === before.brandId },
        { ...categoryRow, active: categoryRow.active || categoryRow.id === before.categoryId },
      );
      if (command.tracking !== before.tracking && (await wasBooked(unit, command.id)))
        throw invalidField('tracking', 'catalog:error.tracking_booked');
      await requireTaxRate(unit, command.taxRateBp, before.taxRateBp);
      const { brandId, categoryId, tracking, taxRateBp, warrantyMonths, active } = command;
      const changes = { ...words, brandId, categoryId, tracking, taxRateBp, warrantyMonths, active };
      try {
        await unit.update(product, command.id, { ...changes, updatedAt: unit.now }, command.version);
      } catch (error) {
        throw duplicateKey(error) ? invalidField('name', 'catalog:error.product_taken', { name: words.name }) : error;
      }
      await passOn(unit, before, changes);
      await unit.audit({
        action: 'catalog.product.update',
        subjectType: 'catalog.product',
        subjectId: command.id,
        detail: { before: watched(before), after: watched({ ...before, ...changes }) },
      });
    },
    options,
  );
}

async function passOn(
  unit: Unit,
  before: ProductRow,
  after: Omit<ProductRow, 'id' | 'searchKey' | 'version' | 'createdAt' | 'updatedAt' | 'pictureId'>,
): Promise<void> {
  if (before.tracking !== after.tracking || before.taxRateBp !== after.taxRateBp)
    await unit.execute(
      sql`UPDATE sku SET tracking = ${after.tracking}, tax_rate_bp = ${after.taxRateBp}, updated_at = ${unit.now}
        WHERE product_id = ${before.id}`,
    );
  if (before.name !== after.name || before.brandId !== after.brandId || before.modelNumber !== after.modelNumber)
    await refreshSearchKeys(unit, [before.id]);
}

/** Whether devices or stock of the product were ever on the books. */
async function wasBooked(read: Reader, productId: number): Promise<boolean> {
  const device = await read.one(
    sql`SELECT d.id FROM device d JOIN sku s ON s.id = d.sku_id WHERE s.product_id = ${productId} ORDER BY d.id ${sql.limit(1)}`,
  );
  if (device) return true;
  const entry = await read.one(
    sql`SELECT e.id FROM stock_entry e JOIN sku s ON s.id = e.sku_id WHERE s.product_id = ${productId} ORDER BY e.id ${sql.limit(1)}`,
  );
  return entry !== undefined;
}

const watched = ({
  name,
  brandId,
  categoryId,
  modelNumber,
  tracking,
  taxRateBp,
  warrantyMonths,
  active,
}: ProductRow) => ({
  name,
  brandId,
  categoryId,
  modelNumber,
  tracking,
  taxRateBp,
  warrantyMonths,
  active,
});
