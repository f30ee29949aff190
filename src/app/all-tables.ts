import { ledgerTables } from '../ledger';
import type { AnyTable } from '../platform/database';
import { importRun } from '../platform/imports';
import { alarm } from './alarms/alarm.table';
import { nodeReport } from './alarms/node-report.table';
import { upkeepRun } from '../platform/upkeep';
import { backupRun } from './backup/backup-run.table';
import { maintenanceTables } from './maintenance';
import { modules } from './modules';
import { growthSample } from './support/growth-sample.table';
import { supportContact } from './support/support-contact.table';

/** Every table of the product: for the comparison with the schema, later for backups and moves. */
export const allTables: readonly AnyTable[] = [
  ...new Set([
    ...ledgerTables,
    importRun,
    backupRun,
    upkeepRun,
    ...maintenanceTables,
    alarm,
    nodeReport,
    supportContact,
    growthSample,
    ...modules.flatMap((module) => module.tables),
  ]),
];
