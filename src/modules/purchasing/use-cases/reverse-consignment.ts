import { DomainError } from '../../../kernel';
import { reverse } from '../../../ledger';
import { chunked, sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { getStore } from '../../organization';
import { CONSIGNMENT_DOCUMENT, type ConsignmentKind } from '../domain/consignment';
import { auditConsignment, lockConsignment } from '../store/consignment.store';
import { consignment, type ConsignmentRow } from '../store/consignment.table';
import { checkedReason } from './decide-order';

export const REVERSE_CONSIGNMENTS = 'purchasing.consignment.reverse';

/**
 * Books the mirror of a posted document (红冲), dated today. The ledger refuses while something later depends on it: a receipt
 * of which something was sold, a settlement that was paid, or whose device came back.
 */
export function reverseConsignment(
  uow: UnitOfWork,
  actor: Actor,
  { id, version, reason: text }: { id: number; version: number; reason: string },
  options?: RunOptions,
): Promise<{ number: string }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockConsignment(unit, id, version);
      authorise(actor, REVERSE_CONSIGNMENTS, row.storeId);
      if (row.state !== 'posted')
        throw new DomainError('purchasing:error.consignment_not_posted', {
          status: 409,
          details: { number: row.number },
        });
      const reason = checkedReason(text);
      const store = await getStore(unit, row.storeId);
      const number = unit.documentNumber('DX', store.code, unit.today);
      const document = { type: CONSIGNMENT_DOCUMENT, id, storeId: row.storeId };
      await reverse(unit, document, { ...document, number, businessDate: unit.today });
      await turnBack(unit, row);
      await unit.update(consignment, id, { state: 'reversed', reversalNumber: number }, version);
      await auditConsignment(unit, row, 'reverse', { reversalNumber: number, reason });
      return { number };
    },
    options,
  );
}

/** What its devices are again. */
const BEFORE: Readonly<Record<ConsignmentKind, 'reversed' | 'sold' | 'here'>> = {
  receipt: 'reversed',
  settlement: 'sold',
  return: 'here',
  purchase: 'here',
};

async function turnBack(unit: Unit, { id, kind }: ConsignmentRow): Promise<void> {
  if (kind === 'receipt') {
    await unit.execute(sql`UPDATE consigned_device SET state = ${BEFORE[kind]} WHERE receipt_id = ${id}`);
    return;
  }
  const rows = await unit.all<{ consignedId: number }>(
    sql`SELECT consigned_id FROM consignment_row WHERE consignment_id = ${id}`,
  );
  for (const chunk of chunked(rows.map(({ consignedId }) => consignedId)))
    await unit.execute(sql`UPDATE consigned_device SET state = ${BEFORE[kind]} WHERE id IN (${sql.list(chunk)})`);
}
