import { administrationModule } from '../modules/administration/administration.module';
import { catalogModule } from '../modules/catalog/catalog.module';
import { crmModule } from '../modules/crm/crm.module';
import { financeModule } from '../modules/finance/finance.module';
import { inventoryModule } from '../modules/inventory/inventory.module';
import { organizationModule } from '../modules/organization/organization.module';
import { pricingModule } from '../modules/pricing/pricing.module';
import { purchasingModule } from '../modules/purchasing/purchasing.module';
import { reportingModule } from '../modules/reporting/reporting.module';
import { salesModule } from '../modules/sales/sales.module';
import type { ModuleManifest } from '../platform/modules';

/** Every business module, in the order of their needs. Nothing else in the program lists them. */
export const modules: readonly ModuleManifest[] = [
  organizationModule,
  financeModule,
  catalogModule,
  pricingModule,
  crmModule,
  inventoryModule,
  purchasingModule,
  salesModule,
  reportingModule,
  administrationModule,
];
