import type { BackupRunRow, RunningProgress } from '../../backup';
import type { Ctx } from '../../../platform/http';
import type { Progress, StatusLabel } from '../../../platform/views';

export const BACKUPS = '/settings/backups';
export const BACKUP_VIEW = 'system.backup.view';
export const BACKUP_MANAGE = 'system.backup.manage';

type Say = Pick<Ctx, 't'>;
interface Failure {
  code: string;
  details: Record<string, unknown>;
}

/** What was found, and what to do where that is known. */
export function failureWords({ t }: Say, { code, details }: Failure): { found: string; remedy: string } {
  const { remedy } = details;
  return { found: t(code, details), remedy: typeof remedy === 'string' ? t(remedy, details) : '' };
}

export function stateLabel({ t }: Say, row: BackupRunRow, alive: boolean): StatusLabel {
  const tones = { running: 'way', ok: 'ok', partly: 'hold', failed: 'bad', cancelled: 'gone' } as const;
  const state = row.state === 'running' && !alive ? 'failed' : row.state;
  return { tone: tones[state], text: t(`backups:state.${state}`) };
}

export function durationWords({ t }: Say, ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return t('backups:duration.seconds', { count: Math.max(1, Math.round(ms / 1000)) });
  if (minutes < 120) return t('backups:duration.minutes', { count: minutes });
  const hours = Math.round(minutes / 60);
  return hours < 48
    ? t('backups:duration.hours', { count: hours })
    : t('backups:duration.days', { count: Math.floor(hours / 24) });
}

/** In kilobytes, or in rows while nothing is sent yet. */
export function progressWords({ t }: Say, now: RunningProgress | null): Pick<Progress, 'label' | 'done' | 'total'> {
  if (!now) return { label: t('backups:progress.begin'), done: 0, total: 0 };
  if (now.step === 'write') return { label: t('backups:progress.write'), done: now.done, total: 0 };
  const label = t(now.step === 'send' ? 'backups:progress.send' : 'backups:progress.readBack', {
    target: now.target ?? '',
  });
  return { label, done: Math.round(now.done / 1024), total: Math.round(now.total / 1024) };
}
