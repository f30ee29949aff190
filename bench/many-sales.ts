import { addDays, type BusinessDate } from '../src/kernel';
import { posting, stockBalance, stockEntry } from '../src/ledger';
import { systemActor } from '../src/platform/permissions';
import type { UnitOfWork } from '../src/platform/unit-of-work';

const actor = systemActor('bench');
const AT_ONCE = 20_000;
const LINES_OF_SALE = 4;
const STOCK = 20;

interface Filling {
  stores: readonly { id: number; locationId: number }[];
  skuIds: readonly number[];
  lines: number;
  firstOn: BusinessDate;
  days: number;
}

/**
 * Stock of every product in every store and sold lines over the days, spread unevenly over stores, products and weekdays: only what
 * reports read (postings and stock entries), so that a million lines are there in half a minute.
 */
export async function fillSales(uow: UnitOfWork, { stores, skuIds, lines, firstOn, days }: Filling): Promise<void> {
  const balances = await fillBalances(uow, stores, skuIds);
  const dates = Array.from({ length: days }, (_, day) => addDays(firstOn, day));
  for (let from = 0; from < lines; from += AT_ONCE)
    await uow.run(actor, async (unit) => {
      const count = Math.min(AT_ONCE, lines - from);
      const sales = Math.ceil(count / LINES_OF_SALE);
      const postingId = unit.takeIds(posting, sales);
      const entryId = unit.takeIds(stockEntry, count);
      const placeOf = (n: number) => {
        const sale = Math.floor(n / LINES_OF_SALE);
        // Multiplied by primes: each line hits another product, each sale another store and day.
        const store = ((from / LINES_OF_SALE + sale) * 7) % stores.length;
        const date = dates[((from / LINES_OF_SALE + sale) * 31) % days] ?? firstOn;
        return { store, date };
      };
      await unit.insert(
        posting,
        Array.from({ length: sales }, (_, n) => ({
          id: postingId + n,
          documentType: 'sales.sale',
          documentId: postingId + n,
          kind: 'post' as const,
          documentNumber: `B${postingId + n}`,
          businessDate: placeOf(n * LINES_OF_SALE).date,
          storeId: stores[placeOf(n * LINES_OF_SALE).store]?.id ?? 0,
          postedAt: unit.now,
          actorName: 'bench',
          deviceEvents: 0,
          stockEntries: LINES_OF_SALE,
          journalLines: 0,
          openedItems: 0,
          settlements: 0,
        })),
      );
      await unit.insert(
        stockEntry,
        Array.from({ length: count }, (_, n) => {
          const { store, date } = placeOf(n);
          // Some products sell a hundred times as often as others.
          const sku = Math.floor(((((from + n) * 7919) % 10_007) / 10_007) ** 2 * skuIds.length);
          return {
            id: entryId + n,
            postingId: postingId + Math.floor(n / LINES_OF_SALE),
            balanceId: balances + store * skuIds.length + sku,
            storeId: stores[store]?.id ?? 0,
            locationId: stores[store]?.locationId ?? 0,
            skuId: skuIds[sku] ?? 0,
            batchKey: 0,
            bucket: 'sellable' as const,
            quantity: -1,
            valueFen: -1000,
            businessDate: date,
            at: unit.now,
          };
        }),
      );
    });
}

async function fillBalances(uow: UnitOfWork, stores: Filling['stores'], skuIds: readonly number[]): Promise<number> {
  return uow.run(actor, async (unit) => {
    const first = unit.takeIds(stockBalance, stores.length * skuIds.length);
    const rows = stores.flatMap(({ id: storeId, locationId }, store) =>
      skuIds.map((skuId, place) => {
        const quantity = (store * 13 + place * 7) % STOCK;
        return {
          id: first + store * skuIds.length + place,
          storeId,
          locationId,
          skuId,
          batchKey: 0,
          bucket: 'sellable' as const,
          byDevice: false,
          quantity,
          valueFen: quantity * 1000,
          updatedAt: unit.now,
        };
      }),
    );
    await unit.insert(stockBalance, rows);
    return first;
  });
}
