import {
  DomainError,
  emptyToNull,
  type FieldProblem,
  invalid,
  isBusinessDate,
  normaliseCode,
  stale,
} from '../../../kernel';
import { duplicateKey, sql } from '../../../platform/database';
import { dueDate } from '../domain/payment-terms';
import { type Actor, authorise, COST_PERMISSION } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { getStore } from '../../organization';
import { assertInvoiceDraft, invoiceLinesOf, lockInvoice } from '../store/invoice.store';
import { type InvoiceRow, supplierInvoice } from '../store/invoice.table';
import { supplier, type SupplierRow } from '../store/supplier.table';
import { cleanNote, tooLong } from './receipt-header';

export const EDIT_INVOICES = 'purchasing.invoice.edit';

export interface InvoiceHeader {
  /** On the paper. */
  invoiceNumber: string;
  invoicedOn: string;
  /** Null: the supplier's payment days after the date of the invoice. */
  dueOn: string | null;
  /** Tax-inclusive total on the paper. */
  totalFen: number | null;
  deductible: boolean;
  note: string | null;
}

export interface CreateInvoice extends InvoiceHeader {
  supplierId: number;
  storeId: number;
}

export interface InvoiceMade {
  id: number;
  number: string;
}

/** What is on an invoice is cost: who may not see cost in the store has nothing to do with it. */
export function authoriseInvoice(actor: Actor, permission: string, ...storeIds: number[]): void {
  for (const storeId of storeIds) {
    authorise(actor, permission, storeId);
    authorise(actor, COST_PERMISSION, storeId);
  }
}

/** Opens an empty draft. Supplier and store stay as they are then. */
export function createInvoice(
  uow: UnitOfWork,
  actor: Actor,
  command: CreateInvoice,
  options?: RunOptions,
): Promise<InvoiceMade> {
  authoriseInvoice(actor, EDIT_INVOICES, command.storeId);
  return uow.run(actor, (unit) => newInvoice(unit, command), options);
}

/** Inside a unit of the caller, who has checked the rights. */
export async function newInvoice(unit: Unit, command: CreateInvoice): Promise<InvoiceMade> {
  const party = await unit.get(supplier, command.supplierId);
  const header = await checkedHeader(unit, command, party);
  const store = await getStore(unit, command.storeId);
  const row: InvoiceRow = {
    id: unit.takeIds(supplierInvoice),
    number: unit.documentNumber('FP', store.code, unit.today),
    supplierId: command.supplierId,
    storeId: store.id,
    businessDate: unit.today,
    state: 'draft',
    ...header,
    lineCount: 0,
    quantity: 0,
    grossFen: 0,
    taxFen: 0,
    beyondLines: 0,
    accruedFen: null,
    heldFen: null,
    adjustedFen: null,
    createdAt: unit.now,
    createdBy: unit.actor.userId,
    createdByName: unit.actor.name,
    submittedAt: null,
    submittedBy: null,
    approvedAt: null,
    approvedByName: null,
    postedAt: null,
    reversedAt: null,
    reversalNumber: null,
    reversalReason: null,
    version: 1,
  };
  await onceOnly(row, () => unit.insert(supplierInvoice, [row]));
  await auditInvoice(unit, row, 'create', { supplierId: row.supplierId, invoice: row.invoiceNumber });
  return { id: row.id, number: row.number };
}

export function changeInvoice(
  uow: UnitOfWork,
  actor: Actor,
  command: InvoiceHeader & { invoiceId: number; version: number },
  options?: RunOptions,
): Promise<InvoiceMade> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockInvoiceDraft(unit, actor, command);
      const party = await unit.get(supplier, row.supplierId);
      const header = await checkedHeader(unit, { ...command, supplierId: row.supplierId }, party, row.id);
      await onceOnly({ ...row, ...header }, () => unit.update(supplierInvoice, row.id, header, row.version));
      await auditInvoice(unit, row, 'edit', { invoice: header.invoiceNumber });
      return { id: row.id, number: row.number };
    },
    options,
  );
}

/** Deletes a draft with its lines; nothing of it is in the books. Its number is not used again. */
export function deleteInvoice(
  uow: UnitOfWork,
  actor: Actor,
  command: { invoiceId: number; version: number },
  options?: RunOptions,
): Promise<InvoiceMade> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockInvoiceDraft(unit, actor, command);
      await unit.execute(sql`DELETE FROM supplier_inv_line WHERE invoice_id = ${row.id}`);
      await unit.execute(sql`DELETE FROM supplier_invoice WHERE id = ${row.id}`);
      await auditInvoice(unit, row, 'delete', { supplierId: row.supplierId, invoice: row.invoiceNumber });
      return { id: row.id, number: row.number };
    },
    options,
  );
}

/** A draft that the actor may change, locked; `version`: as the page showed it. */
export async function lockInvoiceDraft(
  unit: Unit,
  actor: Actor,
  { invoiceId, version }: { invoiceId: number; version?: number | undefined },
): Promise<InvoiceRow> {
  const row = await lockInvoice(unit, invoiceId);
  const lines = await invoiceLinesOf(unit, row.id);
  authoriseInvoice(actor, EDIT_INVOICES, row.storeId, ...new Set(lines.map(({ storeId }) => storeId)));
  assertInvoiceDraft(row);
  if (version !== undefined && row.version !== version) throw stale();
  return row;
}

type CheckedHeader = Pick<
  InvoiceRow,
  'invoiceNumber' | 'activeKey' | 'deductible' | 'invoicedOn' | 'dueOn' | 'totalFen' | 'note'
>;

async function checkedHeader(
  unit: Unit,
  header: InvoiceHeader & { supplierId: number },
  party: SupplierRow | undefined,
  ownId = 0,
): Promise<CheckedHeader> {
  const fields: FieldProblem[] = [];
  if (!party) fields.push({ path: 'supplierId', code: 'purchasing:error.supplier_unknown' });
  // People leave gaps between the groups of digits, or do not.
  const invoiceNumber = normaliseCode(header.invoiceNumber).replace(/\s/g, '');
  if (invoiceNumber === '') fields.push({ path: 'invoiceNumber', code: 'errors:field.required' });
  if ([...invoiceNumber].length > 40) fields.push(tooLong('invoiceNumber', 40));
  const { invoicedOn, totalFen, deductible } = header;
  if (!isBusinessDate(invoicedOn)) fields.push({ path: 'invoicedOn', code: 'purchasing:error.date' });
  else if (invoicedOn > unit.today) fields.push({ path: 'invoicedOn', code: 'purchasing:error.invoice_future' });
  const dueOn = header.dueOn ?? (isBusinessDate(invoicedOn) ? dueDate(invoicedOn, party) : '');
  if (header.dueOn !== null && !isBusinessDate(dueOn)) fields.push({ path: 'dueOn', code: 'purchasing:error.date' });
  else if (dueOn < invoicedOn) fields.push({ path: 'dueOn', code: 'purchasing:error.due_before' });
  if (totalFen === null) fields.push({ path: 'total', code: 'errors:field.required' });
  else if (totalFen < 0) fields.push({ path: 'total', code: 'purchasing:error.price' });
  const note = emptyToNull(cleanNote(header.note ?? ''));
  if ([...(note ?? '')].length > 400) fields.push(tooLong('note', 400));
  const activeKey = `${header.supplierId}/${invoiceNumber}`;
  const known = fields.some(({ path }) => path === 'invoiceNumber')
    ? undefined
    : (await unit.find(supplierInvoice, { activeKey })).find(({ id }) => id !== ownId);
  if (known)
    fields.push({ path: 'invoiceNumber', code: 'purchasing:error.invoice_twice', details: { ...told(known) } });
  if (fields.length > 0) throw invalid('errors:form', {}, fields);
  return { invoiceNumber, activeKey, deductible, invoicedOn, dueOn, totalFen: totalFen ?? 0, note };
}

const told = ({ number, invoiceNumber }: InvoiceRow) => ({ number, invoice: invoiceNumber });

/** Two people enter the same invoice at the same moment: the second is told, as who comes later is. */
async function onceOnly(row: InvoiceRow, write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!duplicateKey(error)) throw error;
    const details = { number: '', invoice: row.invoiceNumber };
    throw new DomainError('errors:form', {
      fields: [{ path: 'invoiceNumber', code: 'purchasing:error.invoice_twice_now', details }],
      cause: error,
    });
  }
}

export const auditInvoice = (
  unit: Unit,
  { id, number, storeId }: Pick<InvoiceRow, 'id' | 'number' | 'storeId'>,
  action: string,
  detail: Record<string, unknown> = {},
): Promise<void> =>
  unit.audit({
    action: `purchasing.invoice.${action}`,
    subjectType: 'purchasing.invoice',
    subjectId: id,
    storeId,
    detail: { number, ...detail },
  });
