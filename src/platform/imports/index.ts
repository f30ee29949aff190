export { type Header } from './header';
export { storedPath } from './import-files';
export { importRun, type ImportRunRow, type ImportState } from './import-run.table';
export { type FilePreview, previewFile, readImportRows } from './read-file';
export { applyImport, checkImport, isWorking, progressOf, type RunningImport, startImport } from './run-import';
