import type { ModuleManifest } from '../../platform/modules';
import { platformTables } from '../../platform/tables';
import { maintenanceJobs } from './jobs/maintenance';
import { accountRoutes } from './web/account.routes';
import { setPasswordRoutes } from './web/set-password.routes';
import { signInRoutes } from './web/sign-in.routes';

export const administrationModule: ModuleManifest = {
  name: 'administration',
  core: true,
  needs: ['organization'],
  tables: platformTables,
  permissions: [
    { id: 'administration.user.view', roles: ['owner', 'auditor'] },
    { id: 'administration.user.manage', roles: [] },
    { id: 'administration.role.view', roles: ['owner', 'auditor'] },
    { id: 'administration.role.manage', roles: [] },
    { id: 'administration.audit.view', roles: ['owner', 'auditor'] },
    { id: 'administration.job.view', roles: ['auditor'] },
    { id: 'administration.job.manage', roles: [] },
  ],
  menu: [],
  jobs: maintenanceJobs,
  routes: [...signInRoutes, ...setPasswordRoutes, ...accountRoutes],
};
