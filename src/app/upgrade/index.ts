export type { UpgradeWatch } from './finish';
export { type PartInput, parts } from './parts';
export { upgradeProgress } from './progress';
export { releaseNotes } from './release-notes';
export { type RollbackOptions, rollBack, runUpgrade, settleNow, type UpgradeOptions } from './run-upgrade';
export { settleAtStart } from './settle';
export { inProduction, isAtWork, readUpgrade, type StepState, upgradeFolder, type UpgradeState } from './state';
export { mayWrite } from './steps';
