import { EVERYTHING } from '../../src/modules/inventory/domain/stocktake-scope';
import { stocktake, stocktakeGoods } from '../../src/modules/inventory/store/stocktake.table';
import { countGoods } from '../../src/modules/inventory/use-cases/count-goods';
import { finishCounting, startStocktake } from '../../src/modules/inventory/use-cases/count-stocktake';
import { planStocktake } from '../../src/modules/inventory/use-cases/plan-stocktake';
import { postStocktake } from '../../src/modules/inventory/use-cases/post-stocktake';
import type { Actor } from '../../src/platform/permissions';
import type { UnitOfWork } from '../../src/platform/unit-of-work';

/** A stocktake of these goods that finds one piece less than the books have, posted. */
export async function countOneShort(
  uow: UnitOfWork,
  actor: Actor,
  { locationId, skuId }: { locationId: number; skuId: number },
): Promise<number> {
  const read = uow.database.read;
  const versionOf = async (id: number): Promise<number> => (await read.get(stocktake, id))?.version ?? 0;
  const { id } = await planStocktake(uow, actor, {
    locationId,
    scope: { ...EVERYTHING, skuIds: [skuId] },
    blind: false,
  });
  await startStocktake(uow, actor, { id, version: await versionOf(id) });
  const counts = (await read.find(stocktakeGoods, { stocktakeId: id })).map((row) => ({
    goodsId: row.id,
    pieces: row.expected - 1,
    version: row.version,
  }));
  await countGoods(uow, actor, { id, counts });
  await finishCounting(uow, actor, { id, version: await versionOf(id) });
  const seen = { missing: 0, taken: 0, goods: counts.length };
  await postStocktake(uow, actor, { id, version: await versionOf(id), seen });
  return id;
}
