import { alarm } from '../../alarms';
import { NOTIFICATION_VIEW } from '../../notifications';
import { sql } from '../../../platform/database';
import type { Alert, AlertSource } from '../../../platform/modules';
import type { NotifyEvent } from '../../../platform/notify';
import { NOTIFICATIONS } from './notifications.page';

const DAY_MS = 86_400_000;
/** What has no alert of its own on the home page. */
const SHOWN: readonly NotifyEvent[] = ['ledger-failed', 'disk-low', 'certificate-expiring', 'job-failed'];

export const notificationAlerts: AlertSource = {
  permission: NOTIFICATION_VIEW,
  find: async ({ read, t, now }): Promise<Alert[]> => {
    const row = await read.one<{ lost: number }>(
      sql`SELECT COUNT(*) AS lost FROM notification WHERE state = ${'failed'} AND created_at > ${now - DAY_MS}`,
    );
    const lost = Number(row?.lost ?? 0);
    const alerts = (await read.find(alarm, {}))
      .filter(({ event }) => SHOWN.includes(event))
      .map(({ event, details: { values, names, href } }): Alert => {
        const said = Object.fromEntries(Object.entries(names).map(([name, key]) => [name, t(key)]));
        const title = t(`notifications:event.${event}.title`, { ...values, ...said });
        return {
          icon: 'alert-triangle',
          tone: 'bad',
          title,
          detail: t('notifications:alert.detail'),
          count: '!',
          href,
        };
      });
    if (lost > 0) {
      const title = t('notifications:alert.failed');
      const detail = t('notifications:alert.failedDetail');
      alerts.push({ icon: 'mail', tone: 'hold', title, detail, count: String(lost), href: NOTIFICATIONS });
    }
    return alerts;
  },
};
