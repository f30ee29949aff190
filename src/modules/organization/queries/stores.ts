import { notFound } from '../../../kernel';
import { chunked, decodeRow, type Reader, sql } from '../../../platform/database';
import {
  company,
  type CompanyRow,
  location,
  type LocationRow,
  store,
  type StoreRow,
} from '../store/organization.table';

export type { CompanyRow, LocationRow, StoreRow };

/** The one company; undefined before the setup. */
export async function getCompany(read: Reader): Promise<CompanyRow | undefined> {
  return (await read.find(company, {}))[0];
}

/** Throws 404 when there is no such store. */
export async function getStore(read: Reader, id: number): Promise<StoreRow> {
  const found = await read.get(store, id);
  if (!found) throw notFound('organization.store', id);
  return found;
}

/** Active stores and warehouses by code; `all` for the closed ones too. */
export async function listStores(read: Reader, options: { all?: boolean } = {}): Promise<StoreRow[]> {
  const condition = options.all ? sql.empty : sql`WHERE active = ${1}`;
  const rows = await read.all<Record<string, unknown>>(sql`SELECT * FROM store ${condition} ORDER BY code`);
  return rows.map((row) => decodeRow(store, row));
}

export async function storesByIds(read: Reader, ids: readonly number[]): Promise<Map<number, StoreRow>> {
  const found = new Map<number, StoreRow>();
  for (const chunk of chunked([...new Set(ids)])) {
    const rows = await read.all<Record<string, unknown>>(sql`SELECT * FROM store WHERE id IN (${sql.list(chunk)})`);
    for (const row of rows.map((raw) => decodeRow(store, raw))) found.set(row.id, row);
  }
  return found;
}

/** Active locations of a store, the default one first; `all` for the closed ones too. */
export async function locationsOf(
  read: Reader,
  storeId: number,
  options: { all?: boolean } = {},
): Promise<LocationRow[]> {
  const condition = options.all ? sql.empty : sql`AND active = ${1}`;
  const rows = await read.all<Record<string, unknown>>(
    sql`SELECT * FROM location WHERE store_id = ${storeId} ${condition} ORDER BY is_default DESC, code`,
  );
  return rows.map((row) => decodeRow(location, row));
}

/** Where goods of a store go and come from when nobody says otherwise. Throws 404 when there is no such store. */
export async function defaultLocation(read: Reader, storeId: number): Promise<LocationRow> {
  const found = (await read.find(location, { storeId, isDefault: true }))[0];
  if (!found) throw notFound('organization.store', storeId);
  return found;
}

/** Throws 404 when there is no such location. */
export async function getLocation(read: Reader, id: number): Promise<LocationRow> {
  const found = await read.get(location, id);
  if (!found) throw notFound('organization.location', id);
  return found;
}

export async function locationsByIds(read: Reader, ids: readonly number[]): Promise<Map<number, LocationRow>> {
  const found = new Map<number, LocationRow>();
  for (const chunk of chunked([...new Set(ids)])) {
    const rows = await read.all<Record<string, unknown>>(sql`SELECT * FROM location WHERE id IN (${sql.list(chunk)})`);
    for (const row of rows.map((raw) => decodeRow(location, raw))) found.set(row.id, row);
  }
  return found;
}
