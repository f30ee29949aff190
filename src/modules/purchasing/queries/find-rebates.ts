import { type Reader, sql } from '../../../platform/database';
import { type Actor, inScope } from '../../../platform/permissions';
import { type RebateState, VIEW_REBATES } from './rebate-list';

export interface FoundRebate {
  id: number;
  number: string;
  name: string;
  state: RebateState;
  supplierName: string;
  storeName: string;
}

/** Rebates by their number, that of a run or a settlement, or the end of one of these, in the reader's stores. */
export async function findRebates(read: Reader, actor: Actor, code: string): Promise<FoundRebate[]> {
  if (!/^(FL|GJ)[\dA-Z-]{2,}$|^\d{2,6}-[A-Z0-9-]+$/.test(code)) return [];
  return read.all<FoundRebate>(
    sql`SELECT o.id, o.number, o.name, o.state, s.name AS supplier_name, st.name AS store_name
      FROM rebate o JOIN supplier s ON s.id = o.supplier_id JOIN store st ON st.id = o.store_id
      WHERE ${inScope('o.store_id', actor.scope(VIEW_REBATES))} AND (${sql.contains('o.number', code)}
        OR EXISTS (SELECT u.id FROM rebate_run u WHERE u.rebate_id = o.id AND ${sql.contains('u.number', code)})
        OR EXISTS (SELECT c.id FROM claim_settlement c WHERE c.claim_type = 'purchasing.rebate' AND c.claim_id = o.id
          AND ${sql.contains('c.number', code)}))
      ORDER BY o.id DESC ${sql.limit(8)}`,
  );
}
