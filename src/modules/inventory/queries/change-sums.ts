import { type Reader, sql } from '../../../platform/database';
import type { ListSpec } from '../../../platform/lists';
import { inScope, type StoreScope } from '../../../platform/permissions';
import type { ChangeEffect } from '../domain/change-effect';

export const CHANGE_SUMS: ListSpec = {
  path: '/inventory/changes/reasons',
  id: 'r.reason_id',
  filters: ['store', 'from', 'to'],
  sorts: { reason: { expression: 'r.reason_id', type: 'number', direction: 'ascending' } },
};

export interface ChangeSum {
  reasonId: number;
  reasonName: string;
  effect: ChangeEffect;
  documents: number;
  devices: number;
  pieces: number;
  /** What they did to the value of stock. */
  netFen: number;
}

/** Posted documents by reason: how many, of how much, and what it cost. Reasons keep the name they had last. */
export async function changeSums(
  read: Reader,
  filter: { storeId: number | null; from: string | null; to: string | null; scope: StoreScope },
): Promise<ChangeSum[]> {
  const { storeId, from, to, scope } = filter;
  const where = sql.all([
    inScope('r.store_id', scope),
    storeId !== null && sql`r.store_id = ${storeId}`,
    from !== null && sql`r.business_date >= ${from}`,
    to !== null && sql`r.business_date <= ${to}`,
  ]);
  const rows = await read.all<ChangeSum>(
    sql`SELECT r.reason_id, MAX(r.reason_name) AS reason_name, r.effect, COUNT(*) AS documents, SUM(r.devices) AS devices,
        SUM(r.pieces) AS pieces, SUM(COALESCE(r.net_fen, 0)) AS net_fen
      FROM stock_change r WHERE r.state = 'posted' AND ${where} GROUP BY r.reason_id, r.effect ORDER BY r.effect, r.reason_id`,
  );
  return rows.map((row) => ({
    ...row,
    documents: Number(row.documents),
    devices: Number(row.devices),
    pieces: Number(row.pieces),
    netFen: Number(row.netFen),
  }));
}
