export type { Cell, SheetInfo, SheetRow, SpreadsheetLimits } from './cell';
export type { ColumnType, ExportColumn, ExportOptions, ExportRow, ExportRows, ExportValue } from './columns';
export { writeCsv } from './csv-writer';
export { openSpreadsheet, readAllRows, type OpenedSpreadsheet } from './open-spreadsheet';
export { writeXlsx, type ExportSheet } from './xlsx-writer';
export { zipStream } from './zip-writer';
