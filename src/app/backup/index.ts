export type { BackupContext } from './contents';
export { copyDatabase } from './copy-database';
export { drill, type DrillReport } from './drill';
export { restoreBackup, type RestoredBackup, type RestoreProgress } from './restore-backup';
export { type BackupOutcome, runBackup, type RunProgress, type TargetOutcome } from './run-backup';
export { type KeyFiles, openingOf, readIdentities } from './sealing';
export { type BackupList, findBackup, type FoundBackup, listBackups, openTargets } from './sources';
export { expectSwitchable, switchBack, switchDatabase } from './switch-config';
export { verifyBackup, type VerifiedBackup } from './verify-backup';
