import {
  type FieldProblem,
  invalid,
  isDomainError,
  parseBusinessDate,
  parseMoney,
  parseQuantity,
} from '../../../kernel';
import type { Reader } from '../../../platform/database';
import { openSpreadsheet, type SheetRow } from '../../../platform/spreadsheet';
import { skusByCodes } from '../../catalog';
import { MAX_LINES } from '../domain/receipt-lines';
import type { NewLine } from '../use-cases/add-receipt-lines';

const HEADS = {
  sku: /^(?:sku(?:\s*code)?|code|barcode|编码|商品编码|商品代码|货号|条码|商品条码)$/i,
  quantity: /^(?:qty|quantity|数量|件数|台数|应收)$/i,
  unitPrice: /^(?:price|unit\s*price|cost|单价|含税单价|进价|采购价)$/i,
  batchCode: /^(?:batch|batch\s*(?:no|number)|lot|批号|批次|批次号)$/i,
  expiresOn: /^(?:expires|expiry|expiry\s*date|有效期|有效期至|到期日)$/i,
} as const;
type Column = keyof typeof HEADS;

export interface LinesFile {
  lines: NewLine[];
  /** Row of the file of each line. */
  rows: number[];
}

/**
 * Whole lines from a file: code or barcode, quantity, tax-inclusive price; by heads, or in this order without them. All rows
 * are checked; throws 'purchasing:error.lines_file' with every problem at `row.<number>`. Without the right to see cost prices
 * are not read.
 */
export async function readLinesFile(read: Reader, content: Buffer, withPrices: boolean): Promise<LinesFile> {
  const opened = await openSpreadsheet(content, { rows: MAX_LINES + 100, columns: 100 });
  const rows: SheetRow[] = [];
  for await (const row of opened.rows()) rows.push(row);
  const heads = rows[0] ? headsOf(rows[0]) : null;
  const columns: Partial<Record<Column, number>> = heads ?? { sku: 0, quantity: 1, unitPrice: 2 };
  const data = heads ? rows.slice(1) : rows;
  if (data.length === 0) throw invalid('purchasing:error.lines_file_empty');
  if (data.length > MAX_LINES) throw invalid('purchasing:error.too_many_lines', { max: MAX_LINES });
  const textOf = (row: SheetRow, column: Column): string => row.cells[columns[column] ?? -1]?.text.trim() ?? '';
  const cards = await skusByCodes(
    read,
    data.map((row) => textOf(row, 'sku').slice(0, 60)),
  );
  const fields: FieldProblem[] = [];
  const found: LinesFile = { lines: [], rows: [] };
  for (const row of data) {
    const at = (code: string, details: Record<string, unknown> = {}): void =>
      void fields.push({ path: `row.${row.number}`, code, details: { row: row.number, ...details } });
    const attempt = <T>(run: () => T): T | undefined => {
      try {
        return run();
      } catch (error) {
        if (!isDomainError(error)) throw error;
        at(error.code, error.details);
        return undefined;
      }
    };
    const code = textOf(row, 'sku').slice(0, 60);
    const card = cards.get(code);
    if (!card) at('purchasing:error.sku_code_unknown', { code: code || '—' });
    const quantityText = textOf(row, 'quantity');
    const quantity = quantityText === '' ? null : attempt(() => parseQuantity(quantityText));
    const priceText = withPrices ? textOf(row, 'unitPrice') : '';
    const unitPriceFen = priceText === '' ? undefined : attempt(() => parseMoney(priceText));
    const expiryText = textOf(row, 'expiresOn');
    const expiresOn = expiryText === '' ? null : attempt(() => parseBusinessDate(expiryText));
    if (!card || quantity === undefined || expiresOn === undefined) continue;
    found.lines.push({ skuId: card.id, quantity, unitPriceFen, batchCode: textOf(row, 'batchCode'), expiresOn });
    found.rows.push(row.number);
  }
  if (fields.length > 0) throw invalid('purchasing:error.lines_file', { count: fields.length }, fields);
  return found;
}

function headsOf({ cells }: SheetRow): Partial<Record<Column, number>> | null {
  const found: Partial<Record<Column, number>> = {};
  for (const column of Object.keys(HEADS) as Column[]) {
    const index = cells.findIndex(({ text }) => HEADS[column].test(text.trim()));
    if (index >= 0) found[column] = index;
  }
  return found.sku === undefined ? null : found;
}
