export { backupJob } from './backup-job';
export { healthOf, hoursWithoutBackup, isAlive, type BackupHealth, nextRunAt, recentRuns } from './backup-health';
export { backupRun, type BackupRunRow, type RunningProgress, type TargetResult } from './backup-run.table';
export { backupByCommand } from './command-backup';
export { drillByCommand, noteInAudit } from './command-notes';
export type { BackupContext } from './contents';
export { copyDatabase } from './copy-database';
export { bookFindings } from './contents';
export { createBackup, type CreatedBackup, SERIES } from './create-backup';
export { discardKey, writeKeyFile, writeRecoverySheet } from './key-files';
export { cancelBackup, recordedBackup } from './recorded-backup';
export { restoreBackup, type RestoredBackup, type RestoreProgress } from './restore-backup';
export { type BackupOutcome, runBackup, type RunOptions, type RunProgress, type TargetOutcome } from './run-backup';
export { type KeyFiles, openingOf, readIdentities, sealedBy } from './sealing';
export { type BackupList, findBackup, type FoundBackup, type ListedBackup, listBackups, openTargets } from './sources';
export {
  filledAddress,
  openAddress,
  type RestoreResult,
  restoreResult,
  sealAddress,
  startRestore,
} from './restore-run';
export { databaseAddress, expectSwitchable, keptAs, switchBack, switchDatabase } from './switch-config';
export { clearDatabase, lookAtTarget, removeEmbedded } from './target-database';
export { drillJob, opensByItself, isGood, resultOf, startTrial, type Trial, type TrialResult, TRIALS } from './trial';
export { verifyBackup, type VerifiedBackup } from './verify-backup';
