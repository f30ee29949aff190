import { sql } from '../../../platform/database';
import type { ModuleCheck } from '../../../platform/modules';

/**
 * What is agreed with suppliers and what the books say are the same: a device is here on consignment in both or in neither, and
 * each one that is owed has its accrued payable.
 */
export const consignmentChecks: ModuleCheck = {
  id: 'inventory.consigned',
  run: async (read) => {
    const devices = await read.all<{ id: number }>(
      sql`SELECT d.id FROM device d WHERE d.ownership = 'consigned' AND d.state NOT IN ('returned_to_supplier', 'void')
          AND NOT EXISTS (SELECT c.id FROM consigned_device c WHERE c.device_id = d.id AND c.state = 'here')
        UNION ALL
        SELECT d.id FROM consigned_device c JOIN device d ON d.id = c.device_id
          WHERE c.state = 'here' AND (d.ownership <> 'consigned' OR d.state IN ('returned_to_supplier', 'void'))`,
    );
    // The documents that made a consigned device owed: items that are open, and devices that are not settled.
    const owed = await read.all<{ sourceType: string; sourceId: number; supplierId: number; devices: number }>(
      sql`SELECT c.source_type, c.source_id, c.supplier_id, COUNT(*) AS devices FROM consigned_device c
        WHERE c.state = 'sold' GROUP BY c.source_type, c.source_id, c.supplier_id
        HAVING SUM(c.price_fen - c.tax_fen) <> COALESCE((SELECT SUM(o.amount_fen - o.settled_fen) FROM posting p
          JOIN open_item o ON o.posting_id = p.id WHERE p.document_type = c.source_type AND p.document_id = c.source_id
            AND p.kind = 'post' AND o.direction = 'accrued' AND o.party_id = c.supplier_id), 0)`,
    );
    const findings = [
      ...devices.map(({ id }) => `device ${id}: on consignment in the books or with its supplier, but not in both`),
      ...owed.map(
        ({ sourceType, sourceId, supplierId, devices: count }) =>
          `${sourceType} ${sourceId}: ${count} devices of supplier ${supplierId} and what is accrued for them differ`,
      ),
    ];
    return { count: findings.length, findings: findings.slice(0, 20) };
  },
};
