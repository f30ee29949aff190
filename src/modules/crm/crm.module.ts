import { normalisePhone } from '../../kernel';
import type { ModuleManifest } from '../../platform/modules';
import { searchCustomers } from './queries/customers';
import { customerNameToken } from './store/customer-name-token.table';
import { customerSecrets } from './store/customer-secrets';
import { customer } from './store/customer.table';
import { customerImporter } from './use-cases/import-customers';
import { customerFile } from './use-cases/personal-file';
import { customerRoutes } from './web/customers.routes';

export const crmModule: ModuleManifest = {
  name: 'crm',
  needs: ['organization', 'pricing'],
  tables: [customer, customerNameToken],
  sealed: customerSecrets,
  people: customerFile,
  permissions: [
    { id: 'crm.customer.view', roles: ['owner', 'manager', 'cashier', 'clerk', 'technician', 'auditor'] },
    { id: 'crm.customer.edit', roles: ['owner', 'manager', 'cashier', 'clerk', 'technician'] },
    { id: 'crm.customer.privacy', roles: ['owner'] },
    { id: 'crm.phone.view', roles: ['owner', 'manager'] },
    { id: 'crm.level.edit', roles: ['owner', 'manager'] },
  ],
  menu: [{ key: 'customers', href: '/crm/customers', icon: 'users', permission: 'crm.customer.view', order: 50 }],
  routes: customerRoutes,
  imports: [customerImporter],
  search: [
    {
      permission: 'crm.customer.view',
      find: async (ctx, text) => {
        const found = await searchCustomers(ctx.read, ctx.services.keys, text, 8);
        const exact = normalisePhone(text) !== null;
        return found.map((row) => ({
          kind: 'customer',
          title: row.name ?? ctx.t('crm:customer.nameless'),
          detail: [row.code, row.phoneMasked].filter((part) => part).join(' · '),
          href: `/crm/customers/${row.id}`,
          exact,
        }));
      },
    },
  ],
};
