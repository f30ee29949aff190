import { col, defineTable, type Row } from '../../platform/database';

/** `hand`: somebody closed the shop's system; `upgrade`: a new version is being put in place, and every server stands still. */
export type MaintenanceKind = 'off' | 'hand' | 'upgrade';

/** One row: whether people may work, for all servers of the database. */
export const maintenanceState = defineTable('maintenance_state', {
  id: col.code(10).primary(),
  kind: col.code<MaintenanceKind>(10),
  /** What people read on the page that they get instead. */
  note: col.text(200).nullable(),
  since: col.instant(),
  byName: col.text(80).nullable(),
  /** Which upgrade it is for. */
  token: col.code(40).nullable(),
});

/** The servers of this database, each with a sign of life every few seconds. */
export const serverNode = defineTable('server_node', {
  /** Machine and process. */
  node: col.code(80).primary(),
  /** Version of its program. */
  program: col.code(40),
  startedAt: col.instant(),
  seenAt: col.instant(),
  /** Since when it has closed the database and shows nothing but the maintenance page. */
  parkedAt: col.instant().nullable(),
});

export type ServerNode = Row<typeof serverNode>;

/** Versions that this database came through. */
export const programUpgrade = defineTable('program_upgrade', {
  id: col.id().primary(),
  fromVersion: col.code(40),
  toVersion: col.code(40),
  finishedAt: col.instant(),
  byName: col.text(80).nullable(),
});

/** The newest version whose news a person has put away. */
export const releaseSeen = defineTable('release_seen', {
  userId: col.id().primary(),
  version: col.code(40),
  seenAt: col.instant(),
});

export const maintenanceTables = [maintenanceState, serverNode, programUpgrade, releaseSeen] as const;
