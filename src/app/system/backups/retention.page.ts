import { isDomainError } from '../../../kernel';
import { backupFileName } from '../../../platform/backup';
import { backupTime, type KeepReason, planRetention } from '../../../platform/backup-targets';
import type { Ctx } from '../../../platform/http';
import type { Message, Table } from '../../../platform/views';
import { openTargets, SERIES } from '../../backup';
import { BACKUPS, failureWords } from './backup-words';

export interface RetentionPage {
  head: { title: string; say: string; crumbs: { href: string; label: string }[] };
  targets: { title: string; say: string; message: Message | null; table: Table | null }[];
}

/** What lies on each target now, and what will be removed after the next backup there. */
export async function retentionPage(ctx: Ctx): Promise<RetentionPage> {
  const { t, services } = ctx;
  const { keep } = services.config.backup;
  const targets = openTargets(services.config);
  try {
    return {
      head: {
        title: t('backups:retention.title'),
        say: t('backups:retention.say', { ...keep }),
        crumbs: [{ href: BACKUPS, label: t('backups:title') }],
      },
      targets: await Promise.all(
        targets.map(async (target) => {
          try {
            const files = await target.list();
            return { title: target.id, message: null, ...planTable(ctx, target.id, files) };
          } catch (error) {
            if (!isDomainError(error)) throw error;
            const { found, remedy } = failureWords(ctx, error);
            return {
              title: target.id,
              say: target.place,
              message: { tone: 'bad' as const, title: found, text: remedy },
              table: null,
            };
          }
        }),
      ),
    };
  } finally {
    await Promise.allSettled(targets.map((target) => target.close()));
  }
}

function planTable(
  ctx: Ctx,
  target: string,
  files: readonly { name: string; bytes: number }[],
): { say: string; table: Table | null } {
  const { t, f, services } = ctx;
  if (files.length === 0) return { say: t('backups:retention.none'), table: null };
  // As it will be once there is one more: the one that is made now.
  const next = backupFileName({ company: SERIES, createdAt: ctx.now, schema: '0', encrypted: true });
  const plan = planRetention(
    [...files.map(({ name }) => name), next],
    next,
    services.config.backup.keep,
    services.timeZone,
  );
  const reasons = new Map<string, KeepReason[]>(plan.keep.map((entry) => [entry.name, entry.reasons]));
  const rows = [...files].sort((a, b) => backupTime(b.name) - backupTime(a.name));
  return {
    say: t('backups:retention.count', { count: files.length, removed: plan.remove.length }),
    table: {
      id: `retention-${target}`,
      caption: target,
      columns: [
        { key: 'at', label: t('backups:startedAt'), card: 'title', keep: true },
        { key: 'state', label: t('backups:retention.what'), card: 'state' },
        { key: 'why', label: t('backups:retention.why'), card: 'number' },
        { key: 'size', label: t('backups:size'), num: true, card: 'number' },
        { key: 'name', label: t('backups:name'), card: 'full' },
      ],
      rows: rows.map(({ name, bytes }) => {
        const kept = reasons.get(name);
        return {
          id: name,
          cells: [
            f.dateTime(backupTime(name)),
            {
              state: kept
                ? { tone: 'ok' as const, text: t('backups:retention.stays') }
                : { tone: 'hold' as const, text: t('backups:retention.goes') },
            },
            kept?.map((reason) => t(`backups:reason.${reason}`)).join(t('backups:comma')) ?? '',
            f.fileSize(bytes),
            { text: name, muted: true },
          ],
        };
      }),
    },
  };
}
