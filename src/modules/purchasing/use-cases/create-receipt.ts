import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { getStore } from '../../organization';
import { receipt, type ReceiptRow } from '../store/receipt.table';
import { checkHeader, type ReceiptHeader } from './receipt-header';

export interface CreateReceipt extends ReceiptHeader {
  storeId: number;
}

export interface ReceiptCreated {
  id: number;
  number: string;
}

/** Opens an empty draft. */
export function createReceipt(
  uow: UnitOfWork,
  actor: Actor,
  command: CreateReceipt,
  options?: RunOptions,
): Promise<ReceiptCreated> {
  authorise(actor, 'purchasing.receipt.create', command.storeId);
  return uow.run(
    actor,
    async (unit) => {
      const { id, number } = await addReceipt(unit, command);
      return { id, number };
    },
    options,
  );
}

export async function addReceipt(unit: Unit, command: CreateReceipt): Promise<ReceiptRow> {
  const store = await getStore(unit, command.storeId);
  const { supplier, location, businessDate, deliveryNote, note } = await checkHeader(unit, store.id, command);
  const row: ReceiptRow = {
    id: unit.takeIds(receipt),
    number: unit.documentNumber('RK', store.code, businessDate),
    supplierId: supplier.id,
    storeId: store.id,
    locationId: location.id,
    businessDate,
    deliveryNote,
    withInvoice: command.withInvoice,
    state: 'draft',
    lineCount: 0,
    quantity: 0,
    received: 0,
    netFen: 0,
    taxFen: 0,
    grossFen: 0,
    createdAt: unit.now,
    createdBy: unit.actor.userId,
    postedAt: null,
    postedBy: null,
    reversedAt: null,
    reversedBy: null,
    reversalNumber: null,
    reversalReason: null,
    note,
    blind: command.blind ?? false,
    version: 1,
  };
  await unit.insert(receipt, [row]);
  await unit.audit({
    action: 'purchasing.receipt.create',
    subjectType: 'purchasing.receipt',
    subjectId: row.id,
    storeId: store.id,
    detail: { number: row.number, supplierId: supplier.id },
  });
  return row;
}
