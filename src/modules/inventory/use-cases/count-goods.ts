import { invalidField, stale } from '../../../kernel';
import { chunked, sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import { assertCounting, getStocktake } from '../store/stocktake.store';
import { stocktakeGoods } from '../store/stocktake.table';
import { bookedPieces } from '../queries/count-knowledge';

export interface GoodsCount {
  goodsId: number;
  /** Pieces that lie there; null: not counted yet. */
  pieces: number | null;
  /** As the page showed it: two who count the same goods do not overwrite each other. */
  version: number;
}

const MOST_PIECES = 1_000_000;

/** Takes counted pieces of goods; those that did not change are left alone. Throws 'errors:stale' when somebody else counted them. */
export function countGoods(
  uow: UnitOfWork,
  actor: Actor,
  command: { id: number; counts: readonly GoodsCount[] },
  options?: RunOptions,
): Promise<{ changed: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await getStocktake(unit, command.id);
      authorise(actor, 'inventory.stocktake.count', row.storeId);
      assertCounting(row);
      for (const { goodsId, pieces } of command.counts)
        if (pieces !== null && (!Number.isSafeInteger(pieces) || pieces < 0 || pieces > MOST_PIECES))
          throw invalidField(`goods.${goodsId}`, 'errors:quantity.not_whole');
      const ids = command.counts.map(({ goodsId }) => goodsId);
      await unit.lock(stocktakeGoods, ids);
      let changed = 0;
      for (const chunk of chunked(command.counts)) {
        const rows = await unit.rows(
          stocktakeGoods,
          sql`SELECT * FROM stocktake_goods WHERE stocktake_id = ${row.id}
            AND id IN (${sql.list(chunk.map(({ goodsId }) => goodsId))}) ORDER BY id`,
        );
        for (const { goodsId, pieces, version } of chunk) {
          const goods = rows.find(({ id }) => id === goodsId);
          if (!goods) throw invalidField(`goods.${goodsId}`, 'errors:field.invalid');
          if (goods.counted === pieces) continue;
          if (goods.version !== version) throw stale();
          changed += 1;
          await unit.update(
            stocktakeGoods,
            goods.id,
            {
              counted: pieces,
              bookPieces:
                pieces === null
                  ? null
                  : await bookedPieces(unit, row.locationId, goods.skuId, goods.batchKey, goods.bucket),
              // All of it at one moment: what went in or out before does not matter.
              movedPieces: 0,
              countedAt: unit.now,
              countedBy: actor.userId,
              countedByName: actor.name,
            },
            version,
          );
        }
      }
      return { changed };
    },
    options,
  );
}
