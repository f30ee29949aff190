export { clearImports } from './clear-imports';
export { isCrossTable, likelyStoreColumns, type StoresAcross, storesOfRow } from './cross-table';
export { type Header } from './header';
export { storedFile } from './import-files';
export { importRun, type ImportRunRow, type ImportState } from './import-run.table';
export { keptProblems } from './problem-store';
export { type FilePreview, type Place, previewFile, readFileRows, readImportRows } from './read-file';
export { applyImport, cancelImport, checkImport, type RunningImport, startImport } from './run-import';
export { isWorking, progressOf } from './running';
