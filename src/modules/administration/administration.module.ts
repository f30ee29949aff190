import type { MenuEntry, ModuleManifest } from '../../platform/modules';
import { RULES_MANAGE, totpSecret } from '../../platform/auth';
import { platformTables } from '../../platform/tables';
import { maintenanceJobs } from './jobs/maintenance';
import { CONNECTION_PERMISSION } from './queries/connections';
import { administrationParameters } from './queries/parameters';
import { numberingConfiguration } from './use-cases/numbering-configuration';
import { aboutRoutes } from './web/about.routes';
import { accountRoutes } from './web/account.routes';
import { connectionRoutes } from './web/connection.routes';
import { auditRoutes } from './web/audit.routes';
import { auditCheckRoutes } from './web/audit-check.routes';
import { givenUpAlert, jobRoutes } from './web/jobs.routes';
import { rightsPlanRoutes } from './web/rights-plan.routes';
import { rightsReportRoutes } from './web/rights-report.routes';
import { rightsRoutes } from './web/rights.routes';
import { roleRoutes } from './web/roles.routes';
import { setPasswordRoutes } from './web/set-password.routes';
import { signInRoutes } from './web/sign-in.routes';
import { signInRulesRoutes } from './web/sign-in-rules.routes';
import { userRightsRoutes } from './web/user-rights.routes';
import { userRoutes } from './web/users.routes';

const entry = (key: string, icon: string, permission: string, order: number): MenuEntry => ({
  key,
  href: `/administration/${key}`,
  icon,
  permission: `administration.${permission}`,
  order,
  under: 'administration',
});

export const administrationModule: ModuleManifest = {
  name: 'administration',
  core: true,
  needs: ['organization'],
  tables: platformTables,
  sealed: [totpSecret],
  permissions: [
    { id: 'administration.user.view', roles: ['owner', 'auditor'] },
    { id: 'administration.user.manage', roles: [] },
    { id: RULES_MANAGE, roles: [] },
    { id: 'administration.role.view', roles: ['owner', 'auditor'] },
    { id: 'administration.role.manage', roles: [] },
    { id: 'administration.audit.view', roles: ['owner', 'auditor'] },
    { id: 'administration.job.view', roles: ['auditor'] },
    { id: 'administration.job.manage', roles: [] },
    { id: 'administration.about.view', roles: ['owner', 'auditor'] },
    { id: CONNECTION_PERMISSION, roles: ['owner', 'manager'] },
  ],
  menu: [
    {
      key: 'administration',
      href: '/administration/users',
      icon: 'settings',
      permission: 'administration.user.view',
      order: 90,
    },
    entry('users', 'users', 'user.view', 91),
    entry('roles', 'shield-lock', 'role.view', 92),
    entry('rights', 'checkbox', 'role.view', 92.5),
    entry('sign-in-rules', 'lock', 'user.view', 92.8),
    entry('audit', 'history', 'audit.view', 93),
    entry('jobs', 'clock', 'job.view', 94),
    entry('connection', 'bolt', 'connection.measure', 95),
    entry('about', 'info-circle', 'about.view', 96),
  ],
  alerts: [givenUpAlert],
  jobs: maintenanceJobs,
  parameters: administrationParameters,
  configuration: [numberingConfiguration],
  routes: [
    ...signInRoutes,
    ...setPasswordRoutes,
    ...accountRoutes,
    ...userRoutes,
    ...signInRulesRoutes,
    ...roleRoutes,
    ...rightsRoutes,
    ...rightsPlanRoutes,
    ...rightsReportRoutes,
    ...userRightsRoutes,
    ...auditRoutes,
    ...auditCheckRoutes,
    ...jobRoutes,
    ...connectionRoutes,
    ...aboutRoutes,
  ],
};
