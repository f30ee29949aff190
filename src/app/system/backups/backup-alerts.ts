import type { Config } from '../../../platform/config';
import type { Alert, AlertSource } from '../../../platform/modules';
import { healthOf, hoursWithoutBackup, recentRuns } from '../../backup';
import { BACKUP_VIEW, BACKUPS, durationWords } from './backup-words';

const LOOKED_AT = 12;

/** Missing, late, failing or oddly small, for whoever may see the backups; nothing before the first one is due. */
export const backupAlerts = ({ backup }: Pick<Config, 'backup'>): AlertSource => ({
  permission: BACKUP_VIEW,
  find: async ({ read, t, now }): Promise<Alert[]> => {
    const runs = await recentRuns(read, LOOKED_AT);
    const { late, last, lastGood, shrunkTo } = healthOf(runs, now);
    const alert = (tone: Alert['tone'], key: string, values: Record<string, unknown>, count: string): Alert => ({
      icon: 'alert-triangle',
      tone,
      title: t(`backups:alert.${key}.title`),
      detail: t(`backups:alert.${key}.detail`, values),
      count,
      href: BACKUPS,
    });
    const alerts: Alert[] = [];
    const without = lastGood ? undefined : await hoursWithoutBackup(read, now);
    if (without !== undefined) alerts.push(alert('bad', 'none', { hours: without }, '!'));
    if (backup.targets.length === 0) return alerts;
    if (last?.state === 'failed' || last?.state === 'partly')
      alerts.push(alert('bad', last.state, { places: last.results.filter(({ ok }) => !ok).length }, '!'));
    if (late && lastGood)
      alerts.push(alert('bad', 'late', { age: durationWords({ t }, now - lastGood.startedAt) }, '!'));
    if (shrunkTo !== undefined) alerts.push(alert('hold', 'shrunk', { percent: shrunkTo }, `${shrunkTo}%`));
    return alerts;
  },
});
