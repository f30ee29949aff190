import { ledgerTables } from '../ledger';
import type { AnyTable } from '../platform/database';
import { importRun } from '../platform/imports';
import { backupRun } from './backup/backup-run.table';
import { maintenanceTables } from './maintenance';
import { modules } from './modules';

/** Every table of the product: for the comparison with the schema, later for backups and moves. */
export const allTables: readonly AnyTable[] = [
  ...new Set([
    ...ledgerTables,
    importRun,
    backupRun,
    ...maintenanceTables,
    ...modules.flatMap((module) => module.tables),
  ]),
];
