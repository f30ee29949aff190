import { type CreateInvoice, createInvoice, postInvoice, takeReceived } from '../../src/modules/purchasing';
import { supplierInvoice } from '../../src/modules/purchasing/store/invoice.table';
import { type Database, sql } from '../../src/platform/database';
import { type Actor, systemActor } from '../../src/platform/permissions';
import type { UnitOfWork } from '../../src/platform/unit-of-work';

const system = systemActor('test');

/** Ids of the lines of a receipt, in their order. */
export const linesOfReceipt = async (database: Database, receiptId: number): Promise<number[]> =>
  (
    await database.read.all<{ id: number }>(
      sql`SELECT id FROM receipt_line WHERE receipt_id = ${receiptId} ORDER BY line_no`,
    )
  ).map(({ id }) => id);

/** A draft of the first store with what is left of these receipt lines. */
export async function draftInvoice(
  uow: UnitOfWork,
  sample: { storeId: number; supplierId?: number },
  receiptLineIds: readonly number[],
  { actor = system, ...header }: Partial<CreateInvoice> & { actor?: Actor; totalFen: number },
) {
  const made = await createInvoice(uow, actor, {
    supplierId: sample.supplierId ?? 0,
    storeId: sample.storeId,
    invoiceNumber: '24322000000012345678',
    invoicedOn: '2026-11-21',
    dueOn: null,
    deductible: true,
    note: null,
    ...header,
  });
  if (receiptLineIds.length > 0) await takeReceived(uow, actor, { invoiceId: made.id, receiptLineIds });
  return made;
}

export const invoiceVersion = async (database: Database, id: number): Promise<number> =>
  (await database.read.get(supplierInvoice, id))?.version ?? 0;

export const postInvoiceNow = async (database: Database, uow: UnitOfWork, invoiceId: number, actor: Actor = system) =>
  postInvoice(uow, actor, { invoiceId, version: await invoiceVersion(database, invoiceId) });
