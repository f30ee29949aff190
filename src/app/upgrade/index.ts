export { type PartInput, parts } from './parts';
export { rollBack, runUpgrade, settleNow } from './run-upgrade';
export { settleAtStart } from './settle';
export { isAtWork, readUpgrade, type UpgradeState } from './state';
