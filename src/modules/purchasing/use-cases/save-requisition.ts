import { emptyToNull, type FieldProblem, invalid, isBusinessDate, normaliseName, stale } from '../../../kernel';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { getStore } from '../../organization';
import { assertRequisitionDraft, lockRequisition } from '../store/requisition.store';
import { requisition, type RequisitionRow } from '../store/requisition.table';
import { tooLong } from './receipt-header';

export const EDIT_REQUISITIONS = 'purchasing.requisition.edit';

export interface RequisitionHeader {
  wantedOn: string | null;
  reason: string | null;
}

export interface CreateRequisition extends RequisitionHeader {
  storeId: number;
}

export interface RequisitionCreated {
  id: number;
  number: string;
}

/** Opens an empty draft. */
export function createRequisition(
  uow: UnitOfWork,
  actor: Actor,
  command: CreateRequisition,
  options?: RunOptions,
): Promise<RequisitionCreated> {
  authorise(actor, EDIT_REQUISITIONS, command.storeId);
  return uow.run(
    actor,
    async (unit) => {
      const { id, number } = await addRequisition(unit, command);
      return { id, number };
    },
    options,
  );
}

/** For a larger unit of work; the caller has authorised it. */
export async function addRequisition(unit: Unit, command: CreateRequisition): Promise<RequisitionRow> {
  const store = await getStore(unit, command.storeId);
  const header = checkHeader(unit, command);
  const row: RequisitionRow = {
    id: unit.takeIds(requisition),
    number: unit.documentNumber('QG', store.code, unit.today),
    storeId: store.id,
    requestedOn: unit.today,
    ...header,
    state: 'draft',
    lineCount: 0,
    quantity: 0,
    createdAt: unit.now,
    createdBy: unit.actor.userId,
    createdByName: unit.actor.name,
    submittedAt: null,
    decidedAt: null,
    decidedByName: null,
    endReason: null,
    version: 1,
  };
  await unit.insert(requisition, [row]);
  await auditRequisition(unit, row, 'create');
  return row;
}

export interface ChangeRequisition extends RequisitionHeader {
  requisitionId: number;
  /** As the page showed it. */
  version: number;
}

/** Changes what stands above the lines of a draft; the store stays. */
export function changeRequisition(
  uow: UnitOfWork,
  actor: Actor,
  command: ChangeRequisition,
  options?: RunOptions,
): Promise<{ id: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockRequisition(unit, command.requisitionId);
      authorise(actor, EDIT_REQUISITIONS, row.storeId);
      assertRequisitionDraft(row);
      if (row.version !== command.version) throw stale();
      await unit.update(requisition, row.id, checkHeader(unit, command, row), row.version);
      await auditRequisition(unit, row, 'edit');
      return { id: row.id };
    },
    options,
  );
}

/** A wish for a day before the requisition is none; a draft may have grown older than its day. */
function checkHeader(unit: Unit, header: RequisitionHeader, present?: RequisitionRow): RequisitionHeader {
  const { wantedOn } = header;
  const fields: FieldProblem[] = [];
  if (wantedOn !== null && !isBusinessDate(wantedOn))
    fields.push({ path: 'wantedOn', code: 'errors:date.format', details: { text: wantedOn.slice(0, 40) } });
  else if (wantedOn !== null && wantedOn < (present?.requestedOn ?? unit.today))
    fields.push({ path: 'wantedOn', code: 'purchasing:error.wanted_before' });
  const reason = emptyToNull(normaliseName(header.reason ?? ''));
  if ([...(reason ?? '')].length > 200) fields.push(tooLong('reason', 200));
  if (fields.length > 0) throw invalid('errors:form', {}, fields);
  return { wantedOn, reason };
}

/** The words of each action: `purchasing:audit.requisition.<what>`. */
export type RequisitionAction =
  | 'create'
  | 'edit'
  | 'add_lines'
  | 'edit_lines'
  | 'submit'
  | 'withdraw'
  | 'approve'
  | 'reject'
  | 'revise'
  | 'cancel'
  | 'order'
  | 'close';

export async function auditRequisition(
  unit: Unit,
  row: Pick<RequisitionRow, 'id' | 'storeId' | 'number'>,
  what: RequisitionAction,
  detail: Record<string, unknown> = {},
): Promise<void> {
  await unit.audit({
    action: `purchasing.requisition.${what}`,
    subjectType: 'purchasing.requisition',
    subjectId: row.id,
    storeId: row.storeId,
    detail: { number: row.number, ...detail },
  });
}
