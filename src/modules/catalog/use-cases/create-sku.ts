import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import type { SkuCommand } from '../domain/new-sku';
import { addSkus } from './add-skus';

/** One more variant of a product. */
export async function createSku(
  uow: UnitOfWork,
  actor: Actor,
  command: SkuCommand & { productId: number },
  options?: RunOptions,
): Promise<{ id: number }> {
  authorise(actor, 'catalog.product.edit');
  return uow.run(
    actor,
    async (unit) => {
      const [id] = await addSkus(unit, [command], '');
      if (id === undefined) throw new Error('no SKU was added');
      await unit.audit({
        action: 'catalog.sku.create',
        subjectType: 'catalog.product',
        subjectId: command.productId,
        detail: { skuId: id, code: command.code },
      });
      return { id };
    },
    options,
  );
}
