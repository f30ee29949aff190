import type { Config } from '../config';
import { openLocal } from './local';
import { openS3 } from './s3';
import { openSftp } from './sftp';
import type { BackupTarget, TargetContext } from './target';
import { openWebdav } from './webdav';

export { acceptDisk, isBackupFile } from './local';
export { type Keep, type KeepReason, planRetention, type RetentionPlan } from './retention';
export { acceptHostKey } from './sftp';
export { backupTime, type BackupTarget, isBackupName, type PutOptions, type StoredBackup } from './target';

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
