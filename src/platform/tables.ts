import { attachment } from './attachments/tables';
import { auditSeal } from './audit/tables';
import { authTables } from './auth/tables';
import { configRecord, configRevision } from './configuration/tables';
import type { AnyTable } from './database';
import { jobLease, jobRun } from './jobs/tables';
import { notification, notificationChannel } from './notify/tables';
import { parameter } from './parameters/tables';
import { auditLog, counter, operation, outboxEvent } from './unit-of-work';

/** The tables that belong to no module: for the comparison with the migrated schema, backups and moves. */
export const platformTables: readonly AnyTable[] = [
  counter,
  operation,
  auditLog,
  outboxEvent,
  ...authTables,
  auditSeal,
  jobLease,
  jobRun,
  attachment,
  parameter,
  configRecord,
  configRevision,
  notificationChannel,
  notification,
];
