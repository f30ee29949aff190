import { DomainError, notFound, stale } from '../../../kernel';
import { chunked, type Reader, sql } from '../../../platform/database';
import type { Unit } from '../../../platform/unit-of-work';
import { consignedDevice, type ConsignedDeviceRow } from '../../inventory';
import { CONSIGNMENT_DOCUMENT } from '../domain/consignment';
import { consignment, type ConsignmentRow } from './consignment.table';

/** Throws 404 when there is no such document, 409 when it was changed since it was shown. */
export async function lockConsignment(unit: Unit, id: number, version: number): Promise<ConsignmentRow> {
  const [row] = await unit.lockRows(consignment, [id]);
  if (!row) throw notFound(CONSIGNMENT_DOCUMENT, id);
  if (row.version !== version) throw stale();
  return row;
}

/** Throws 409 when it is in the books by now. */
export function assertDraft({ state, number }: ConsignmentRow): void {
  if (state !== 'draft') throw new DomainError('purchasing:error.already_posted', { status: 409, details: { number } });
}

export const receivedDevices = (read: Reader, receiptId: number): Promise<ConsignedDeviceRow[]> =>
  read.rows(consignedDevice, sql`SELECT * FROM consigned_device WHERE receipt_id = ${receiptId} ORDER BY seq`);

/** They are on the shelf, each as the device that it is in the books. */
export async function writeArrived(unit: Unit, deviceIds: ReadonlyMap<number, number>, today: string): Promise<void> {
  for (const chunk of chunked([...deviceIds], 100)) {
    const arms = chunk.map(([id, deviceId]) => sql`WHEN ${id} THEN ${deviceId}`);
    await unit.execute(
      sql`UPDATE consigned_device SET state = 'here', received_on = ${today},
          device_id = CASE id ${sql.join(arms, ' ')} ELSE device_id END
        WHERE id IN (${sql.list(chunk.map(([id]) => id))})`,
    );
  }
}

export const auditConsignment = (
  unit: Unit,
  { id, kind, storeId, number }: Pick<ConsignmentRow, 'id' | 'kind' | 'storeId' | 'number'>,
  what: 'create' | 'add' | 'remove' | 'delete' | 'post' | 'reverse',
  detail: Record<string, unknown>,
): Promise<void> =>
  unit.audit({
    action: `purchasing.consignment.${what}`,
    subjectType: CONSIGNMENT_DOCUMENT,
    subjectId: id,
    storeId,
    detail: { number, kind, ...detail },
  });
