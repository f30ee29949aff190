export { type Behind, behindIn, lookAt, seenDatabase } from './follow';
export { type PartInput, parts } from './parts';
export { rollBack, runUpgrade, settleNow, type UpgradeOptions } from './run-upgrade';
export { settleAtStart } from './settle';
export { isAtWork, readUpgrade, type UpgradeState } from './state';
