import { tacOf } from '../../../kernel';
import { type PackedRow, packingCode } from './packing-rows';
import type { Scan, Verdict } from './scan-check';
import type { ScanLine } from './scan-line-choice';

/** What a product is to this check. */
export interface PackedProduct {
  id: number;
  name: string;
  productId: number;
  tracking: string;
  active: boolean;
}

export interface PlacedRows {
  /** Rows whose product is known. */
  placed: { row: PackedRow; product: PackedProduct }[];
  /** Rows that cannot be placed, with the reason. */
  refused: Verdict[];
  /** Words of the file that no product is known for → how many rows say so. */
  unknown: Map<string, number>;
}

/** Finds the product of each row: by its word, or by its type allocation code where it has none. */
export function placeRows(
  rows: readonly PackedRow[],
  products: {
    byCode: ReadonlyMap<string, PackedProduct>;
    byTac: ReadonlyMap<string, PackedProduct>;
  },
): PlacedRows {
  const result: PlacedRows = { placed: [], refused: [], unknown: new Map() };
  for (const row of rows) {
    const refuse = (code: string, details: Record<string, unknown> = {}): void =>
      void result.refused.push({
        key: String(row.line),
        text: row.text,
        outcome: 'wrong',
        number: row.identifiers[0]?.value ?? null,
        lineId: null,
        reason: { code: `purchasing:packing.problem.${code}`, details },
      });
    const { productText } = row;
    const imei = row.identifiers.find(({ kind }) => kind === 'imei');
    const product = productText
      ? products.byCode.get(packingCode(productText))
      : products.byTac.get(imei ? tacOf(imei.value) : '');
    if (product && product.tracking !== 'serial') refuse('not_serial', { name: product.name });
    else if (product && !product.active) refuse('inactive', { name: product.name });
    else if (product) result.placed.push({ row, product });
    else if (productText) {
      result.unknown.set(productText, (result.unknown.get(productText) ?? 0) + 1);
      refuse('unknown_product', { text: productText });
    } else refuse('no_product');
  }
  return result;
}

/** Scans of the placed rows, each into the first line of its product. */
export const scansOf = (placed: PlacedRows['placed'], lines: readonly ScanLine[]): Scan[] =>
  placed.map(({ row, product }) => ({
    key: String(row.line),
    text: row.text,
    identifiers: row.identifiers,
    problems: row.problems,
    lineId: lines.find(({ skuId }) => skuId === product.id)?.id ?? null,
    override: false,
    boxNo: row.boxNo,
  }));

/** Products of the list that the receipt has no line for yet. */
export const missingProducts = (placed: PlacedRows['placed'], skuIds: readonly number[]): PackedProduct[] => [
  ...new Map(
    placed.filter(({ product }) => !skuIds.includes(product.id)).map(({ product }) => [product.id, product]),
  ).values(),
];

/** Lines that would be added for these, counted by scanning; their ids are below 0. */
export const linesToBe = (products: readonly PackedProduct[], lastNo: number): ScanLine[] =>
  products.map(({ id, name, productId, tracking }, index) => ({
    id: -id,
    lineNo: lastNo + index + 1,
    skuId: id,
    skuName: name,
    productId,
    tracking,
    quantity: 0,
    countsScans: true,
    received: 0,
  }));

/** Devices of each box and product, in the order of the file. */
export function boxesOf(placed: PlacedRows['placed']): { boxNo: string | null; name: string; devices: number }[] {
  const boxes = Map.groupBy(placed, ({ row, product }) => `${row.boxNo ?? ''}/${product.id}`);
  return [...boxes.values()].flatMap((rows) => {
    const [first] = rows;
    return first ? [{ boxNo: first.row.boxNo, name: first.product.name, devices: rows.length }] : [];
  });
}
