import { emptyToNull, invalidField, normaliseName } from '../../../kernel';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { getLocation, getStore } from '../../organization';
import { type ChangeKind, isAdjustment, kindOf } from '../domain/change-effect';
import { requireReason, rightOf } from '../queries/change-reasons';
import { changeAfter, lockChange } from '../store/change.store';
import { stockChange, type StockChangeRow } from '../store/change.table';

/** Types of their document numbers. */
export const NUMBERS: Record<ChangeKind, string> = { change: 'ZT', adjustment: 'TZ', scrap: 'BF' };

export interface CreateChange {
  locationId: number;
  reasonId: number;
  note?: string | null;
}

/** A draft that devices are scanned into; nothing in the books changes yet. */
export function createChange(
  uow: UnitOfWork,
  actor: Actor,
  command: CreateChange,
  options?: RunOptions,
): Promise<{ id: number; number: string }> {
  return uow.run(
    actor,
    async (unit) => {
      const location = await getLocation(unit, command.locationId);
      const reason = await requireReason(unit, command.reasonId);
      authorise(actor, rightOf(reason.effect), location.storeId);
      const store = await getStore(unit, location.storeId);
      const note = emptyToNull(normaliseName(command.note ?? ''));
      if (note && [...note].length > 400) throw invalidField('note', 'errors:field.too_long', { max: 400 });
      const id = unit.takeIds(stockChange);
      const number = unit.documentNumber(NUMBERS[kindOf(reason.effect)], store.code, unit.today);
      await unit.insert(stockChange, [
        {
          id,
          number,
          storeId: store.id,
          locationId: location.id,
          businessDate: unit.today,
          effect: reason.effect,
          reasonId: reason.id,
          reasonName: reason.name,
          note,
          state: 'draft',
          devices: 0,
          pieces: 0,
          doubleScans: 0,
          wrongScans: 0,
          postedAt: null,
          reversalNumber: null,
          account: isAdjustment(reason.effect) ? reason.account : null,
          approval: reason.approval,
          amountFen: null,
          netFen: null,
          submission: 0,
          submittedAt: null,
          submittedBy: null,
          approvedAt: null,
          createdAt: unit.now,
          createdBy: actor.userId,
          createdByName: actor.name,
          version: 1,
        },
      ]);
      await auditChange(unit, { id, number, storeId: store.id }, 'create', { reason: reason.name });
      return { id, number };
    },
    options,
  );
}

/** A draft that is not wanted any more. */
export function cancelChange(
  uow: UnitOfWork,
  actor: Actor,
  { id, version }: { id: number; version: number },
  options?: RunOptions,
): Promise<{ number: string }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockChange(unit, id);
      authorise(actor, rightOf(row.effect), row.storeId);
      await unit.update(stockChange, id, { state: changeAfter(row, 'cancel', version) }, version);
      await auditChange(unit, row, 'cancel');
      return { number: row.number };
    },
    options,
  );
}

export const auditChange = (
  unit: Unit,
  { id, number, storeId }: Pick<StockChangeRow, 'id' | 'number' | 'storeId'>,
  what: string,
  detail: Record<string, unknown> = {},
): Promise<void> =>
  unit.audit({
    action: `inventory.change.${what}`,
    subjectType: 'inventory.change',
    subjectId: id,
    storeId,
    detail: { number, ...detail },
  });
