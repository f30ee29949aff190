import { DomainError, type FieldProblem, invalid } from '../../../kernel';
import { deviceEvent, deviceIdentifier, devicesFor, post, reverse } from '../../../ledger';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { getStore } from '../../organization';
import type { NumberLine } from '../domain/number-change';
import { numberProblems } from '../domain/number-check';
import { numberPosting } from '../domain/number-posting';
import { knownForNumbers } from '../queries/known-for-numbers';
import { asNumberLine, lockNumberChange, numberLines, numberStateAfter } from '../store/number-change.store';
import { numberChange, type NumberChangeRow } from '../store/number-change.table';
import { auditNumbers } from './create-number-change';
import { NUMBER_PERMISSION } from './number-lines';

export interface NumberStep {
  id: number;
  /** As the page showed it: what is posted is what was seen. */
  version: number;
}

/**
 * Puts the new numbers into the books. Everything is looked at again with the devices locked: a line that does not hold any
 * more is named and nothing is posted (409). The unique index of active numbers decides between two at the same moment.
 */
export function postNumberChange(
  uow: UnitOfWork,
  actor: Actor,
  { id, version }: NumberStep,
  options?: RunOptions,
): Promise<{ number: string }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockNumberChange(unit, id);
      authorise(actor, NUMBER_PERMISSION, row.storeId);
      const state = numberStateAfter(row, 'post', version);
      const lines = (await numberLines(unit, id)).map(asNumberLine);
      if (lines.length === 0) throw invalid('inventory:error.number_nothing');
      const ids = [...new Set(lines.map(({ deviceId }) => deviceId))];
      unit.needIds(deviceEvent, ids.length);
      unit.needIds(deviceIdentifier, lines.length);
      const devices = await devicesFor(unit, ids);
      await requireTrue(unit, row, lines);
      const document = {
        type: 'inventory.number',
        id,
        number: row.number,
        businessDate: unit.today,
        storeId: row.storeId,
      };
      await post(unit, numberPosting(document, { reason: row.reason, lines, devices }));
      await unit.update(numberChange, id, { state, businessDate: unit.today, postedAt: unit.now }, version);
      await auditNumbers(unit, row, 'post', { reason: row.reason, devices: ids.length, lines: lines.length });
      return { number: row.number };
    },
    options,
  );
}

async function requireTrue(unit: Unit, row: NumberChangeRow, lines: readonly NumberLine[]): Promise<void> {
  const problems = numberProblems(lines, await knownForNumbers(unit, row.storeId, lines));
  if (problems.size === 0) return;
  const fields = [...problems].slice(0, 20).map(([index, problem]): FieldProblem => {
    const line = lines[index];
    const details = { before: line?.before?.value ?? '', after: line?.after?.value ?? '' };
    return { path: `line.${index + 1}`, code: `inventory:number.problem.${problem}`, details };
  });
  throw new DomainError('inventory:error.number_changed', { status: 409, details: { count: problems.size }, fields });
}

/** Red-letters it, dated today: each device has the numbers it had before, while nothing later depends on it. */
export function reverseNumberChange(
  uow: UnitOfWork,
  actor: Actor,
  { id, version }: NumberStep,
  options?: RunOptions,
): Promise<{ number: string }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockNumberChange(unit, id);
      authorise(actor, 'inventory.number.reverse', row.storeId);
      const state = numberStateAfter(row, 'reverse', version);
      const store = await getStore(unit, row.storeId);
      const number = unit.documentNumber('GZ', store.code, unit.today);
      const document = { type: 'inventory.number', id, storeId: row.storeId };
      await reverse(unit, document, { ...document, number, businessDate: unit.today });
      await unit.update(numberChange, id, { state, reversalNumber: number }, version);
      await auditNumbers(unit, row, 'reverse', { reversalNumber: number });
      return { number };
    },
    options,
  );
}
