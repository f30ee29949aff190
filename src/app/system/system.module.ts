import { importRun } from '../../platform/imports';
import type { ModuleManifest } from '../../platform/modules';
import { SWITCH_PERMISSION } from '../module-store';
import { CONFIGURATION_PERMISSION } from '../configuration';
import { alarm, nodeReport, verifyBooksJob, watchJob } from '../alarms';
import { backupJob, backupRun, drillJob } from '../backup';
import { MAINTENANCE_PERMISSION, maintenanceTables } from '../maintenance';
import { SUPPORT_BUNDLE, SUPPORT_DIAGNOSE, SUPPORT_MANAGE } from '../support';
import { growthSample } from '../support/growth-sample.table';
import { supportContact } from '../support/support-contact.table';
import { measureGrowthJob } from '../metrics';
import { NOTIFICATION_MANAGE, NOTIFICATION_VIEW } from '../notifications';
import { backupAlerts } from './backups/backup-alerts';
import { BACKUP_MANAGE, BACKUP_VIEW, BACKUPS } from './backups/backup-words';
import { backupRoutes } from './backups/backups.routes';
import { databaseRoutes } from './backups/databases.routes';
import { certificateRoutes } from './certificate.routes';
import { DATA } from './configuration-data.page';
import { configurationDataRoutes } from './configuration-data.routes';
import { CONFIGURATION_VIEW, configurationRoutes } from './configuration.routes';
import { helpRoutes } from './help.routes';
import { DATA_SAFETY_VIEW, dataSafetyRoutes } from '../data-safety/data-safety.routes';
import { RETENTION_MANAGE, retentionJob } from '../data-safety/retention';
import { KEY_MANAGE } from '../keys/keys';
import { privacyRoutes } from '../privacy/privacy.routes';
import { staffPrivacyRoutes } from '../privacy/staff.routes';
import { homeRoutes } from './home.routes';
import { importRoutes } from './imports/imports.routes';
import { jobRoutes } from './jobs.routes';
import { MAINTENANCE, maintenanceAlerts, maintenanceRoutes } from './maintenance.routes';
import { METRICS, METRICS_VIEW } from './metrics/metrics.page';
import { metricsRoutes } from './metrics/metrics.routes';
import { moduleRoutes } from './modules.routes';
import { notificationAlerts } from './notifications/notification-alerts';
import { NOTIFICATIONS } from './notifications/notifications.page';
import { notificationRoutes } from './notifications/notifications.routes';
import { PARAMETER_PERMISSION, parameterRoutes } from './parameters.routes';
import { searchRoutes } from './search.routes';
import { aboutRoutes } from './upgrade/about.routes';
import { UPGRADE, UPGRADE_PERMISSION } from './upgrade/upgrade.page';
import { upgradeRoutes } from './upgrade/upgrade.routes';
import { styleGuideRoutes } from './style-guide.routes';
import { SUPPORT } from './support/support.page';
import { supportRoutes } from './support/support.routes';
import type { SystemPages } from './system-pages';

/** Also for the sample company, which makes the ready-made roles before a server does. */
export const SYSTEM_PERMISSIONS: ModuleManifest['permissions'] = [
  { id: SWITCH_PERMISSION, roles: [] },
  { id: PARAMETER_PERMISSION, roles: ['owner'] },
  { id: CONFIGURATION_VIEW, roles: ['owner', 'auditor'] },
  { id: CONFIGURATION_PERMISSION, roles: ['owner'] },
  { id: BACKUP_VIEW, roles: ['owner', 'auditor'] },
  { id: BACKUP_MANAGE, roles: [] },
  { id: DATA_SAFETY_VIEW, roles: ['owner', 'auditor'] },
  { id: KEY_MANAGE, roles: [] },
  { id: RETENTION_MANAGE, roles: [] },
  { id: MAINTENANCE_PERMISSION, roles: [] },
  { id: NOTIFICATION_VIEW, roles: ['owner', 'auditor'] },
  { id: NOTIFICATION_MANAGE, roles: [] },
  { id: METRICS_VIEW, roles: ['auditor'] },
  { id: SUPPORT_MANAGE, roles: [] },
  { id: SUPPORT_BUNDLE, roles: [] },
  { id: SUPPORT_DIAGNOSE, roles: ['owner', 'auditor'] },
  { id: UPGRADE_PERMISSION, roles: [] },
  { id: 'system.import.view', roles: ['owner', 'manager', 'buyer', 'warehouse', 'accountant'] },
  { id: 'system.style-guide.view', roles: [] },
];

const PARAMETERS = '/settings/parameters';
/** Under 设置, in this order. */
const SETTINGS = [
  ['parameters', PARAMETERS, 'adjustments', PARAMETER_PERMISSION],
  ['data', DATA, 'list-details', CONFIGURATION_VIEW],
  ['configuration', '/settings/configuration', 'history', CONFIGURATION_VIEW],
  ['modules', '/settings/modules', 'power', SWITCH_PERMISSION],
  ['notifications', NOTIFICATIONS, 'bell', NOTIFICATION_VIEW],
  ['backups', BACKUPS, 'database', BACKUP_VIEW],
  ['data-safety', '/settings/data-safety', 'shield-lock', DATA_SAFETY_VIEW],
  ['maintenance', MAINTENANCE, 'tool', MAINTENANCE_PERMISSION],
  ['upgrade', UPGRADE, 'upload', UPGRADE_PERMISSION],
] as const;

/** The pages that belong to no module of the business: home, search, alerts, help, module switches, style guide. */
export function systemModule(pages: SystemPages): ModuleManifest {
  const jobs = [
    { id: 'system.retention', schedule: '45 3 * * *', run: retentionJob },
    backupJob(pages.config),
    drillJob,
    watchJob,
    verifyBooksJob(pages.modules),
    measureGrowthJob,
  ];
  return {
    name: 'system',
    core: true,
    needs: [],
    tables: [importRun, backupRun, ...maintenanceTables, alarm, nodeReport, supportContact, growthSample],
    jobs,
    alerts: [backupAlerts(pages.config), maintenanceAlerts, notificationAlerts],
    permissions: SYSTEM_PERMISSIONS,
    menu: [
      { key: 'imports', href: '/imports', icon: 'file-upload', permission: 'system.import.view', order: 91 },
      {
        key: 'metrics',
        href: METRICS,
        icon: 'chart-line',
        permission: METRICS_VIEW,
        order: 94.5,
        under: 'administration',
      },
      { key: 'settings', href: PARAMETERS, icon: 'adjustments', permission: PARAMETER_PERMISSION, order: 97 },
      ...SETTINGS.map(([key, href, icon, permission], at) => {
        return { key, href, icon, permission, order: 97 + at / 100, under: 'settings' };
      }),
      { key: 'support', href: SUPPORT, icon: 'headset', permission: SUPPORT_DIAGNOSE, order: 98 },
    ],
    routes: [
      ...homeRoutes(pages),
      ...helpRoutes,
      ...searchRoutes(pages),
      ...importRoutes(pages),
      ...jobRoutes(pages, jobs),
      ...moduleRoutes(pages),
      ...parameterRoutes(pages),
      ...configurationRoutes(pages),
      ...configurationDataRoutes(pages),
      ...styleGuideRoutes(pages),
      ...backupRoutes,
      ...databaseRoutes(pages),
      ...privacyRoutes,
      ...staffPrivacyRoutes,
      ...dataSafetyRoutes,
      ...maintenanceRoutes(pages),
      ...notificationRoutes(pages),
      ...metricsRoutes(pages),
      ...supportRoutes(pages),
      ...upgradeRoutes(pages),
      ...aboutRoutes(pages),
      ...certificateRoutes,
    ],
  };
}
