export { addressColumn, openAddress, sealAddress } from './sealed-address';
export { cancelUpkeep, isRunning, lastRun, type StartedUpkeep, startUpkeep, type UpkeepProgress } from './run-upkeep';
export { type UpkeepKind, upkeepRun, type UpkeepRunRow } from './upkeep-run.table';
