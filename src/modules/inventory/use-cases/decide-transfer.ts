import { emptyToNull, invalid, invalidField, normaliseName } from '../../../kernel';
import { sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { transferMachine } from '../domain/transfer-state';
import { lockTransfer, requireTransfer, transferLines, writeTransfer } from '../store/transfer.store';
import { transferDevice, type TransferRow } from '../store/transfer.table';
import { authoriseEither } from '../queries/transfer-rights';

/** What happens to a transfer before anything leaves. */
export const DECISIONS = ['request', 'approve', 'reject', 'withdraw', 'cancel'] as const;
export type Decision = (typeof DECISIONS)[number];

export interface DecideTransfer {
  transferId: number;
  /** As the page showed it: what is decided on is what was seen. */
  version: number;
  decision: Decision;
  /** Asked for where something is refused. */
  reason?: string | null | undefined;
}

/**
 * Requests, approves, rejects, takes back or cancels. Approval is the sending store's: its goods leave. Who may approve need
 * not request first.
 */
export function decideTransfer(
  uow: UnitOfWork,
  actor: Actor,
  { transferId, version, decision, reason }: DecideTransfer,
  options?: RunOptions,
): Promise<{ id: number; number: string; state: TransferRow['state'] }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockTransfer(unit, transferId, version);
      mayDecide(actor, row, decision);
      requireTransfer(row, decision);
      const lines = await transferLines(unit, row.id);
      if ((decision === 'request' || decision === 'approve') && lines.length === 0)
        throw invalid('inventory:error.transfer_empty');
      const why = requireReason(reason, decision === 'reject');
      const state = transferMachine.next(row.state, decision);
      await writeTransfer(unit, row, lines, lines, { state, reason: why });
      // Its devices are free for other transfers.
      if (state === 'cancelled' || state === 'rejected') await freeDevices(unit, row.id);
      await unit.audit({
        action: `inventory.transfer.${decision}`,
        subjectType: 'inventory.transfer',
        subjectId: row.id,
        storeId: row.fromStoreId,
        detail: { number: row.number, quantity: row.quantity, ...(why ? { reason: why } : {}) },
      });
      return { id: row.id, number: row.number, state };
    },
    options,
  );
}

function mayDecide(actor: Actor, row: TransferRow, decision: Decision): void {
  if (decision === 'approve' || decision === 'reject') authorise(actor, 'inventory.transfer.approve', row.fromStoreId);
  else authoriseEither(actor, 'inventory.transfer.create', row);
}

/** Null when none was given. Throws 'errors:form' when one is needed, or too long. */
export function requireReason(text: string | null | undefined, needed: boolean): string | null {
  const reason = emptyToNull(normaliseName(text ?? ''));
  if (!reason && needed) throw invalidField('reason', 'errors:field.required');
  if ([...(reason ?? '')].length > 200) throw invalidField('reason', 'errors:field.too_long', { max: 200 });
  return reason;
}

async function freeDevices(unit: Unit, transferId: number): Promise<void> {
  await unit.execute(
    sql`DELETE FROM ${sql.identifier(transferDevice.name)} WHERE transfer_id = ${transferId} AND state = 'picked'`,
  );
  await unit.execute(sql`UPDATE transfer_line SET picked = 0 WHERE transfer_id = ${transferId}`);
}
