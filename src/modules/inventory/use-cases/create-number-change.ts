import { emptyToNull, invalidField, normaliseName } from '../../../kernel';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { getStore } from '../../organization';
import { NUMBER_REASONS } from '../domain/number-change';
import { lockNumberChange, numberStateAfter } from '../store/number-change.store';
import { numberChange, type NumberChangeRow } from '../store/number-change.table';
import { insertNumberLines, NUMBER_PERMISSION, type NumberEntry, readEntry } from './number-lines';

export interface CreateNumberChange extends NumberEntry {
  reason: string;
  note: string;
}

/** A draft with its first correction; it belongs to the store of that device. Nothing in the books changes yet. */
export function createNumberChange(
  uow: UnitOfWork,
  actor: Actor,
  command: CreateNumberChange,
  options?: RunOptions,
): Promise<{ id: number; number: string }> {
  return uow.run(
    actor,
    async (unit) => {
      const reason = NUMBER_REASONS.find((one) => one === command.reason);
      if (!reason) throw invalidField('reason', 'errors:field.required');
      const note = emptyToNull(normaliseName(command.note));
      if (note && [...note].length > 400) throw invalidField('note', 'errors:field.too_long', { max: 400 });
      if (reason === 'other' && !note) throw invalidField('note', 'inventory:error.number_note');
      const { storeId, lines } = await readEntry(unit, actor, command);
      const store = await getStore(unit, storeId);
      const id = unit.takeIds(numberChange);
      const row: NumberChangeRow = {
        id,
        number: unit.documentNumber('GZ', store.code, unit.today),
        storeId,
        businessDate: unit.today,
        reason,
        note,
        state: 'draft',
        devices: 0,
        lineCount: 0,
        postedAt: null,
        reversalNumber: null,
        createdAt: unit.now,
        createdBy: actor.userId,
        createdByName: actor.name,
        version: 1,
      };
      await unit.insert(numberChange, [row]);
      await insertNumberLines(unit, row, lines);
      await auditNumbers(unit, row, 'create', { reason });
      return { id, number: row.number };
    },
    options,
  );
}

/** A draft that is not wanted any more. */
export function cancelNumberChange(
  uow: UnitOfWork,
  actor: Actor,
  { id, version }: { id: number; version: number },
  options?: RunOptions,
): Promise<{ number: string }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockNumberChange(unit, id);
      authorise(actor, NUMBER_PERMISSION, row.storeId);
      await unit.update(numberChange, id, { state: numberStateAfter(row, 'cancel', version) }, version);
      await auditNumbers(unit, row, 'cancel');
      return { number: row.number };
    },
    options,
  );
}

export const auditNumbers = (
  unit: Unit,
  { id, number, storeId }: Pick<NumberChangeRow, 'id' | 'number' | 'storeId'>,
  what: string,
  detail: Record<string, unknown> = {},
): Promise<void> =>
  unit.audit({
    action: `inventory.number.${what}`,
    subjectType: 'inventory.number',
    subjectId: id,
    storeId,
    detail: { number, ...detail },
  });
