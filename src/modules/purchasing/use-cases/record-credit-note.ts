import { DomainError, type FieldProblem, invalid, isBusinessDate, normaliseCode, stale } from '../../../kernel';
import type { Actor } from '../../../platform/permissions';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import { lockReturn } from '../store/return.store';
import { purchaseReturn } from '../store/return.table';
import { tooLong } from './receipt-header';
import { authoriseInvoice, EDIT_INVOICES } from './save-invoice';
import { auditReturn } from './save-return';

export interface RecordCreditNote {
  returnId: number;
  version: number;
  /** On the paper; empty: it was entered by mistake and is taken off again. */
  creditNoteNumber: string;
  creditNoteOn: string | null;
}

/**
 * Notes which red-letter invoice (红字发票) the supplier sent for a posted return. A reference only: payables and input tax
 * went down when the return was posted. One credit note may be for several returns.
 */
export function recordCreditNote(
  uow: UnitOfWork,
  actor: Actor,
  command: RecordCreditNote,
  options?: RunOptions,
): Promise<{ creditNoteNumber: string | null }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockReturn(unit, command.returnId);
      authoriseInvoice(actor, EDIT_INVOICES, row.storeId);
      if (row.state !== 'posted')
        throw new DomainError('purchasing:error.return_not_posted', { status: 409, details: { number: row.number } });
      if (row.version !== command.version) throw stale();
      const fields: FieldProblem[] = [];
      const number = normaliseCode(command.creditNoteNumber).replace(/\s/g, '');
      const on = number === '' ? null : command.creditNoteOn;
      if ([...number].length > 40) fields.push(tooLong('creditNoteNumber', 40));
      if (number !== '' && on === null) fields.push({ path: 'creditNoteOn', code: 'errors:field.required' });
      else if (on !== null && !isBusinessDate(on)) fields.push({ path: 'creditNoteOn', code: 'purchasing:error.date' });
      else if (on !== null && on > unit.today)
        fields.push({ path: 'creditNoteOn', code: 'purchasing:error.invoice_future' });
      if (fields.length > 0) throw invalid('errors:form', {}, fields);
      const creditNoteNumber = number === '' ? null : number;
      await unit.update(purchaseReturn, row.id, { creditNoteNumber, creditNoteOn: on }, row.version);
      await auditReturn(unit, row, creditNoteNumber ? 'credit_note' : 'no_credit_note', { invoice: number });
      return { creditNoteNumber };
    },
    options,
  );
}
