import { invalidField, notFound } from '../../../kernel';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import { generateVariants, type VariantLists } from '../domain/generate-variants';
import { product, sku } from '../store/catalog.table';
import { addSkus } from './add-skus';

/** Adds every missing combination of memory, colour and network to a product; returns how many there were. */
export async function addVariants(
  uow: UnitOfWork,
  actor: Actor,
  command: VariantLists & { productId: number },
  options?: RunOptions,
): Promise<{ added: number }> {
  authorise(actor, 'catalog.product.edit');
  return uow.run(
    actor,
    async (unit) => {
      if (!(await unit.get(product, command.productId))) throw notFound('catalog.product', command.productId);
      await unit.lock(product, [command.productId]);
      const variants = generateVariants(command, await unit.find(sku, { productId: command.productId }));
      if (variants.length === 0) throw invalidField('memories', 'catalog:error.no_new_variants');
      const ids = await addSkus(
        unit,
        variants.map((variant) => ({ ...variant, productId: command.productId })),
        '',
      );
      await unit.audit({
        action: 'catalog.sku.create',
        subjectType: 'catalog.product',
        subjectId: command.productId,
        detail: { skus: ids.length },
      });
      return { added: ids.length };
    },
    options,
  );
}
