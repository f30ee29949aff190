import type { ModuleManifest } from '../../platform/modules';
import { storesWithoutDefault } from './queries/store-list';
import { company, department, location, staff, store } from './store/organization.table';
import { companyRoutes } from './web/company.routes';
import { departmentRoutes } from './web/departments.routes';
import { staffRoutes } from './web/staff.routes';
import { storeRoutes } from './web/stores.routes';
import { staffPhone } from './store/staff-phone';

export const organizationModule: ModuleManifest = {
  name: 'organization',
  core: true,
  needs: [],
  sealed: [staffPhone],
  tables: [company, store, location, department, staff],
  permissions: [
    { id: 'organization.company.edit', roles: ['owner'] },
    {
      id: 'organization.store.view',
      roles: ['owner', 'manager', 'cashier', 'clerk', 'warehouse', 'buyer', 'technician', 'accountant', 'auditor'],
    },
    { id: 'organization.store.edit', roles: ['owner'] },
    { id: 'organization.staff.view', roles: ['owner', 'manager', 'accountant', 'auditor'] },
    { id: 'organization.staff.edit', roles: ['owner', 'manager'] },
    { id: 'organization.staff.privacy', roles: ['owner'] },
    { id: 'organization.department.edit', roles: ['owner'] },
  ],
  menu: [
    {
      key: 'organization',
      href: '/organization/stores',
      icon: 'building',
      permission: 'organization.store.view',
      order: 82,
    },
    {
      key: 'stores',
      href: '/organization/stores',
      icon: 'building-store',
      permission: 'organization.store.view',
      order: 83,
      under: 'organization',
    },
    {
      key: 'staff',
      href: '/organization/staff',
      icon: 'users',
      permission: 'organization.staff.view',
      order: 84,
      under: 'organization',
    },
    {
      key: 'departments',
      href: '/organization/departments',
      icon: 'sitemap',
      permission: 'organization.department.edit',
      order: 85,
      under: 'organization',
    },
    {
      key: 'company',
      href: '/organization/company',
      icon: 'building-bank',
      permission: 'organization.company.edit',
      order: 86,
      under: 'organization',
    },
  ],
  routes: [...companyRoutes, ...storeRoutes, ...staffRoutes, ...departmentRoutes],
  checks: [{ id: 'organization.default-location', run: storesWithoutDefault }],
};
