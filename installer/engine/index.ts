export type { Problem } from './check-answer';
export { runSteps, type SetupEvent, StepFailed, StepFault, undoSteps } from './run-steps';
export { Locked, takeLock } from '../../src/platform/files';
export { memoryStore, newState, type SetupState, stateFile, type StateStore } from './state-file';
export type * from './step';
export { type AskedQuestion, type Submitted, Wizard } from './wizard';
