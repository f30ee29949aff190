import { invalid } from '../../../kernel';
import type { Reader } from '../../../platform/database';
import { readImportRows } from '../../../platform/imports';
import type { ImportProblem } from '../../../platform/modules';
import type { Actor } from '../../../platform/permissions';
import { boxesOf, linesToBe, missingProducts, placeRows, type PlacedRows, scansOf } from '../domain/packing-check';
import { readPackedRow } from '../domain/packing-rows';
import { MAX_DEVICES } from '../domain/receipt-lines';
import { checkScans, type ScanCheck, type Verdict } from '../domain/scan-check';
import { knownNumbers, scanLines } from '../queries/known-numbers';
import { packingProducts } from '../queries/packing-facts';
import type { PackingListRow } from '../store/packing.table';
import { getReceipt, linesOf } from '../store/receipt.store';
import type { ReceiptLineRow, ReceiptRow } from '../store/receipt.table';
import { lastSeq } from './scan-into-receipt';

export interface PackingCheck {
  rows: number;
  /** By line: what cannot be taken, cells that were lost in the file among them. */
  wrong: Verdict[];
  right: number;
  /** In the file twice with all their numbers, or on the receipt already. */
  doubles: number;
  unknown: Map<string, number>;
  boxes: ReturnType<typeof boxesOf>;
  /** Names of products that get a line of their own. */
  added: string[];
}

interface CheckedPacking extends PackingCheck {
  scans: ScanCheck;
}

/** Checks the whole file against itself, the receipt and the books; writes nothing. */
export async function checkPackingList(
  read: Reader,
  actor: Actor,
  list: PackingListRow,
  content: Buffer,
): Promise<PackingCheck> {
  const row = await getReceipt(read, list.receiptId);
  const lines = await linesOf(read, row.id);
  const { placed, rows, lost } = await placedRows(read, list, lines, content);
  return checkedAgainst(read, actor, row, { lines, placed, rows, lost });
}

/** The rows of the file, each with its product; and cells that a spreadsheet has spoilt, by line. */
export async function placedRows(
  read: Reader,
  list: PackingListRow,
  lines: readonly ReceiptLineRow[],
  content: Buffer,
) {
  const { sheet, headerRow, mapping } = list;
  const file = await readImportRows(content, { sheet, headerRow, mapping, across: {} });
  if (file.rows.length > MAX_DEVICES) throw invalid('purchasing:error.too_many_devices', { max: MAX_DEVICES });
  const lost = new Map(file.problems.map((problem) => [problem.line, problem]));
  const packed = file.rows.filter(({ line }) => !lost.has(line)).map(readPackedRow);
  const skuIds = lines.map(({ skuId }) => skuId);
  const products = await packingProducts(read, { supplierId: list.supplierId, skuIds }, packed);
  return {
    placed: placeRows(packed, products),
    rows: new Set([...file.rows.map(({ line }) => line), ...lost.keys()]).size,
    lost,
  };
}

/** Against each other, the receipt with these lines, and the books. */
export async function checkedAgainst(
  read: Reader,
  actor: Actor,
  row: ReceiptRow,
  input: {
    lines: readonly ReceiptLineRow[];
    placed: PlacedRows;
    rows: number;
    lost: ReadonlyMap<number, ImportProblem>;
  },
): Promise<CheckedPacking> {
  const { lines, placed, rows, lost } = input;
  const missing = missingProducts(
    placed.placed,
    lines.map(({ skuId }) => skuId),
  );
  const present = await scanLines(read, lines);
  const all = [...present, ...linesToBe(missing, lines.at(-1)?.lineNo ?? 0)];
  const scans = scansOf(placed.placed, all);
  const known = await knownNumbers(read, actor, row, lines, scans, (await lastSeq(read, row.id)) + 1);
  const check = checkScans(scans, { ...known, lines: all });
  const of = (outcome: Verdict['outcome']): Verdict[] => check.verdicts.filter((one) => one.outcome === outcome);
  const cells = [...lost.values()].map((problem): Verdict => ({
    key: String(problem.line),
    text: '-',
    outcome: 'wrong',
    number: null,
    lineId: null,
    reason: { code: problem.code, details: problem.details ?? {} },
  }));
  return {
    rows,
    wrong: [...cells, ...placed.refused, ...of('wrong')].sort((a, b) => Number(a.key) - Number(b.key)),
    right: of('right').length,
    doubles: of('double').length,
    unknown: placed.unknown,
    boxes: boxesOf(placed.placed),
    added: missing.map(({ name }) => name),
    scans: check,
  };
}
