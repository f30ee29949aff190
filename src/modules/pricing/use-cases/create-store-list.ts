import { invalidField } from '../../../kernel';
import { duplicateKey } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { getStore } from '../../organization';
import { priceList } from '../store/pricing.table';

/** A store's own price list; SKUs that have no price in it cost what the base list says. One a store. */
export async function createStoreList(
  uow: UnitOfWork,
  actor: Actor,
  { storeId }: { storeId: number },
  options?: RunOptions,
): Promise<{ id: number }> {
  authorise(actor, 'pricing.list.edit', storeId);
  return uow.run(actor, async (unit) => ({ id: await addStoreList(unit, storeId) }), options);
}

/** The same in a unit of work; the caller has checked the right. */
export async function addStoreList(unit: Unit, storeId: number): Promise<number> {
  const store = await getStore(unit, storeId);
  const id = unit.takeIds(priceList);
  try {
    await unit.insert(priceList, [
      {
        id,
        code: `STORE-${store.code}`,
        name: store.name,
        kind: 'store',
        storeId,
        active: true,
        version: 1,
        createdAt: unit.now,
      },
    ]);
  } catch (error) {
    throw duplicateKey(error) ? invalidField('storeId', 'pricing:error.list_taken', { name: store.name }) : error;
  }
  await unit.audit({
    action: 'pricing.list.create',
    subjectType: 'pricing.list',
    subjectId: id,
    storeId,
    detail: { name: store.name },
  });
  return id;
}
