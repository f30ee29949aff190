import { type Ctx, file, type Reply } from '../../../platform/http';
import { type ImportRunRow, keptProblems, previewFile, readFileRows, storedFile } from '../../../platform/imports';
import type { Importer } from '../../../platform/modules';
import { type ExportRow, type SheetRow, writeXlsx } from '../../../platform/spreadsheet';
import { importerWords } from './importer-words';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** An empty sheet with the columns of an importer. */
export function templateFile(ctx: Ctx, importer: Importer): Reply {
  const words = importerWords(importer);
  const title = ctx.t(words.title);
  const columns = importer.columns.map(({ key }) => ({ header: ctx.t(words.column(key)), type: 'text' as const }));
  return file(`${title}.xlsx`, XLSX, writeXlsx([{ name: title, columns, rows: [] }]));
}

/**
 * The rows that cannot be taken, as they were, with all reasons behind each: to be corrected and imported again. Both the
 * file and its problems are read row by row.
 */
export async function problemFile(ctx: Teller, importer: Importer, run: ImportRunRow): Promise<Reply> {
  const { name, content } = await problemBook(ctx, importer, run);
  return file(`${name}-${run.fileName}.xlsx`, XLSX, content);
}

/** Who writes the file: the words, and where the imported file lies. */
type Teller = Pick<Ctx, 't' | 'services'>;

/** The same as a workbook, for whoever is not a page. */
export async function problemBook(ctx: Teller, importer: Importer, run: ImportRunRow) {
  const { t } = ctx;
  const { header } = await previewFile(await storedFile(ctx.services, run.storedAs), importer.columns, run);
  const name = t('imports:problemList');
  const content = writeXlsx([
    {
      name,
      columns: [
        { header: t('imports:line'), type: 'integer' },
        ...header.names.map((text, place) => ({
          header: text || t('imports:columnNo', { number: place + 1 }),
          type: 'text' as const,
        })),
        { header: t('imports:reason'), type: 'text', width: 60 },
      ],
      rows: wrongRows(ctx, importer, run, header.names.length),
    },
  ]);
  return { name, content };
}

async function* wrongRows(
  ctx: Teller,
  importer: Importer,
  run: ImportRunRow,
  width: number,
): AsyncGenerator<ExportRow> {
  const rows = readFileRows(await storedFile(ctx.services, run.storedAs), run);
  let row: SheetRow | undefined;
  for await (const { line, reasons } of reasonsByLine(ctx, importer, run)) {
    while (row === undefined || row.number < line) {
      const next = await rows.next();
      if (next.done) break;
      row = next.value;
    }
    const cells = row?.number === line ? row.cells : [];
    const texts = Array.from({ length: width }, (_, place) => cells[place]?.text ?? '');
    yield [line, ...texts, reasons.join(ctx.t('imports:reasonComma'))];
  }
  await rows.return(undefined);
}

async function* reasonsByLine(
  { t, services }: Teller,
  importer: Importer,
  run: ImportRunRow,
): AsyncGenerator<{ line: number; reasons: string[] }> {
  const words = importerWords(importer);
  let at: { line: number; reasons: string[] } | undefined;
  for await (const { line, column, code, details } of keptProblems(services, run.storedAs)) {
    if (at && at.line !== line) {
      yield at;
      at = undefined;
    }
    at ??= { line, reasons: [] };
    at.reasons.push(
      column
        ? t('imports:columnReason', { column: t(words.column(column)), reason: t(code, details) })
        : t(code, details),
    );
  }
  if (at) yield at;
}
