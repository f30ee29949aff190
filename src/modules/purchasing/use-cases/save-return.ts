import { emptyToNull, type FieldProblem, invalid, normaliseName, stale } from '../../../kernel';
import { sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { getStore, locationsOf } from '../../organization';
import { assertReturnDraft, lockReturn } from '../store/return.store';
import { purchaseReturn, type ReturnRow } from '../store/return.table';
import { supplier } from '../store/supplier.table';
import { cleanNote, tooLong } from './receipt-header';

export const EDIT_RETURNS = 'purchasing.return.edit';

export interface ReturnHeader {
  reason: string;
  /** The supplier sends others in their place. */
  exchange: boolean;
  note: string | null;
}

export interface CreateReturn extends ReturnHeader {
  supplierId: number;
  storeId: number;
  locationId: number;
}

export interface ReturnMade {
  id: number;
  number: string;
}

/** Opens an empty draft. From where goods leave, and to whom, stays as it is then: the scans were checked against it. */
export function createReturn(
  uow: UnitOfWork,
  actor: Actor,
  command: CreateReturn,
  options?: RunOptions,
): Promise<ReturnMade> {
  authorise(actor, EDIT_RETURNS, command.storeId);
  return uow.run(
    actor,
    async (unit) => {
      const fields: FieldProblem[] = [];
      const party = await unit.get(supplier, command.supplierId);
      if (!party) fields.push({ path: 'supplierId', code: 'purchasing:error.supplier_unknown' });
      const store = await getStore(unit, command.storeId);
      const place = (await locationsOf(unit, store.id)).find(({ id }) => id === command.locationId);
      if (!place) fields.push({ path: 'locationId', code: 'purchasing:error.location' });
      const header = checkedReturnHeader(command, fields);
      const row: ReturnRow = {
        id: unit.takeIds(purchaseReturn),
        number: unit.documentNumber('CT', store.code, unit.today),
        supplierId: command.supplierId,
        storeId: store.id,
        locationId: command.locationId,
        businessDate: unit.today,
        state: 'draft',
        ...header,
        lineCount: 0,
        quantity: 0,
        foreignPieces: 0,
        grossFen: 0,
        taxFen: 0,
        costFen: null,
        createdAt: unit.now,
        createdBy: unit.actor.userId,
        createdByName: unit.actor.name,
        postedAt: null,
        reversedAt: null,
        reversalNumber: null,
        reversalReason: null,
        creditNoteNumber: null,
        creditNoteOn: null,
        version: 1,
      };
      await unit.insert(purchaseReturn, [row]);
      await auditReturn(unit, row, 'create', { supplierId: row.supplierId, reason: row.reason });
      return { id: row.id, number: row.number };
    },
    options,
  );
}

export function changeReturn(
  uow: UnitOfWork,
  actor: Actor,
  command: ReturnHeader & { returnId: number; version: number },
  options?: RunOptions,
): Promise<ReturnMade> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockDraft(unit, actor, command);
      const header = checkedReturnHeader(command, []);
      await unit.update(purchaseReturn, row.id, header, row.version);
      await auditReturn(unit, row, 'edit', { reason: header.reason });
      return { id: row.id, number: row.number };
    },
    options,
  );
}

/** Deletes a draft with its lines and scans; nothing of it is in the books. Its number is not used again. */
export function deleteReturn(
  uow: UnitOfWork,
  actor: Actor,
  command: { returnId: number; version: number },
  options?: RunOptions,
): Promise<ReturnMade> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockDraft(unit, actor, command);
      await unit.execute(sql`DELETE FROM purchase_return_device WHERE return_id = ${row.id}`);
      await unit.execute(sql`DELETE FROM purchase_return_line WHERE return_id = ${row.id}`);
      await unit.execute(sql`DELETE FROM purchase_return WHERE id = ${row.id}`);
      await auditReturn(unit, row, 'delete', { supplierId: row.supplierId, quantity: row.quantity });
      return { id: row.id, number: row.number };
    },
    options,
  );
}

/** A draft that the actor may change, locked; `version`: as the page showed it. */
export async function lockDraft(
  unit: Unit,
  actor: Actor,
  { returnId, version }: { returnId: number; version?: number | undefined },
): Promise<ReturnRow> {
  const row = await lockReturn(unit, returnId);
  authorise(actor, EDIT_RETURNS, row.storeId);
  assertReturnDraft(row);
  if (version !== undefined && row.version !== version) throw stale();
  return row;
}

function checkedReturnHeader(header: ReturnHeader, fields: FieldProblem[]): ReturnHeader {
  const reason = normaliseName(header.reason);
  if (reason === '') fields.push({ path: 'reason', code: 'errors:field.required' });
  if ([...reason].length > 200) fields.push(tooLong('reason', 200));
  const note = emptyToNull(cleanNote(header.note ?? ''));
  if ([...(note ?? '')].length > 400) fields.push(tooLong('note', 400));
  if (fields.length > 0) throw invalid('errors:form', {}, fields);
  return { reason, exchange: header.exchange, note };
}

export const auditReturn = (
  unit: Unit,
  { id, number, storeId }: Pick<ReturnRow, 'id' | 'number' | 'storeId'>,
  action: string,
  detail: Record<string, unknown>,
): Promise<void> =>
  unit.audit({
    action: `purchasing.return.${action}`,
    subjectType: 'purchasing.return',
    subjectId: id,
    storeId,
    detail: { number, ...detail },
  });
