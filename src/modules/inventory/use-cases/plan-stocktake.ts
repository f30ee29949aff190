import { emptyToNull, invalidField, normaliseName } from '../../../kernel';
import type { Reader } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { categoryBranch, listBrands, listCategories, skusByIds } from '../../catalog';
import { getLocation, getStore } from '../../organization';
import type { StocktakeScope } from '../domain/stocktake-scope';
import { stocktake } from '../store/stocktake.table';

export interface PlanStocktake {
  locationId: number;
  scope: StocktakeScope;
  blind: boolean;
  /** Nothing of what is counted is moved meanwhile; left out: people go on selling. */
  frozen?: boolean;
  note?: string | null;
}

export const MOST_SKUS_CHOSEN = 500;

/** Plans a count; what the books expect is looked at when it starts. */
export const planStocktake = (
  uow: UnitOfWork,
  actor: Actor,
  command: PlanStocktake,
  options?: RunOptions,
): Promise<{ id: number; number: string }> => uow.run(actor, (unit) => addStocktake(unit, actor, command), options);

/** The same within a unit of work. */
export async function addStocktake(
  unit: Unit,
  actor: Actor,
  command: PlanStocktake,
): Promise<{ id: number; number: string }> {
  const location = await getLocation(unit, command.locationId);
  authorise(actor, 'inventory.stocktake.plan', location.storeId);
  const store = await getStore(unit, location.storeId);
  const note = emptyToNull(normaliseName(command.note ?? ''));
  if (note && [...note].length > 400) throw invalidField('note', 'errors:field.too_long', { max: 400 });
  const scope = await checkScope(unit, command.scope);
  const id = unit.takeIds(stocktake);
  const number = unit.documentNumber('PD', store.code, unit.today);
  await unit.insert(stocktake, [
    {
      id,
      number,
      storeId: store.id,
      locationId: location.id,
      businessDate: unit.today,
      scope,
      blind: command.blind,
      frozen: command.frozen ?? false,
      submission: 0,
      state: 'planned',
      expectedDevices: 0,
      expectedPieces: 0,
      missingDevices: 0,
      takenDevices: 0,
      shortPieces: 0,
      surplusPieces: 0,
      lossFen: 0,
      gainFen: 0,
      note,
      createdAt: unit.now,
      createdBy: actor.userId,
      version: 1,
    },
  ]);
  await unit.audit({
    action: 'inventory.stocktake.plan',
    subjectType: 'inventory.stocktake',
    subjectId: id,
    storeId: store.id,
    detail: { number, blind: command.blind, frozen: command.frozen ?? false },
  });
  return { id, number };
}

/** A category stands for what is below it as well; ids that do not exist are refused, not skipped. */
async function checkScope(read: Reader, { categoryIds, brandIds, skuIds }: StocktakeScope): Promise<StocktakeScope> {
  if (skuIds.length > MOST_SKUS_CHOSEN)
    throw invalidField('skus', 'inventory:error.stocktake_skus', { max: MOST_SKUS_CHOSEN });
  const categories = await listCategories(read);
  const brands = await listBrands(read);
  const skus = await skusByIds(read, skuIds);
  for (const [field, ids, known] of [
    ['category', categoryIds, new Set(categories.map((one) => one.id))],
    ['brand', brandIds, new Set(brands.map((one) => one.id))],
    ['skus', skuIds, new Set(skus.keys())],
  ] as const)
    if (ids.some((one) => !known.has(one))) throw invalidField(field, 'errors:field.invalid');
  const branches = categoryIds.flatMap((one) => categoryBranch(categories, one));
  return { categoryIds: [...new Set(branches)], brandIds: [...new Set(brandIds)], skuIds: [...new Set(skuIds)] };
}
