import { invalid } from '../kernel';
import { chunked, duplicateKey, type Sql, sql } from '../platform/database';
import type { Unit } from '../platform/unit-of-work';
import { type BalanceOnBooks, heldBy, lockBalances, stockKeyText } from './books';
import type { StockChange } from './effects';
import { stockBalance, stockEntry } from './tables';

/** A change together with the locked balance that it changes. */
export interface BalanceChange {
  change: StockChange;
  balance: BalanceOnBooks;
}

const keyOf = ({ locationId, skuId, batchKey, bucket }: StockChange) => ({
  locationId,
  skuId,
  batchId: batchKey === 0 ? null : batchKey,
  bucket,
});

/**
 * Locks the balances in ascending order of id, makes rows of 0 for those that are not there yet, and refuses what would
 * go below zero: 422 ledger:error.stock_short (pieces), ledger:error.value_short (a value that other pieces carry).
 */
export async function lockChanged(unit: Unit, changes: readonly StockChange[]): Promise<BalanceChange[]> {
  await lockBalances(unit, changes.map(keyOf));
  const held = heldBy(unit).balances;
  const absent = changes.filter((change) => !held.has(stockKeyText(keyOf(change))));
  if (absent.length > 0) await createBalances(unit, absent);
  return changes.map((change) => {
    const balance = held.get(stockKeyText(keyOf(change)));
    if (!balance) throw new Error(`stock_balance ${stockKeyText(keyOf(change))} is not locked`);
    requireFits(change, balance);
    return { change, balance };
  });
}

async function createBalances(unit: Unit, changes: readonly StockChange[]): Promise<void> {
  const firstId = unit.takeIds(stockBalance, changes.length);
  const rows = changes.map(({ storeId, locationId, skuId, batchKey, bucket, byDevice }, index) => ({
    id: firstId + index,
    storeId,
    locationId,
    skuId,
    batchKey,
    bucket,
    byDevice,
    quantity: 0,
    valueFen: 0,
    updatedAt: unit.now,
  }));
  try {
    await unit.insert(stockBalance, rows);
    for (const [index, row] of rows.entries())
      heldBy(unit).balances.set(stockKeyText(keyOf(changes[index] as StockChange)), row);
  } catch (error) {
    if (!duplicateKey(error)) throw error;
    // Another unit made one of them first and has committed: take those that are there, make the others one by one.
    for (const change of changes) {
      await lockBalances(unit, [keyOf(change)]);
      if (!heldBy(unit).balances.has(stockKeyText(keyOf(change)))) {
        if (changes.length === 1) throw error;
        await createBalances(unit, [change]);
      }
    }
  }
}

function requireFits(change: StockChange, balance: BalanceOnBooks): void {
  const { storeId, locationId, skuId, bucket, byDevice } = change;
  if (balance.byDevice !== byDevice)
    throw new Error(`sku ${skuId} at ${locationId} is kept by ${balance.byDevice ? 'device' : 'quantity'}`);
  if (balance.storeId !== storeId)
    throw new Error(`location ${locationId} belongs to store ${balance.storeId}, not ${storeId}`);
  const quantity = balance.quantity + change.quantity;
  const valueFen = balance.valueFen + change.valueFen;
  const details = { storeId, locationId, skuId, bucket, available: balance.quantity, wanted: -change.quantity };
  if (quantity < 0) throw invalid('ledger:error.stock_short', details);
  if (valueFen < 0 || (quantity === 0 && valueFen !== 0)) throw invalid('ledger:error.value_short', details);
  if (!Number.isSafeInteger(quantity) || !Number.isSafeInteger(valueFen)) throw invalid('errors:number.out_of_range');
}

/** Adds the changes to their balances. Entries are inserted afterwards, with the posting. */
export async function updateBalances(unit: Unit, changes: readonly BalanceChange[]): Promise<void> {
  const sorted = [...changes].sort((a, b) => a.balance.id - b.balance.id);
  for (const chunk of chunked(sorted, 100)) {
    const ids = chunk.map(({ balance }) => balance.id);
    const affected = await unit.execute(
      sql`UPDATE stock_balance SET quantity = quantity + ${byId(chunk, 'quantity')},
        value_fen = value_fen + ${byId(chunk, 'valueFen')}, updated_at = ${unit.now} WHERE id IN (${sql.list(ids)})`,
    );
    if (affected !== ids.length)
      throw new Error(`${ids.length - affected} of the stock balances ${ids.join(', ')} are gone`);
  }
}

function byId(changes: readonly BalanceChange[], what: 'quantity' | 'valueFen'): Sql {
  const first = changes[0];
  if (changes.length === 1 && first) return sql`${first.change[what]}`;
  return sql`CASE id ${sql.join(
    changes.map(({ change, balance }) => sql`WHEN ${balance.id} THEN ${change[what]}`),
    ' ',
  )} ELSE 0 END`;
}

export async function insertEntries(
  unit: Unit,
  postingId: number,
  changes: readonly BalanceChange[],
  businessDate: string,
): Promise<void> {
  if (changes.length === 0) return;
  const firstId = unit.takeIds(stockEntry, changes.length);
  await unit.insert(
    stockEntry,
    changes.map(({ change, balance }, index) => ({
      id: firstId + index,
      postingId,
      balanceId: balance.id,
      storeId: change.storeId,
      locationId: change.locationId,
      skuId: change.skuId,
      batchKey: change.batchKey,
      bucket: change.bucket,
      quantity: change.quantity,
      valueFen: change.valueFen,
      businessDate,
      at: unit.now,
    })),
  );
}

export function rememberBalances(unit: Unit, changes: readonly BalanceChange[]): void {
  const held = heldBy(unit).balances;
  for (const { change, balance } of changes)
    held.set(stockKeyText(keyOf(change)), {
      ...balance,
      quantity: balance.quantity + change.quantity,
      valueFen: balance.valueFen + change.valueFen,
    });
}
