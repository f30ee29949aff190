import type { BusinessDate } from '../../../kernel';
import { chunked, type Reader, sql } from '../../../platform/database';
import { choosePrice, type OfferedPrice } from '../domain/choose-price';

export interface Price {
  /** With tax. */
  priceFen: number;
  /** Set by hand: below it a sale needs approval; null: none, see floorTermsOf. */
  floorFen: number | null;
  /** The list it comes from. */
  list: { id: number; name: string };
  /** What other lists ask that hold as well, but count less, in their order. */
  passed: { name: string; priceFen: number }[];
}

/** For which sale a price is asked. */
export interface PriceQuestion {
  /** Null: without the lists of stores. */
  storeId: number | null;
  /** Left out or null: the store's own sale. */
  channelId?: number | null | undefined;
  /** The customer's member level. */
  levelId?: number | null | undefined;
  /** Epoch milliseconds. */
  at: number;
  /** The business date of that instant, for lists of some days. */
  on: BusinessDate;
}

type Offer = OfferedPrice & { skuId: number };

/** The prices that hold, of the list that counts most (choosePrice). SKUs without a price are missing in the answer. */
export async function pricesOf(
  read: Reader,
  skuIds: readonly number[],
  { storeId, channelId = null, levelId = null, at, on }: PriceQuestion,
): Promise<Map<number, Price>> {
  const found = new Map<number, Price>();
  for (const chunk of chunked([...new Set(skuIds)])) {
    const rows = await read.all<Offer>(
      sql`SELECT i.sku_id, i.price_fen, i.floor_fen, l.id AS list_id, l.name AS list_name, l.store_id, l.channel_id,
          l.level_id, l.from_on, l.until_on
        FROM price_item i JOIN price_list l ON l.id = i.price_list_id
        WHERE i.sku_id IN (${sql.list(chunk)}) AND l.active = ${1}
          AND (l.store_id IS NULL OR l.store_id = ${storeId}) AND (l.channel_id IS NULL OR l.channel_id = ${channelId})
          AND (l.level_id IS NULL OR l.level_id = ${levelId})
          AND (l.from_on IS NULL OR l.from_on <= ${on}) AND (l.until_on IS NULL OR l.until_on >= ${on})
          AND i.from_at <= ${at} AND (i.until_at IS NULL OR i.until_at > ${at})`,
    );
    const offers = new Map<number, Offer[]>();
    for (const row of rows) offers.set(row.skuId, [...(offers.get(row.skuId) ?? []), row]);
    for (const [skuId, held] of offers) {
      const { chosen, passed } = choosePrice(held);
      found.set(skuId, {
        priceFen: chosen.priceFen,
        floorFen: chosen.floorFen,
        list: { id: chosen.listId, name: chosen.listName },
        passed: passed.map(({ listName: name, priceFen }) => ({ name, priceFen })),
      });
    }
  }
  return found;
}
