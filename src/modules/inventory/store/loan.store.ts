import { DomainError, notFound, stale } from '../../../kernel';
import type { Unit } from '../../../platform/unit-of-work';
import { loan, type LoanRow } from './loan.table';

/** Throws 404, and 409 when it was changed since it was shown. */
export async function lockLoan(unit: Unit, id: number, version: number): Promise<LoanRow> {
  const [row] = await unit.lockRows(loan, [id]);
  if (!row) throw notFound('inventory.loan', id);
  if (row.version !== version) throw stale();
  return row;
}

export const loanStale = ({ number }: LoanRow): DomainError =>
  new DomainError('inventory:error.loan_over', { status: 409, details: { number } });

export const auditLoan = (
  unit: Unit,
  { id, storeId, number }: LoanRow,
  what: 'lend' | 'borrow' | 'give_back' | 'reverse',
  detail: Record<string, unknown>,
): Promise<void> =>
  unit.audit({
    action: `inventory.loan.${what}`,
    subjectType: 'inventory.loan',
    subjectId: id,
    storeId,
    detail: { number, ...detail },
  });
