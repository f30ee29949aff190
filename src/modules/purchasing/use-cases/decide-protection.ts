import { invalid } from '../../../kernel';
import type { Actor } from '../../../platform/permissions';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import { protectionDevicesOf, replaceDevices, writeProtection } from '../store/protection.store';
import { protection } from '../store/protection.table';
import { checkedReason } from './decide-order';
import { judgedRows } from './judged-rows';
import { auditProtection, EDIT_PROTECTIONS, lockForStep } from './save-protection';

interface Step {
  claimId: number;
  /** As the page showed it. */
  version: number;
}

/** Fixes the list, judged once more, for the sheet that goes to the supplier. Nothing is booked. */
export function submitProtection(
  uow: UnitOfWork,
  actor: Actor,
  command: Step,
  options?: RunOptions,
): Promise<{ covered: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockForStep(unit, actor, command, EDIT_PROTECTIONS, 'submit');
      const devices = await judgedRows(unit, row, await protectionDevicesOf(unit, row.id));
      const covered = devices.filter(({ coverage }) => coverage !== 'none').length;
      if (covered === 0) throw invalid('purchasing:error.protection_nothing');
      await replaceDevices(unit, row.id, devices);
      await writeProtection(unit, row, devices, {
        state: 'submitted',
        submittedAt: unit.now,
        submittedOn: unit.today,
      });
      await auditProtection(unit, row, 'submit', { count: covered });
      return { covered };
    },
    options,
  );
}

/** Takes a submitted claim back to be changed. */
export function recallProtection(
  uow: UnitOfWork,
  actor: Actor,
  command: Step,
  options?: RunOptions,
): Promise<{ id: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockForStep(unit, actor, command, EDIT_PROTECTIONS, 'recall');
      await unit.update(protection, row.id, { state: 'draft', submittedAt: null, submittedOn: null }, row.version);
      await auditProtection(unit, row, 'recall', {});
      return { id: row.id };
    },
    options,
  );
}

/** The supplier pays nothing: the claim ends, and its devices may stand in another one. */
export function refuseProtection(
  uow: UnitOfWork,
  actor: Actor,
  { reason: text, ...command }: Step & { reason: string },
  options?: RunOptions,
): Promise<{ id: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockForStep(unit, actor, command, EDIT_PROTECTIONS, 'refuse');
      const reason = checkedReason(text);
      const changes = { state: 'refused' as const, refusalReason: reason, closedAt: unit.now };
      await unit.update(protection, row.id, changes, row.version);
      await auditProtection(unit, row, 'refuse', { reason });
      return { id: row.id };
    },
    options,
  );
}
