import { notFound } from '../../../kernel';
import { decodeRow, type Reader, sql } from '../../../platform/database';
import { priceList, type PriceListRow } from '../store/pricing.table';

/** The base list first, then the stores' lists by code. */
export async function listPriceLists(read: Reader): Promise<PriceListRow[]> {
  const rows = await read.all<Record<string, unknown>>(sql`SELECT * FROM price_list ORDER BY code, id`);
  const lists = rows.map((row) => decodeRow(priceList, row));
  return [...lists.filter((row) => row.kind === 'base'), ...lists.filter((row) => row.kind !== 'base')];
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
