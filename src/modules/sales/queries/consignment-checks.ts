import type { ModuleCheck } from '../../../platform/modules';
import { type Reader, type Sql, sql } from '../../../platform/database';

const MOST_FINDINGS = 20;

/** Runs a query that names the documents, or the devices, that are wrong. */
const check = (id: string, wrong: Sql): ModuleCheck => ({
  id,
  run: async (read: Reader) => {
    const rows = await read.all<{ wrong: string | number }>(wrong);
    return { count: rows.length, findings: rows.slice(0, MOST_FINDINGS).map((row) => String(row.wrong)) };
  },
});

/** What consignments say is with partners, and what settlements say was sold, must be what the books say. */
export const consignmentChecks: readonly ModuleCheck[] = [
  check(
    'sales.consigned',
    // A document that holds more or less than its rows, or a row whose device is not with the partner.
    sql`SELECT r.number AS wrong FROM consignment_out r
      LEFT JOIN (SELECT n.out_id, COUNT(*) AS pieces, ${sql.sum('n.price_fen')} AS price_fen,
          SUM(CASE WHEN d.state = 'at_partner' THEN 0 ELSE 1 END) AS strange
        FROM consignment_out_device n JOIN device d ON d.id = n.device_id JOIN consignment_out o ON o.id = n.out_id
        WHERE n.return_id IS NULL AND n.settlement_id IS NULL AND o.state <> 'reversed' GROUP BY n.out_id) t ON t.out_id = r.id
      WHERE r.still_out <> COALESCE(t.pieces, 0) OR r.open_fen <> COALESCE(t.price_fen, 0) OR COALESCE(t.strange, 0) > 0
      ORDER BY r.number`,
  ),
  check(
    'sales.at_partner',
    // A device that is with a partner by no consignment.
    sql`SELECT d.id AS wrong FROM device d WHERE d.state = 'at_partner' AND NOT EXISTS (
        SELECT n.id FROM consignment_out_device n JOIN consignment_out r ON r.id = n.out_id
        WHERE n.device_id = d.id AND r.state = 'out' AND n.return_id IS NULL AND n.settlement_id IS NULL)
      ORDER BY d.id`,
  ),
  check(
    'sales.settled',
    sql`SELECT t.number AS wrong FROM consignment_sale t LEFT JOIN sale s ON s.id = t.sale_id
      WHERE s.id IS NULL OR s.state <> t.state OR s.gross_fen <> t.amount_fen OR s.quantity <> t.devices
      ORDER BY t.number`,
  ),
  check(
    'sales.collected',
    sql`SELECT c.number AS wrong FROM collection c
      LEFT JOIN (SELECT collection_id, ${sql.sum('amount_fen')} AS amount_fen FROM collection_line GROUP BY collection_id) l
        ON l.collection_id = c.id
      WHERE c.amount_fen <> COALESCE(l.amount_fen, 0) ORDER BY c.number`,
  ),
];
