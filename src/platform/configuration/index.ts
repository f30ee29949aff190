export { canonical, checksumOf, type ConfigurationDocument, type ConfigurationRecord } from './document';
export { type Change, differences, type Match, pairRecords } from './difference';
export { type FileProblem, readFile, type ReadFile, writeFile } from './file';
export { type NamedValues, readRecords, recordSet, saveRecord } from './record-set';
export { sayField, sayFieldValue, sayName, sayValue } from './say-field';
export { configRevision, REVISION_KINDS, type RevisionKind } from './tables';
