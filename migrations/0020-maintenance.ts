import { col, createTable, migration } from '../src/platform/database/portable';

export default migration('0020-maintenance', [
  ...createTable('maintenance_state', {
    id: col.code(10).primary(),
    kind: col.code(10),
    note: col.text(200).nullable(),
    since: col.instant(),
    byName: col.text(80).nullable(),
    token: col.code(40).nullable(),
  }),
  ...createTable('server_node', {
    node: col.code(80).primary(),
    program: col.code(40),
    startedAt: col.instant(),
    seenAt: col.instant(),
    parkedAt: col.instant().nullable(),
  }),
  ...createTable('program_upgrade', {
    id: col.id().primary(),
    fromVersion: col.code(40),
    toVersion: col.code(40),
    finishedAt: col.instant(),
    byName: col.text(80).nullable(),
  }),
  ...createTable('release_seen', {
    userId: col.id().primary(),
    version: col.code(40),
    seenAt: col.instant(),
  }),
]);
