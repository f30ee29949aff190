import { clearOrphans } from '../../../platform/attachments';
import { sealAudit } from '../../../platform/audit';
import { endGrants } from '../../../platform/auth';
import { sql } from '../../../platform/database';
import { clearImports } from '../../../platform/imports';
import type { Job } from '../../../platform/modules';
import { readParameters } from '../queries/parameters';

const DAY_MS = 24 * 3_600_000;
const KEEP_ATTEMPTS_MS = 2 * DAY_MS;
const KEEP_LINKS_MS = 30 * DAY_MS;

export const maintenanceJobs: readonly Job[] = [
  {
    id: 'administration.end-rights',
    schedule: '* * * * *',
    run: async ({ uow }) => void (await endGrants(uow)),
  },
  {
    id: 'administration.seal-audit',
    schedule: '* * * * *',
    run: async (services) => void (await sealAudit(services)),
  },
  {
    id: 'administration.seal-audit-fully',
    schedule: '20 3 * * *',
    run: async (services) => void (await sealAudit(services, { full: true })),
  },
  {
    id: 'administration.tidy-up',
    schedule: '40 3 * * *',
    run: async ({ uow }, actor) => {
      const deletions = (now: number) => [
        sql`DELETE FROM session WHERE expires_at < ${now}`,
        sql`DELETE FROM sign_in_attempt WHERE last_failed_at < ${now - KEEP_ATTEMPTS_MS}`,
        sql`DELETE FROM one_time_link WHERE expires_at < ${now - KEEP_LINKS_MS}`,
      ];
      for (let index = 0; index < deletions(0).length; index++)
        await uow.run(actor, async (unit) => {
          const deletion = deletions(unit.now)[index];
          if (deletion) await unit.execute(deletion);
        });
    },
  },
  {
    id: 'administration.clear-files',
    schedule: '50 3 * * *',
    run: async (services, actor) => {
      const { keepImportFilesDays, keepRemovedFilesDays } = await readParameters(services.database.read);
      const now = services.clock();
      const imports = await clearImports(services, actor, now - keepImportFilesDays * DAY_MS);
      const attachments = await clearOrphans(services, now - keepRemovedFilesDays * DAY_MS);
      if (imports + attachments > 0) services.log.info({ imports, attachments }, 'files were cleared away');
    },
  },
];
