import { DomainError, emptyToNull, invalidField, isDomainError, normaliseName, stale } from '../../../kernel';
import { type Dependent, reverse } from '../../../ledger';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import { getStore } from '../../organization';
import { linesOf, lockReceipt } from '../store/receipt.store';
import { receipt } from '../store/receipt.table';
import { takeBackReceived } from './count-received';

export interface ReverseReceipt {
  receiptId: number;
  version: number;
  reason: string;
}

/**
 * Books the mirror of a posted receipt with today's business date (红冲). The ledger refuses while anything depends on it:
 * devices sold or moved, goods gone, payable settled.
 */
export function reverseReceipt(
  uow: UnitOfWork,
  actor: Actor,
  command: ReverseReceipt,
  options?: RunOptions,
): Promise<{ id: number; reversalNumber: string }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockReceipt(unit, command.receiptId);
      authorise(actor, 'purchasing.receipt.reverse', row.storeId);
      if (row.state !== 'posted')
        throw new DomainError('purchasing:error.not_posted', { status: 409, details: { number: row.number } });
      if (row.version !== command.version) throw stale();
      const reason = emptyToNull(normaliseName(command.reason));
      if (!reason) throw invalidField('reason', 'errors:field.required');
      if ([...reason].length > 200) throw invalidField('reason', 'errors:field.too_long', { max: 200 });
      const store = await getStore(unit, row.storeId);
      const reversalNumber = unit.documentNumber('RH', store.code, unit.today);
      const lines = await linesOf(unit, row.id);
      await takeBackReceived(unit, row, lines);
      const document = { type: 'purchasing.receipt', id: row.id, storeId: row.storeId };
      try {
        await reverse(unit, document, { ...document, number: reversalNumber, businessDate: unit.today });
      } catch (error) {
        throw namingDevices(error, row.number);
      }
      // Of free goods nothing is accrued that the ledger could find settled.
      if (lines.some(({ clearedPieces }) => (clearedPieces ?? 0) > 0))
        throw new DomainError('purchasing:error.receipt_invoiced', { status: 409, details: { number: row.number } });
      const changes = {
        state: 'reversed' as const,
        reversedAt: unit.now,
        reversedBy: actor.userId,
        reversalNumber,
        reversalReason: reason,
      };
      await unit.update(receipt, row.id, changes, row.version);
      await unit.audit({
        action: 'purchasing.receipt.reverse',
        subjectType: 'purchasing.receipt',
        subjectId: row.id,
        storeId: row.storeId,
        detail: { number: row.number, reversalNumber, reason },
      });
      await unit.publish('purchasing.receipt.reversed', {
        receiptId: row.id,
        number: row.number,
        storeId: row.storeId,
      });
      return { id: row.id, reversalNumber };
    },
    options,
  );
}

/** The ledger names the documents that stand in the way; a clerk looks for the devices. */
function namingDevices(error: unknown, number: string): unknown {
  if (!isDomainError(error) || error.code !== 'ledger:error.has_dependents') return error;
  const dependents = (error.details['dependents'] ?? []) as readonly Dependent[];
  const fields = dependents.map(({ device, number: document }) => ({
    path: device ? `device.${device}` : 'document',
    code: device ? 'purchasing:error.device_gone' : 'purchasing:error.settled_by',
    details: { device, document },
  }));
  const details = { ...error.details, number };
  return new DomainError('purchasing:error.cannot_reverse', { status: 409, details, fields, cause: error });
}
