import { notFound } from '../../../kernel';
import { decodeRow, type Reader, sql } from '../../../platform/database';
import { listChannels, listStores } from '../../organization';
import { priceList, type PriceListRow } from '../store/pricing.table';
import { listLevels } from './levels';

/** The base list first, then the stores' lists by code, then those of channels, levels and days. */
export async function listPriceLists(read: Reader): Promise<PriceListRow[]> {
  const rows = await read.all<Record<string, unknown>>(sql`SELECT * FROM price_list ORDER BY code, id`);
  const lists = rows.map((row) => decodeRow(priceList, row));
  return (['base', 'store', 'special'] as const).flatMap((kind) => lists.filter((row) => row.kind === kind));
}

/** Undefined until the first price is set. */
export async function basePriceList(read: Reader): Promise<PriceListRow | undefined> {
  return (await read.find(priceList, { kind: 'base' }))[0];
}

/** Throws 404 when there is no such list. */
export async function getPriceList(read: Reader, id: number): Promise<PriceListRow> {
  const found = await read.get(priceList, id);
  if (!found) throw notFound('pricing.list', id);
  return found;
}

/** What lists are for, by name: stores by code, channels and levels as they are called. */
export interface ScopeNames {
  stores: Map<number, { code: string; name: string }>;
  channels: Map<number, string>;
  levels: Map<number, string>;
}

export async function scopeNames(read: Reader): Promise<ScopeNames> {
  const named = (rows: readonly { id: number; name: string }[]) => new Map(rows.map(({ id, name }) => [id, name]));
  return {
    stores: new Map((await listStores(read, { all: true })).map(({ id, code, name }) => [id, { code, name }])),
    channels: named(await listChannels(read)),
    levels: named(await listLevels(read)),
  };
}
