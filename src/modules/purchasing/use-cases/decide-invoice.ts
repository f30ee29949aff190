import { DomainError, fen, formatMoney, invalid, stale } from '../../../kernel';
import type { Actor } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { type InvoiceEvent, invoiceMachine, type InvoiceState } from '../domain/invoice-state';
import { invoiceLinesOf, lockInvoice } from '../store/invoice.store';
import { type InvoiceRow, supplierInvoice } from '../store/invoice.table';
import { checkedReason } from './decide-order';
import { auditInvoice, authoriseInvoice, EDIT_INVOICES } from './save-invoice';

export const APPROVE_INVOICES = 'purchasing.invoice.approve';

export interface DecideInvoice {
  invoiceId: number;
  /** As the page showed it: what is decided is what was seen. */
  version: number;
}

type Decided = Promise<{ id: number; state: InvoiceState }>;

/** Locks an invoice of which the actor may do this in every store that it is about. 409 when its state does not know it. */
export async function lockForEvent(
  unit: Unit,
  actor: Actor,
  { invoiceId, version }: DecideInvoice,
  event: InvoiceEvent,
  permission: string,
): Promise<InvoiceRow> {
  const row = await lockInvoice(unit, invoiceId);
  const lines = await invoiceLinesOf(unit, row.id);
  authoriseInvoice(actor, permission, row.storeId, ...new Set(lines.map(({ storeId }) => storeId)));
  if (!invoiceMachine.can(row.state, event))
    throw new DomainError('purchasing:error.invoice_state', { status: 409, details: { number: row.number } });
  if (row.version !== version) throw stale();
  return row;
}

/** Asks for approval of what differs by more than the tolerance. */
export function submitInvoice(uow: UnitOfWork, actor: Actor, command: DecideInvoice, options?: RunOptions): Decided {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockForEvent(unit, actor, command, 'submit', EDIT_INVOICES);
      if (row.lineCount === 0) throw invalid('purchasing:error.invoice_no_lines');
      requireTotal(row);
      const changes = { state: 'submitted' as const, submittedAt: unit.now, submittedBy: actor.userId };
      await unit.update(supplierInvoice, row.id, changes, row.version);
      await auditInvoice(unit, row, 'submit', { lines: row.beyondLines });
      return { id: row.id, state: 'submitted' as const };
    },
    options,
  );
}

/** Back to a draft, to be changed: what was approved has to be approved again. */
export function withdrawInvoice(uow: UnitOfWork, actor: Actor, command: DecideInvoice, options?: RunOptions): Decided {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockForEvent(unit, actor, command, 'withdraw', EDIT_INVOICES);
      await unit.update(supplierInvoice, row.id, DRAFT, row.version);
      await auditInvoice(unit, row, 'withdraw');
      return { id: row.id, state: 'draft' as const };
    },
    options,
  );
}

/** The differences are as agreed with the supplier. */
export function approveInvoice(uow: UnitOfWork, actor: Actor, command: DecideInvoice, options?: RunOptions): Decided {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockForEvent(unit, actor, command, 'approve', APPROVE_INVOICES);
      const changes = { state: 'approved' as const, approvedAt: unit.now, approvedByName: actor.name };
      await unit.update(supplierInvoice, row.id, changes, row.version);
      await auditInvoice(unit, row, 'approve', { lines: row.beyondLines });
      return { id: row.id, state: 'approved' as const };
    },
    options,
  );
}

export function sendBackInvoice(
  uow: UnitOfWork,
  actor: Actor,
  { reason: text, ...command }: DecideInvoice & { reason: string },
  options?: RunOptions,
): Decided {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockForEvent(unit, actor, command, 'sendBack', APPROVE_INVOICES);
      const reason = checkedReason(text);
      await unit.update(supplierInvoice, row.id, DRAFT, row.version);
      await auditInvoice(unit, row, 'send_back', { reason });
      return { id: row.id, state: 'draft' as const };
    },
    options,
  );
}

const DRAFT = {
  state: 'draft' as const,
  submittedAt: null,
  submittedBy: null,
  approvedAt: null,
  approvedByName: null,
};

/** The lines must come to what is on the paper. */
export function requireTotal({ totalFen, grossFen }: InvoiceRow): void {
  if (totalFen !== grossFen)
    throw invalid('purchasing:error.invoice_total', {
      total: formatMoney(fen(totalFen)),
      lines: formatMoney(fen(grossFen)),
      difference: formatMoney(fen(Math.abs(totalFen - grossFen))),
    });
}
