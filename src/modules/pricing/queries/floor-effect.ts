import { plainMoney, fen } from '../../../kernel';
import { sql } from '../../../platform/database';
import type { Effect, EffectContext } from '../../../platform/modules';
import { canThroughout, COST_PERMISSION } from '../../../platform/permissions';
import { skusByIds } from '../../catalog';
import { priceBasket, type PricedLine } from '../domain/basket';
import type { FloorRule } from '../domain/floor';
import { floorTermsOf } from './floor-rules';
import { pricesOf } from './prices';

const MOST_ROWS = 10;

interface Changed {
  name: string;
  priceFen: number;
  before: PricedLine;
  after: PricedLine;
}

/** What other rules would make of the floors of all products with a price, told before they are in force. */
export async function floorEffect(
  { read, actor, t, f, now, today }: EffectContext,
  { before, after, channelId }: { before: readonly FloorRule[]; after: readonly FloorRule[]; channelId: number | null },
): Promise<Effect> {
  const ids = await read.all<{ id: number }>(sql`SELECT id FROM sku WHERE active = ${1} ORDER BY id`);
  const skus = await skusByIds(
    read,
    ids.map(({ id }) => id),
  );
  const prices = await pricesOf(read, [...skus.keys()], { storeId: null, channelId, at: now, on: today });
  const lines = [...prices.keys()].map((skuId) => ({ key: String(skuId), skuId, quantity: 1 }));
  const priced = async (rules: readonly FloorRule[]) =>
    priceBasket(lines, prices, null, await floorTermsOf(read, rules, skus, channelId)).lines;
  const [was, will] = [await priced(before), await priced(after)];
  const changed = will.flatMap((line, index): Changed[] => {
    const old = was[index];
    return old && old.floorFen !== line.floorFen
      ? [{ name: skus.get(line.skuId)?.name ?? '', priceFen: line.unitPriceFen, before: old, after: line }]
      : [];
  });
  const above = will.filter(({ belowFloorFen }) => belowFloorFen > 0).length;
  const byHand = [...prices.values()].filter(({ floorFen }) => floorFen !== null).length;
  const seesFloors = canThroughout(actor, 'pricing.floor.view', 'all');
  const seesCost = canThroughout(actor, COST_PERMISSION, 'all');
  const amount = ({ floorFen, floorFromCost }: PricedLine): string =>
    floorFen === null
      ? t('pricing:effect.none')
      : !seesFloors || (floorFromCost && !seesCost)
        ? t('pricing:effect.hidden')
        : plainMoney(fen(floorFen));
  const size = ({ before: old, after: line }: Changed): number => Math.abs((line.floorFen ?? 0) - (old.floorFen ?? 0));
  // The order of rows whose floors may not be told would tell them.
  const largest =
    seesFloors && seesCost
      ? changed.toSorted((a, b) => size(b) - size(a))
      : changed.toSorted((a, b) => a.name.localeCompare(b.name));
  return {
    says: [
      t('pricing:effect.changes', { count: changed.length, all: f.number(prices.size) }),
      ...(byHand > 0 ? [t('pricing:effect.byHand', { count: byHand })] : []),
      ...(above > 0 ? [t('pricing:effect.above', { count: above })] : []),
    ],
    ...(changed.length > 0
      ? {
          table: {
            id: 'effect',
            caption: t('pricing:effect.largest'),
            columns: [
              { key: 'sku', label: t('pricing:price.sku'), card: 'title' },
              { key: 'price', label: t('pricing:price.price'), num: true, card: 'number' },
              { key: 'before', label: t('pricing:effect.before'), num: true, card: 'number' },
              { key: 'after', label: t('pricing:effect.after'), num: true, card: 'number' },
            ],
            rows: largest.slice(0, MOST_ROWS).map((row, index) => ({
              id: index,
              cells: [
                row.name,
                f.money(row.priceFen),
                amount(row.before),
                row.after.belowFloorFen > 0
                  ? { text: amount(row.after), tone: 'bad' as const }
                  : { text: amount(row.after), strong: true },
              ],
            })),
          },
        }
      : {}),
  };
}
