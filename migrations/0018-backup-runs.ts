import { col, createTable, migration } from '../src/platform/database/portable';

export default migration('0018-backup-runs', [
  ...createTable(
    'backup_run',
    {
      id: col.id().primary(),
      state: col.code(12),
      origin: col.code(10),
      startedByName: col.text(80).nullable(),
      startedAt: col.instant(),
      seenAt: col.instant(),
      finishedAt: col.instant().nullable(),
      name: col.code(160).nullable(),
      bytes: col.id().nullable(),
      encrypted: col.bool(),
      progress: col.json().nullable(),
      results: col.json(),
      failure: col.json().nullable(),
      cancelled: col.bool(),
    },
    { indexes: [{ name: 'ix_backup_run_started', columns: ['startedAt'] }] },
  ),
]);
