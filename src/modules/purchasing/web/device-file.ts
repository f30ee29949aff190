import { shorten } from '../../../kernel';
import { openSpreadsheet, type SheetRow } from '../../../platform/spreadsheet';
import { MAX_DEVICES } from '../domain/receipt-lines';

const HEADS: readonly (readonly [label: string, pattern: RegExp])[] = [
  ['IMEI2', /^(?:imei|串号|串码)[\s_-]*[2二]$/i],
  ['IMEI1', /^(?:(?:imei|串号|串码)(?:[\s_-]*[1一])?(?:\/?(?:号|码))?)$/i],
  ['MEID', /^meid$/i],
  ['SN', /^(?:sn|s\/n|serial(?:\s*(?:number|no\.?))?|序列号|机身号)$/i],
];

/**
 * The numbers in an .xlsx, .csv or text file as a pasted list: a line for each row, at the row's own number. Columns are known by
 * their heads (IMEI, IMEI2, SN, 串号 …); without heads a whole row is read. A number that the spreadsheet has cut off is
 * given as it looks (8.6E+14), so that the check refuses it with its reason.
 */
export async function codesOfFile(content: Buffer): Promise<string> {
  const opened = await openSpreadsheet(content, { rows: MAX_DEVICES + 100, columns: 100 });
  const lines: string[] = [];
  let columns: Map<number, string> | null = null;
  for await (const row of opened.rows()) {
    columns ??= headsOf(row);
    const isHead = columns !== null && headsOf(row) !== null;
    while (lines.length < row.number - 1) lines.push('');
    if (lines.length < row.number) lines.push(isHead ? '' : lineOf(row, columns));
  }
  return lines.join('\n');
}

function headsOf({ cells }: SheetRow): Map<number, string> | null {
  const found = new Map<number, string>();
  cells.forEach(({ text }, index) => {
    const head = HEADS.find(([, pattern]) => pattern.test(text.trim()));
    if (head && ![...found.values()].includes(head[0])) found.set(index, head[0]);
  });
  return found.size > 0 ? found : null;
}

function lineOf({ cells }: SheetRow, columns: Map<number, string> | null): string {
  const shown = ({ text, lossy }: SheetRow['cells'][number]): string =>
    // What is left of 8.69932E+14 looks like a number; it is not one.
    shorten(lossy && /^\d+$/.test(text) ? Number(text).toExponential(4).toUpperCase() : text, 200).replace(
      /\s*\n\s*/g,
      ' ',
    );
  if (!columns)
    return cells
      .map(shown)
      .filter((text) => text.trim() !== '')
      .join('\t');
  return [...columns]
    .map(([index, label]) => {
      const cell = cells[index];
      return cell && cell.text.trim() !== '' ? `${label}: ${shown(cell)}` : '';
    })
    .filter(Boolean)
    .join(', ');
}
