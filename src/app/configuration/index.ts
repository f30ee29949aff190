export { CONFIGURATION_PERMISSION, importConfiguration, rollbackConfiguration } from './apply';
export { compareRevisions, listRevisions, type Revision, type RevisionRow, REVISIONS, revisionOf } from './history';
export { type FilePreview, type Preview, previewImport, previewRollback } from './preview';
export type { ConfigurationPlan, KeptRecord, PlanProblem } from './plan';
export { readConfiguration } from './read-configuration';
export { ensureFirstRevision, latestRevision, revisionRecorder } from './record-revision';
export { sayChange, sayInOneLine, type SaidChange } from './say-change';
export { saveConfigurationRecord } from './save-record';
