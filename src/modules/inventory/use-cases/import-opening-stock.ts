import type { BusinessDate } from '../../../kernel';
import { findByNumbers } from '../../../ledger';
import type { Reader } from '../../../platform/database';
import type { Importer, ImportPlan, ImportProblem, ImportRow } from '../../../platform/modules';
import { skusByCodes, skusByNames } from '../../catalog';
import { listStores, locationsOf } from '../../organization';
import { OPENING_COLUMNS } from '../domain/opening-columns';
import type { OpeningLine } from '../domain/opening-posting';
import { needOpeningIds, postOpeningStock } from './post-opening-stock';
import { type OpeningBooks, readOpeningRow } from './read-opening-row';

/** Lines of one document: a whole chain's stock in one posting would hold everybody else up while it is checked. */
export const LINES_PER_DOCUMENT = 2000;

export const openingStockImporter: Importer = {
  id: 'inventory.opening',
  permission: 'inventory.opening.post',
  // A row needs a code or a name and one of three costs: that is checked row by row, so no column is required of the file.
  columns: OPENING_COLUMNS.map((column) => ({ ...column, required: false })),
  storesAcross: { store: 'store', quantity: 'quantity' },
  plan: async (read, actor, rows, { storeId, today, onProgress }): Promise<ImportPlan> => {
    const books = await readBooks(read, rows, storeId, today as BusinessDate);
    const problems: ImportProblem[] = [];
    const lines: OpeningLine[] = [];
    for (const [index, row] of rows.entries()) {
      const found = readOpeningRow(row, books, actor);
      problems.push(...found.problems);
      if (found.line) lines.push(found.line);
      await onProgress(index + 1, rows.length);
    }
    problems.push(...doubles(lines), ...(await onBooks(read, lines, () => onProgress(rows.length, rows.length))));
    const documents = intoDocuments(lines);
    const count = (devices: boolean): number =>
      lines
        .filter(({ identifiers }) => identifiers.length > 0 === devices)
        .reduce((sum, { quantity }) => sum + quantity, 0);
    return {
      problems: problems.sort((a, b) => a.line - b.line),
      summary: {
        'inventory:import.stores': new Set(lines.map((line) => line.storeId)).size,
        'inventory:import.devices': count(true),
        'inventory:import.goods': count(false),
        'inventory:import.documents': documents.length,
      },
      apply: async (unit, onWritten) => {
        needOpeningIds(unit, documents);
        let done = 0;
        for (const own of documents) {
          await postOpeningStock(unit, { storeId: own[0]?.storeId ?? 0, businessDate: today, lines: own });
          done += own.length;
          await onWritten(done, lines.length);
        }
      },
    };
  },
};

async function readBooks(
  read: Reader,
  rows: readonly ImportRow[],
  defaultStoreId: number | null,
  today: BusinessDate,
): Promise<OpeningBooks> {
  const stores = await listStores(read);
  const named = rows.filter(({ values }) => !values.sku).map(({ values }) => values.name ?? '');
  return {
    skus: await skusByCodes(read, [...new Set(rows.map(({ values }) => values.sku ?? ''))].filter(Boolean)),
    skusByName: await skusByNames(read, [...new Set(named)].filter(Boolean)),
    stores: new Map(
      stores.flatMap((store) => [[store.code.toUpperCase(), store] as const, [store.name, store] as const]),
    ),
    locations: new Map(await Promise.all(stores.map(async ({ id }) => [id, await locationsOf(read, id)] as const))),
    defaultStoreId,
    today,
  };
}

/** By store, in the order of the file. */
function intoDocuments(lines: readonly OpeningLine[]): OpeningLine[][] {
  const documents: OpeningLine[][] = [];
  for (const own of Map.groupBy(lines, (line) => line.storeId).values())
    for (let start = 0; start < own.length; start += LINES_PER_DOCUMENT)
      documents.push(own.slice(start, start + LINES_PER_DOCUMENT));
  return documents;
}

/** The same number twice in the file: the later line is refused and names the first. */
function doubles(lines: readonly OpeningLine[]): ImportProblem[] {
  const seen = new Map<string, number>();
  const problems: ImportProblem[] = [];
  for (const { lineNo, identifiers } of lines)
    for (const { value } of identifiers) {
      const first = seen.get(value);
      if (first === undefined) seen.set(value, lineNo);
      else
        problems.push({
          line: lineNo,
          column: 'imei1',
          code: 'inventory:import.double',
          details: { number: value, line: first },
        });
    }
  return problems;
}

const NUMBERS_AT_ONCE = 2000;

/** Numbers that a device in the books has already. */
async function onBooks(
  read: Reader,
  lines: readonly OpeningLine[],
  onStep: () => Promise<void>,
): Promise<ImportProblem[]> {
  const lineOf = new Map(
    lines.flatMap(({ lineNo, identifiers }) => identifiers.map(({ value }) => [value, lineNo] as const)),
  );
  const numbers = [...lineOf.keys()];
  const problems: ImportProblem[] = [];
  for (let start = 0; start < numbers.length; start += NUMBERS_AT_ONCE) {
    const found = await findByNumbers(read, numbers.slice(start, start + NUMBERS_AT_ONCE));
    for (const { number, active } of found)
      if (active)
        problems.push({
          line: lineOf.get(number) ?? 0,
          column: 'imei1',
          code: 'inventory:import.on_books',
          details: { number },
        });
    await onStep();
  }
  return problems;
}
