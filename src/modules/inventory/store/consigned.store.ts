import { chunked, type Reader, sql } from '../../../platform/database';
import type { Unit } from '../../../platform/unit-of-work';
import type { ConsignedTerms } from '../domain/consigned';

/** The document that made consigned devices owed: a sale, or our own purchase of them. */
export interface ConsignedSource {
  type: string;
  id: number;
  number: string;
  businessDate: string;
  storeId: number;
}

export async function markConsignedSold(unit: Unit, ids: readonly number[], source: ConsignedSource): Promise<void> {
  const { type, id, number, businessDate, storeId } = source;
  for (const chunk of chunked(ids))
    await unit.execute(
      sql`UPDATE consigned_device SET state = 'sold', source_type = ${type}, source_id = ${id}, source_number = ${number},
        source_on = ${businessDate}, store_id = ${storeId} WHERE id IN (${sql.list(chunk)})`,
    );
}

/** What a document made owed and no settlement has taken is the supplier's again. */
export async function takeBackConsigned(unit: Unit, source: Pick<ConsignedSource, 'type' | 'id'>): Promise<void> {
  await unit.execute(
    sql`UPDATE consigned_device SET state = 'here'
      WHERE source_type = ${source.type} AND source_id = ${source.id} AND state = 'sold'`,
  );
}

/** These devices of the document came back: here again, and remembering the document in case that is reversed. */
export async function consignedCameBack(unit: Unit, ids: readonly number[]): Promise<void> {
  for (const chunk of chunked(ids))
    await unit.execute(sql`UPDATE consigned_device SET state = 'here' WHERE id IN (${sql.list(chunk)})`);
}

/** The way back of `consignedCameBack`: the return was a mistake, they are sold by that document still. */
export async function consignedSoldAgain(
  unit: Unit,
  source: Pick<ConsignedSource, 'type' | 'id'>,
  deviceIds: readonly number[],
): Promise<void> {
  for (const chunk of chunked(deviceIds))
    await unit.execute(
      sql`UPDATE consigned_device SET state = 'sold' WHERE source_type = ${source.type} AND source_id = ${source.id}
        AND state = 'here' AND device_id IN (${sql.list(chunk)})`,
    );
}

export interface OwedDevice extends ConsignedTerms {
  /** The accrued payable of it; every device has one of its own. */
  openItemId: number;
}

/**
 * The devices that these documents made owed and no settlement has taken, with the accrued payable of each: of devices at one
 * price in one document it does not matter which has which. Lock the devices first.
 */
export async function owedDevices(
  read: Reader,
  source: Pick<ConsignedSource, 'type'> & { ids: readonly number[] },
): Promise<Map<number, OwedDevice>> {
  const owed = new Map<number, OwedDevice>();
  for (const chunk of chunked([...new Set(source.ids)])) {
    const rows = await read.all<ConsignedTerms & { sourceId: number }>(
      sql`SELECT c.id, c.device_id, c.supplier_id, c.price_fen - c.tax_fen AS net_fen, c.source_id FROM consigned_device c
        WHERE c.source_type = ${source.type} AND c.source_id IN (${sql.list(chunk)}) AND c.state = 'sold' ORDER BY c.id`,
    );
    if (rows.length === 0) continue;
    const items = await read.all<{ id: number; partyId: number; amountFen: number; documentId: number }>(
      sql`SELECT o.id, o.party_id, o.amount_fen, p.document_id FROM posting p JOIN open_item o ON o.posting_id = p.id
        WHERE p.document_type = ${source.type} AND p.document_id IN (${sql.list(chunk)}) AND p.kind = 'post'
          AND o.direction = 'accrued' AND o.settled_fen = 0 ORDER BY o.id`,
    );
    for (const { id, deviceId, supplierId, netFen, sourceId } of rows) {
      const at = items.findIndex(
        (item) =>
          item.documentId === sourceId && item.partyId === supplierId && Number(item.amountFen) === Number(netFen),
      );
      const [item] = at < 0 ? [] : items.splice(at, 1);
      if (item) owed.set(deviceId, { id, deviceId, supplierId, netFen: Number(netFen), openItemId: item.id });
    }
  }
  return owed;
}
