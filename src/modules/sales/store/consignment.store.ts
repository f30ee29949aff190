import { DomainError, notFound, stale } from '../../../kernel';
import type { Unit } from '../../../platform/unit-of-work';
import { CONSIGNMENT_DOCUMENT } from '../domain/consignment';
import { consignment, type ConsignmentRow } from './consignment.table';

/** Throws 404, and 409 when it was changed since it was shown. */
export async function lockConsignment(unit: Unit, id: number, version: number): Promise<ConsignmentRow> {
  const [row] = await unit.lockRows(consignment, [id]);
  if (!row) throw notFound(CONSIGNMENT_DOCUMENT, id);
  if (row.version !== version) throw stale();
  return row;
}

export const consignmentOver = ({ number }: ConsignmentRow): DomainError =>
  new DomainError('sales:error.consignment_over', { status: 409, details: { number } });

export const auditConsignment = (
  unit: Unit,
  { id, storeId, number }: Pick<ConsignmentRow, 'id' | 'storeId' | 'number'>,
  what: 'consign' | 'take_back' | 'reverse' | 'settle' | 'unsettle',
  detail: Record<string, unknown>,
): Promise<void> =>
  unit.audit({
    action: `sales.consignment.${what}`,
    subjectType: CONSIGNMENT_DOCUMENT,
    subjectId: id,
    storeId,
    detail: { number, ...detail },
  });
