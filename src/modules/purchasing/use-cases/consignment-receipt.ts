import { emptyToNull, type FieldProblem, invalid } from '../../../kernel';
import { sql } from '../../../platform/database';
import { type Actor, authorise, COST_PERMISSION } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { getStore, locationsByIds } from '../../organization';
import type { ConsignmentKind } from '../domain/consignment';
import { assertDraft, auditConsignment, lockConsignment } from '../store/consignment.store';
import { consignment, type ConsignmentRow } from '../store/consignment.table';
import { supplier, type SupplierRow } from '../store/supplier.table';
import { cleanNote, tooLong } from './receipt-header';

export const EDIT_CONSIGNMENTS = 'purchasing.consignment.edit';

export interface CreateConsignment {
  supplierId: number;
  locationId: number;
  note: string;
}

/** Opens an empty receipt of goods on consignment. */
export function createConsignment(
  uow: UnitOfWork,
  actor: Actor,
  command: CreateConsignment,
  options?: RunOptions,
): Promise<{ id: number; number: string }> {
  return uow.run(
    actor,
    async (unit) => {
      const fields: FieldProblem[] = [];
      const party = await unit.get(supplier, command.supplierId);
      if (!party?.active) fields.push({ path: 'supplierId', code: 'purchasing:error.supplier_unknown' });
      const place = (await locationsByIds(unit, [command.locationId])).get(command.locationId);
      if (!place?.active) fields.push({ path: 'locationId', code: 'purchasing:error.location' });
      const note = checkedNote(command.note, fields);
      if (fields.length > 0 || !place || !party) throw invalid('errors:form', {}, fields);
      authorise(actor, EDIT_CONSIGNMENTS, place.storeId);
      const row = await newConsignment(unit, 'receipt', place.storeId, party, { locationId: place.id, note });
      await unit.insert(consignment, [row]);
      await auditConsignment(unit, row, 'create', {});
      return { id: row.id, number: row.number };
    },
    options,
  );
}

export function checkedNote(text: string, fields: FieldProblem[]): string | null {
  const note = emptyToNull(cleanNote(text));
  if ([...(note ?? '')].length > 400) fields.push(tooLong('note', 400));
  return note;
}

/** A document that is not written yet, with a number of its own. */
export async function newConsignment(
  unit: Unit,
  kind: ConsignmentKind,
  storeId: number,
  { id: supplierId }: SupplierRow,
  more: Partial<ConsignmentRow>,
): Promise<ConsignmentRow> {
  const store = await getStore(unit, storeId);
  return {
    id: unit.takeIds(consignment),
    kind,
    number: unit.documentNumber('DX', store.code, unit.today),
    supplierId,
    storeId,
    locationId: null,
    businessDate: unit.today,
    state: 'draft',
    devices: 0,
    grossFen: 0,
    taxFen: 0,
    untilOn: null,
    dueOn: null,
    invoiceNumber: null,
    note: null,
    createdAt: unit.now,
    createdBy: unit.actor.userId,
    createdByName: unit.actor.name,
    postedAt: null,
    postedByName: null,
    reversalNumber: null,
    version: 1,
    ...more,
  };
}

/** The draft, locked, for who may change it: its prices are cost. */
export async function draftFor(
  unit: Unit,
  actor: Actor,
  { id, version }: { id: number; version: number },
): Promise<ConsignmentRow> {
  const row = await lockConsignment(unit, id, version);
  authorise(actor, EDIT_CONSIGNMENTS, row.storeId);
  authorise(actor, COST_PERMISSION, row.storeId);
  assertDraft(row);
  return row;
}

/** Throws a draft away; its number is not used again. */
export function deleteConsignment(
  uow: UnitOfWork,
  actor: Actor,
  command: { id: number; version: number },
  options?: RunOptions,
): Promise<{ number: string }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockConsignment(unit, command.id, command.version);
      authorise(actor, EDIT_CONSIGNMENTS, row.storeId);
      assertDraft(row);
      await unit.execute(sql`DELETE FROM consigned_device WHERE receipt_id = ${row.id}`);
      await unit.execute(sql`DELETE FROM consignment WHERE id = ${row.id}`);
      await auditConsignment(unit, row, 'delete', { devices: row.devices });
      return { number: row.number };
    },
    options,
  );
}
