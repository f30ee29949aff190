import { type Sql, sql } from '../../platform/database';
import { differs, ledgerCheck } from './check';

/** The place of one row (`d.store_id` …) and of another (`e.to_store_id` …) differ. */
function placesDiffer(a: string, b: string): Sql {
  return sql.join(
    [
      differs(`${a}state`, `${b}state`, 'text'),
      differs(`${a}store_id`, `${b}store_id`, 'number'),
      differs(`${a}location_id`, `${b}location_id`, 'number'),
      differs(`${a}bucket`, `${b}bucket`, 'text'),
      differs(`${a}ownership`, `${b}ownership`, 'text'),
    ],
    ' OR ',
  );
}

const lastEvent = ledgerCheck('device.last_event', {
  query: sql`SELECT d.id, d.last_seq, d.state, d.bucket, d.cost_fen, e.id AS event_id, e.to_state, e.to_bucket, e.cost_after_fen
    FROM device d LEFT JOIN device_event e ON e.device_id = d.id AND e.seq = d.last_seq
    WHERE e.id IS NULL OR e.cost_after_fen <> d.cost_fen OR ${placesDiffer('d.', 'e.to_')}`,
  device: 'id',
  tell: (row) =>
    row['eventId'] === null
      ? `event ${row['lastSeq']} is missing`
      : `is ${row['state']}/${row['bucket'] ?? '-'} at ${row['costFen']} fen, its last event says ${row['toState']}/${row['toBucket'] ?? '-'} at ${row['costAfterFen']} fen`,
});

const chain = ledgerCheck(
  'device.chain',
  {
    query: sql`SELECT d.id, d.last_seq, e.events, e.highest FROM device d
      LEFT JOIN (SELECT device_id, COUNT(*) AS events, MIN(seq) AS lowest, MAX(seq) AS highest FROM device_event GROUP BY device_id) e
      ON e.device_id = d.id
      WHERE COALESCE(e.events, 0) <> d.last_seq OR COALESCE(e.highest, 0) <> d.last_seq OR COALESCE(e.lowest, 0) <> 1`,
    device: 'id',
    tell: (row) => `has ${row['events'] ?? 0} events up to ${row['highest'] ?? 0}, should have ${row['lastSeq']}`,
  },
  {
    query: sql`SELECT e.device_id, e.seq, e.id FROM device_event e
      JOIN device_event p ON p.device_id = e.device_id AND p.seq = e.seq - 1
      WHERE e.seq > 1 AND (e.cost_after_fen <> p.cost_after_fen + e.cost_change_fen OR ${placesDiffer('e.from_', 'p.to_')})`,
    device: 'deviceId',
    tell: (row) => `event ${row['seq']} (id ${row['id']}) does not begin where the one before ended`,
  },
  {
    query: sql`SELECT e.device_id, e.seq, e.id FROM device_event e
      WHERE e.seq = 1 AND (e.from_state IS NOT NULL OR e.cost_after_fen <> e.cost_change_fen)`,
    device: 'deviceId',
    tell: (row) => `first event (id ${row['id']}) comes from somewhere`,
  },
);

const numbers = ledgerCheck(
  'device.numbers',
  {
    query: sql`SELECT i.device_id, i.id, i.value, i.active_key FROM device_identifier i
      WHERE (i.active_key IS NULL AND i.ended_at IS NULL)
        OR (i.active_key IS NOT NULL AND (i.active_key <> i.value OR i.ended_at IS NOT NULL))`,
    device: 'deviceId',
    tell: (row) => `number ${row['value']} (id ${row['id']}) is active as ${row['activeKey'] ?? 'nothing'}`,
  },
  {
    query: sql`SELECT i.active_key, COUNT(*) AS devices FROM device_identifier i
      WHERE i.active_key IS NOT NULL GROUP BY i.active_key HAVING COUNT(*) > 1`,
    tell: (row) => `number ${row['activeKey']} is active ${row['devices']} times`,
  },
  {
    query: sql`SELECT d.id, d.state, COALESCE(n.active, 0) AS active FROM device d
      LEFT JOIN (SELECT device_id, COUNT(active_key) AS active FROM device_identifier GROUP BY device_id) n ON n.device_id = d.id
      WHERE (d.state = 'void' AND COALESCE(n.active, 0) > 0) OR (d.state <> 'void' AND COALESCE(n.active, 0) = 0)`,
    device: 'id',
    tell: (row) => `${row['state']} with ${row['active']} active numbers`,
  },
);

// The rules of check-place, as the database can ask them.
const place = ledgerCheck('device.place', {
  query: sql`SELECT d.id, d.state, d.bucket, d.ownership, d.store_id, d.location_id, d.cost_fen FROM device d WHERE
    (d.bucket IS NOT NULL AND (d.store_id IS NULL OR d.location_id IS NULL OR d.ownership = 'customer'))
    OR (d.bucket IS NOT NULL AND d.ownership <> 'own' AND d.cost_fen <> 0)
    OR (d.state = 'in_stock' AND COALESCE(d.bucket, '-') NOT IN ('sellable', 'demo', 'defective', 'quarantine'))
    OR (d.state = 'in_transit' AND COALESCE(d.bucket, '-') <> 'in_transit')
    OR (d.state IN ('lent', 'at_repairer') AND COALESCE(d.bucket, '-') NOT IN ('demo', 'defective', '-'))
    OR (d.state = 'at_partner' AND (COALESCE(d.bucket, '-') <> 'demo' OR d.ownership <> 'own'))
    OR (d.state IN ('lent', 'at_repairer') AND d.bucket IS NULL AND d.ownership <> 'customer')
    OR (d.state IN ('sold', 'returned_to_supplier', 'scrapped', 'issued', 'missing', 'customer_owned', 'void') AND d.bucket IS NOT NULL)
    OR (d.state IN ('sold', 'customer_owned') AND d.ownership <> 'customer')
    OR d.state NOT IN ('in_stock', 'in_transit', 'lent', 'at_partner', 'at_repairer', 'sold', 'returned_to_supplier', 'scrapped', 'issued', 'missing', 'customer_owned', 'void')
    OR d.cost_fen < 0`,
  device: 'id',
  tell: (row) =>
    `${row['state']}/${row['ownership']}/${row['bucket'] ?? 'no bucket'} at location ${row['locationId'] ?? '-'} of store ${row['storeId'] ?? '-'}, ${row['costFen']} fen`,
});

export const deviceChecks = [lastEvent, chain, numbers, place];
