export { approverOf } from './approver';
export { type ApprovalKind, approvalLevelSet, approvalLevelsOf } from './configuration';
export { type ApprovalLevel, type ApprovalRefusal, approvalRefusal, type Approver, levelsFor } from './levels';
