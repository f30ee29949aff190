export type { Problem } from './check-answer';
export { runSteps, type SetupEvent, StepFailed, StepFault, undoSteps } from './run-steps';
export { Locked, takeLock } from './setup-lock';
export { memoryStore, newState, type SetupState, stateFile, type StateStore, writeWhole } from './state-file';
export type * from './step';
export { type AskedQuestion, type Submitted, Wizard } from './wizard';
