import type { Actor } from '../../platform/permissions';
import type { UnitOfWork } from '../../platform/unit-of-work';
import { programUpgrade } from './tables';

export interface RecordedUpgrade {
  from: string;
  to: string;
  /** `done`: the new version is in force; `rolled-back`: it failed; `back`: somebody went back to the version before. */
  outcome: 'done' | 'rolled-back' | 'back';
  /** Somebody went on although nobody we know signed the package. */
  unsignedAllowed: boolean;
}

/** What the database keeps of an upgrade. Twice is once: an interrupted run is finished by another one. */
export async function recordUpgrade(uow: UnitOfWork, actor: Actor, record: RecordedUpgrade): Promise<void> {
  const { from, to, outcome, unsignedAllowed } = record;
  await uow.run(actor, async (unit) => {
    const known = await unit.find(programUpgrade, { fromVersion: from, toVersion: to });
    if (outcome === 'done') {
      if (known.length > 0) return;
      const row = { id: unit.takeIds(programUpgrade), fromVersion: from, toVersion: to };
      await unit.insert(programUpgrade, [{ ...row, finishedAt: unit.now, byName: actor.name.slice(0, 80) }]);
      if (unsignedAllowed) await unit.audit({ action: 'system.upgrade.allow_unsigned', detail: { version: to } });
      await unit.audit({ action: 'system.upgrade.finish', detail: { from, to } });
    } else if (outcome === 'back') await unit.audit({ action: 'system.upgrade.back', detail: { from, to } });
    else await unit.audit({ action: 'system.upgrade.fail', detail: { from, to } });
  });
}
