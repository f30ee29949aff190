import type { Config } from '../../platform/config';
import type { Job } from '../../platform/modules';
import { recordedBackup, type RecordedOptions } from './recorded-backup';

/** The daily backup; without a target there is nothing to do. `origin` tells who wanted it. */
export function backupJob({ backup }: Pick<Config, 'backup'>, options: Partial<RecordedOptions> = {}): Job {
  const [hour, minute] = backup.at.split(':').map(Number);
  return {
    id: 'system.back-up',
    schedule: `${minute} ${hour} * * *`,
    run: async (services, actor) => {
      if (services.config.backup.targets.length > 0)
        await recordedBackup(services, actor, { origin: 'schedule', ...options });
    },
  };
}
