import type { Config } from '../config';
import { openLocal } from './local';
import { openS3 } from './s3';
import { openSftp } from './sftp';
import type { BackupTarget } from './target';
import { openWebdav } from './webdav';

export { acceptDisk } from './local';
export { type Keep, type KeepReason, planRetention, type RetentionPlan } from './retention';
export { acceptHostKey } from './sftp';
export { backupTime, type BackupTarget, isBackupName, type PutOptions, type StoredBackup } from './target';

export interface TargetContext {
  /** Knows the host keys and disks that people agreed to; no target may lie in it. */
  dataDir: string;
  /** The embedded database, when there is one. */
  databaseFile?: string | undefined;
  /** Nothing moves for so long: the target hangs. */
  stallMs: number;
}

const STALL_MS = 60_000;

/** Nothing is connected yet: that happens at the first call. Close it in the end. */
export function openTarget(
  config: Config['backup']['targets'][number],
  { stallMs = STALL_MS, ...context }: Omit<TargetContext, 'stallMs'> & { stallMs?: number },
): BackupTarget {
  const whole = { ...context, stallMs };
  switch (config.kind) {
    case 'local':
      return openLocal(config, whole);
    case 'sftp':
      return openSftp(config, whole);
    case 's3':
      return openS3(config, whole);
    case 'webdav':
      return openWebdav(config, whole);
  }
}
