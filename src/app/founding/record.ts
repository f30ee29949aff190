import type { Services } from '../../platform/services';
import { founder } from './company';

export interface SetupRecord {
  version: string;
  edition: string;
  way: 'new' | 'repair' | 'reconfigure' | 'upgrade';
  /** Somebody went on although the package is not as it was made. */
  unsignedAllowed: boolean;
  /** Warnings that somebody accepted, by step. */
  accepted: Readonly<Record<string, readonly string[]>>;
}

/** What the audit log keeps of a setup. */
export async function recordSetup({ uow }: Pick<Services, 'uow'>, record: SetupRecord): Promise<void> {
  await uow.run(founder, async (unit) => {
    if (record.unsignedAllowed)
      await unit.audit({
        action: 'system.setup.allow_unsigned',
        subjectType: 'system.setup',
        detail: { version: record.version },
      });
    await unit.audit({ action: 'system.setup.finish', subjectType: 'system.setup', detail: { ...record } });
  });
}
