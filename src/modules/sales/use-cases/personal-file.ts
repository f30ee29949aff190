import { type Reader, sql } from '../../../platform/database';
import type { PersonalFile } from '../../../platform/modules';
import { heldSale } from '../store/held-sale.table';

/** What a customer bought, how it was paid, and what was noted at the till. */
export const salesFile: PersonalFile = {
  collect: async (read, customerId) => {
    const lines = await read.all<Record<string, string | number | null>>(
      sql`SELECT s.sale_number, s.sold_at, st.name AS store_name, k.name AS sku_name, i.value AS imei, l.quantity, l.amount_fen
          FROM sale s JOIN sale_line l ON l.sale_id = s.id JOIN store st ON st.id = s.store_id JOIN sku k ON k.id = l.sku_id
          LEFT JOIN device_identifier i ON i.device_id = l.device_id AND i.position = 1 AND i.ended_at IS NULL
          WHERE s.customer_id = ${customerId} ORDER BY s.sold_at, s.id, l.line_no`,
    );
    const sales = await read.all<Record<string, string | number | null>>(
      sql`SELECT s.sale_number, s.gross_fen, s.state, s.note, t.kind, t.amount_fen, t.reference, t.payer
          FROM sale s JOIN sale_tender t ON t.sale_id = s.id WHERE s.customer_id = ${customerId}
          ORDER BY s.sold_at, s.id, t.line_no`,
    );
    return [
      {
        title: 'sales:personal.lines',
        columns: [
          { label: 'sales:personal.number', type: 'text' },
          { label: 'sales:personal.soldAt', type: 'instant' },
          { label: 'sales:personal.store', type: 'text' },
          { label: 'sales:personal.goods', type: 'text' },
          { label: 'sales:personal.imei', type: 'text' },
          { label: 'sales:personal.quantity', type: 'text' },
          { label: 'sales:personal.amount', type: 'money' },
        ],
        rows: lines.map((row) => [
          row['saleNumber'] ?? null,
          Number(row['soldAt']),
          row['storeName'] ?? null,
          row['skuName'] ?? null,
          row['imei'] ?? null,
          Number(row['quantity']),
          Number(row['amountFen']),
        ]),
      },
      {
        title: 'sales:personal.tenders',
        columns: [
          { label: 'sales:personal.number', type: 'text' },
          { label: 'sales:personal.kind', type: 'text' },
          { label: 'sales:personal.amount', type: 'money' },
          { label: 'sales:personal.reference', type: 'text' },
          { label: 'sales:personal.payer', type: 'text' },
          { label: 'sales:personal.note', type: 'text' },
        ],
        rows: sales.map((row) => [
          row['saleNumber'] ?? null,
          row['kind'] ?? null,
          Number(row['amountFen']),
          row['reference'] ?? null,
          row['payer'] ?? null,
          row['note'] ?? null,
        ]),
      },
    ];
  },
  openWith: async (read, customerId, today) => {
    const warranty = await read.one<{ devices: number; until: string | null }>(
      sql`SELECT COUNT(DISTINCT d.id) AS devices, MAX(d.maker_warranty_until) AS until
          FROM sale s JOIN sale_line l ON l.sale_id = s.id JOIN device d ON d.id = l.device_id
          WHERE s.customer_id = ${customerId} AND l.quantity > l.returned_quantity AND d.state = ${'sold'}
            AND d.maker_warranty_until >= ${today}`,
    );
    const held = await heldFor(read, customerId);
    const devices = Number(warranty?.devices ?? 0);
    const consigned = await read.one<{ devices: number | null }>(
      sql`SELECT SUM(r.still_out) AS devices FROM consignment_out r WHERE r.customer_id = ${customerId} AND r.state = ${'out'}`,
    );
    const withPartner = Number(consigned?.devices ?? 0);
    return [
      ...(devices > 0
        ? [{ code: 'sales:personal.openWarranty', details: { count: devices, until: warranty?.until } }]
        : []),
      ...(held.length > 0 ? [{ code: 'sales:personal.openHeld', details: { count: held.length } }] : []),
      ...(withPartner > 0 ? [{ code: 'sales:personal.openConsigned', details: { count: withPartner } }] : []),
    ];
  },
  forget: async (unit, customerId) => {
    // Free words of a receipt may name somebody; what the books need is in the other columns.
    await unit.execute(sql`UPDATE sale SET note = NULL WHERE customer_id = ${customerId} AND note IS NOT NULL`);
    await unit.execute(
      sql`UPDATE consignment_sale SET note = NULL, reversal_reason = NULL WHERE customer_id = ${customerId}`,
    );
    await unit.execute(
      sql`UPDATE collection SET note = NULL, reversal_reason = NULL WHERE customer_id = ${customerId}`,
    );
    await unit.execute(
      sql`UPDATE consignment_out SET note = NULL WHERE customer_id = ${customerId} AND note IS NOT NULL`,
    );
  },
};

/** Sales put aside for the customer, or being typed. */
const heldFor = async (read: Reader, customerId: number): Promise<number[]> =>
  (await read.find(heldSale, { customerId })).map(({ id }) => id);
