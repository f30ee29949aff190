import type { Reader } from '../../../platform/database';
import { sql } from '../../../platform/database';
import { type Actor, inScope } from '../../../platform/permissions';
import type { StoreKind } from '../domain/store-kind';

export interface StoreListRow {
  id: number;
  code: string;
  name: string;
  kind: StoreKind;
  phone: string | null;
  address: string | null;
  active: number;
  locations: number;
  staff: number;
}

/** Stores and warehouses that the reader may see, open ones first. A chain has hundreds, not thousands: no paging. */
export async function storeList(
  read: Reader,
  actor: Actor,
  filter: { active?: boolean } = {},
): Promise<StoreListRow[]> {
  const active = filter.active === undefined ? sql`1 = 1` : sql`s.active = ${filter.active}`;
  const rows = await read.all<StoreListRow>(
    sql`SELECT s.id, s.code, s.name, s.kind, s.phone, s.address, s.active,
        (SELECT COUNT(*) FROM location l WHERE l.store_id = s.id AND l.active = ${1}) AS locations,
        (SELECT COUNT(*) FROM staff p WHERE p.store_id = s.id AND p.active = ${1}) AS staff
      FROM store s WHERE ${inScope('s.id', actor.scope('organization.store.view'))} AND ${active}
      ORDER BY s.active DESC, s.code`,
  );
  return rows.map((row) => ({ ...row, locations: Number(row.locations), staff: Number(row.staff) }));
}

/** Stores without exactly one default location: there must be none. */
export async function storesWithoutDefault(read: Reader): Promise<{ count: number; findings: string[] }> {
  const rows = await read.all<{ code: string; found: number }>(
    sql`SELECT s.code, COUNT(l.id) AS found FROM store s
      LEFT JOIN location l ON l.store_id = s.id AND l.is_default = ${1}
      GROUP BY s.code HAVING COUNT(l.id) <> 1 ORDER BY s.code`,
  );
  return {
    count: rows.length,
    findings: rows.map((row) => `store ${row.code} has ${Number(row.found)} default locations`),
  };
}
