import { forbidden, invalidField } from '../../../kernel';
import { chunked, duplicateKey, type Reader, sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { type ExistingPrice, planPrices, type PriceChange } from '../domain/plan-prices';
import { basePriceList, getPriceList } from '../queries/price-lists';
import { priceItem, priceList, type PriceListRow } from '../store/pricing.table';

export interface SetPricesCommand {
  /** Left out: the base list. */
  priceListId?: number | undefined;
  /** Epoch milliseconds from which the prices hold; left out: now. Not in the past. */
  fromAt?: number | undefined;
  items: readonly PriceChange[];
}

/** Changes prices of one list. A store's list needs the permission for that store, any other for all stores. */
export async function changePrices(
  uow: UnitOfWork,
  actor: Actor,
  command: SetPricesCommand,
  options?: RunOptions,
): Promise<{ changed: number }> {
  authorise(actor, 'pricing.price.edit');
  return uow.run(
    actor,
    async (unit) => {
      const list =
        command.priceListId === undefined ? await ensureBaseList(unit) : await getPriceList(unit, command.priceListId);
      authoriseList(actor, list);
      return setPrices(unit, { ...command, priceListId: list.id });
    },
    options,
  );
}

export function authoriseList(actor: Actor, list: Pick<PriceListRow, 'storeId'>): void {
  if (list.storeId !== null) authorise(actor, 'pricing.price.edit', list.storeId);
  else if (actor.scope('pricing.price.edit') !== 'all') throw forbidden('pricing.price.edit');
}

/** The writing part, thousands of SKUs at once, for imports and other use cases; the caller has checked the right. */
export async function setPrices(unit: Unit, command: SetPricesCommand): Promise<{ changed: number }> {
  const fromAt = command.fromAt ?? unit.now;
  if (fromAt < unit.now) throw invalidField('fromAt', 'pricing:error.from_past');
  const priceListId = command.priceListId ?? (await ensureBaseList(unit)).id;
  // One at a time per list: two changes of a SKU must not both think that they end the same price.
  await unit.lock(priceList, [priceListId]);
  const skuIds = command.items.map((item) => item.skuId);
  const plan = planPrices(command.items, await pricesAfter(unit, priceListId, skuIds, fromAt), fromAt);
  const author = { setById: unit.actor.userId, setByName: unit.actor.name, setAt: unit.now };
  for (const chunk of chunked(plan.endIds))
    await unit.execute(sql`UPDATE price_item SET until_at = ${fromAt} WHERE id IN (${sql.list(chunk)})`);
  for (const { id, ...prices } of plan.replace) await unit.update(priceItem, id, { ...prices, ...author });
  if (plan.insert.length > 0) {
    const firstId = unit.takeIds(priceItem, plan.insert.length);
    await unit.insert(
      priceItem,
      plan.insert.map((row, index) => ({ id: firstId + index, priceListId, ...row, fromAt, ...author })),
    );
  }
  if (plan.changes.length > 0)
    await unit.audit({
      action: 'pricing.price.edit',
      subjectType: 'pricing.list',
      subjectId: priceListId,
      detail: { fromAt, changed: plan.changes.length, changes: plan.changes.slice(0, 200) },
    });
  return { changed: plan.changes.length };
}

async function pricesAfter(
  read: Reader,
  priceListId: number,
  skuIds: readonly number[],
  fromAt: number,
): Promise<ExistingPrice[]> {
  const found: ExistingPrice[] = [];
  for (const chunk of chunked([...new Set(skuIds)]))
    found.push(
      ...(await read.all<ExistingPrice>(
        sql`SELECT id, sku_id, price_fen, floor_fen, from_at, until_at FROM price_item
          WHERE sku_id IN (${sql.list(chunk)}) AND price_list_id = ${priceListId}
            AND (until_at IS NULL OR until_at > ${fromAt} OR from_at = ${fromAt}) ORDER BY sku_id, from_at`,
      )),
    );
  return found;
}

/** The base list, made with the first price. */
export async function ensureBaseList(unit: Unit): Promise<PriceListRow> {
  const known = await basePriceList(unit);
  if (known) return known;
  const row: PriceListRow = {
    id: unit.takeIds(priceList),
    code: 'BASE',
    name: '标准零售价',
    kind: 'base',
    storeId: null,
    active: true,
    version: 1,
    createdAt: unit.now,
    channelId: null,
    levelId: null,
    fromOn: null,
    untilOn: null,
  };
  try {
    await unit.insert(priceList, [row]);
  } catch (error) {
    const made = duplicateKey(error) ? await basePriceList(unit) : undefined;
    if (!made) throw error;
    return made;
  }
  const { id, name } = row;
  await unit.audit({ action: 'pricing.list.create', subjectType: 'pricing.list', subjectId: id, detail: { name } });
  return row;
}
