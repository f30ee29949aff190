import { col, defineTable, type Row } from '../../platform/database';

/** `partly`: it lies on some targets, not on all. */
export type BackupState = 'running' | 'ok' | 'partly' | 'failed' | 'cancelled';

export interface TargetResult {
  target: string;
  place: string;
  ok: boolean;
  /** Backups that the retention removed there. */
  removed: number;
  error?: { code: string; details: Record<string, unknown> };
}

export interface RunningProgress {
  step: 'write' | 'send' | 'read-back';
  target: string | null;
  done: number;
  total: number;
}

/** What became of every backup; the backups themselves are where the targets are. */
export const backupRun = defineTable(
  'backup_run',
  {
    id: col.id().primary(),
    state: col.code<BackupState>(12),
    origin: col.code<'schedule' | 'person' | 'command'>(10),
    startedByName: col.text(80).nullable(),
    startedAt: col.instant(),
    /** When the process that makes it was last heard of. */
    seenAt: col.instant(),
    finishedAt: col.instant().nullable(),
    name: col.code(160).nullable(),
    bytes: col.id().nullable(),
    encrypted: col.bool(),
    progress: col.json<RunningProgress>().nullable(),
    results: col.json<TargetResult[]>(),
    failure: col.json<{ code: string; details: Record<string, unknown> }>().nullable(),
    /** Somebody wants it to stop. */
    cancelled: col.bool(),
  },
  { indexes: [{ name: 'ix_backup_run_started', columns: ['startedAt'] }] },
);

export type BackupRunRow = Row<typeof backupRun>;
