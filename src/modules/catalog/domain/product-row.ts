import { isDomainError, parseMoney, normaliseName } from '../../../kernel';
import { type CheckedSku, checkSku, splitBarcodes } from './new-sku';
import type { Tracking } from './tracking';
import { nameKey, variantKey } from './variant';

/** A row of a file of products, as text by column; `line` as a spreadsheet program counts. */
export interface FileRow {
  line: number;
  values: Readonly<Record<string, string>>;
}

export interface RowProblem {
  line: number;
  column: string | null;
  code: string;
  details?: Record<string, unknown>;
}

/** A cleaned row: one variant. */
export interface ProductRow extends CheckedSku {
  line: number;
  name: string;
  nameKey: string;
  brand: string;
  brandKey: string;
  /** From the top: 手机, 智能手机. */
  categoryPath: string[];
  modelNumber: string | null;
  tracking: Tracking | null;
  taxRateBp: number | null;
  warrantyMonths: number | null;
  priceFen: number | null;
  floorFen: number | null;
}

const WORDS: readonly (readonly [Tracking, readonly string[]])[] = [
  ['serial', ['串号', '按串号', 'imei', '序列号', '一机一号', 'serial', 'device', 'bydevice']],
  ['batch', ['批次', '按批次', '批号', 'batch', 'lot', 'bybatch']],
  ['plain', ['数量', '按数量', '普通', '无', 'plain', 'quantity', 'none', 'byquantity']],
  ['service', ['服务', '虚拟', 'service', 'virtual']],
];

/** Reads a row; everything that is wrong with it is named, at the column's key. */
export function readProductRow(row: FileRow): { row: ProductRow | null; problems: RowProblem[] } {
  const problems: RowProblem[] = [];
  const refuse = (column: string, code: string, details: Record<string, unknown> = {}): null => {
    problems.push({ line: row.line, column, code, details });
    return null;
  };
  const text = (column: string): string => normaliseName(row.values[column] ?? '');
  const required = (column: string, max: number): string => {
    const value = text(column);
    if (!nameKey(value)) refuse(column, 'catalog:import.problem.required');
    else if (value.length > max) refuse(column, 'catalog:import.problem.too_long', { max });
    return value;
  };
  const name = required('name', 120);
  const brand = required('brand', 60);
  const categoryPath = readCategory(required('category', 190), refuse);
  const modelNumber = text('model') || null;
  if (modelNumber && modelNumber.length > 60) refuse('model', 'catalog:import.problem.too_long', { max: 60 });
  const sku = readSku(row, refuse);
  const amounts = readPrices(text('price'), text('floor'), refuse);
  const cleaned = {
    line: row.line,
    name,
    nameKey: nameKey(name),
    brand,
    brandKey: nameKey(brand),
    categoryPath,
    modelNumber,
    tracking: readTracking(text('tracking'), refuse),
    taxRateBp: readRate(text('taxRate'), refuse),
    warrantyMonths: readMonths(text('warranty'), refuse),
    ...amounts,
  };
  return { row: problems.length === 0 && sku ? { ...cleaned, ...sku } : null, problems };
}

type Refuse = (column: string, code: string, details?: Record<string, unknown>) => null;

function readCategory(text: string, refuse: Refuse): string[] {
  const path = text
    .split(/[/>\\＞／]+/)
    .map((part) => normaliseName(part))
    .filter(Boolean);
  if (path.length > 3) refuse('category', 'catalog:import.problem.category_depth', { max: 3 });
  if (path.some((part) => part.length > 60)) refuse('category', 'catalog:import.problem.too_long', { max: 60 });
  return path;
}

function readSku({ values }: FileRow, refuse: Refuse): CheckedSku | null {
  const barcodes = splitBarcodes(values.barcode ?? '');
  const rounded = barcodes.find((value) => /^\d(?:\.\d+)?E\+?\d+$/i.test(value));
  if (rounded) return refuse('barcode', 'catalog:import.problem.barcode_excel', { text: rounded });
  try {
    const { memory = '', colour = '', network = '', variant = '', code = '' } = values;
    return checkSku({ memory, colour, network, variant, code, barcodes });
  } catch (error) {
    const field = isDomainError(error) ? error.fields[0] : undefined;
    if (!field) throw error;
    return refuse(field.path === 'barcodes' ? 'barcode' : field.path, field.code, field.details);
  }
}

function readTracking(text: string, refuse: Refuse): Tracking | null {
  const key = nameKey(text).split(/[（(]/)[0] ?? '';
  if (key === '') return null;
  const known = WORDS.find(([, words]) => words.includes(key));
  return known ? known[0] : refuse('tracking', 'catalog:import.problem.tracking', { text: text.slice(0, 40) });
}

/** "13", "13%", "0.13": a rate below one is a spreadsheet's percentage. */
function readRate(text: string, refuse: Refuse): number | null {
  if (text === '') return null;
  const match = /^(\d{1,3}(?:\.\d{1,4})?)\s*([%％]?)$/.exec(text.normalize('NFKC'));
  const value = Number(match?.[1]);
  const rateBp = Math.round(match?.[2] || value >= 1 ? value * 100 : value * 10_000);
  if (!match || rateBp > 10_000) return refuse('taxRate', 'catalog:import.problem.tax', { text: text.slice(0, 40) });
  return rateBp;
}

function readMonths(text: string, refuse: Refuse): number | null {
  if (text === '') return null;
  const months = Number(/^(\d{1,3})(?:\.0+)?\s*(?:个?月|months?)?$/i.exec(text.normalize('NFKC'))?.[1] ?? Number.NaN);
  return months <= 120 ? months : refuse('warranty', 'catalog:import.problem.warranty');
}

function readPrices(
  price: string,
  floor: string,
  refuse: Refuse,
): { priceFen: number | null; floorFen: number | null } {
  const read = (column: string, text: string): number | null => {
    if (text === '') return null;
    try {
      const amount = parseMoney(text);
      return amount < 0 || amount > 1_000_000_000 ? refuse(column, 'pricing:error.price_range') : amount;
    } catch (error) {
      if (!isDomainError(error)) throw error;
      return refuse(column, error.code, error.details);
    }
  };
  const priceFen = read('price', price);
  const floorFen = read('floor', floor);
  if (floorFen !== null && priceFen === null && price === '')
    refuse('floor', 'catalog:import.problem.floor_without_price');
  if (floorFen !== null && priceFen !== null && floorFen > priceFen)
    refuse('floor', 'catalog:import.problem.floor_above_price');
  return { priceFen, floorFen };
}

/** What makes rows one product. */
export const productKey = (row: Pick<ProductRow, 'brandKey' | 'nameKey'>): string => `${row.brandKey}\n${row.nameKey}`;

/** Problems among the rows themselves: codes, barcodes and variants that stand twice, a product told in two ways. */
export function problemsAmongRows(rows: readonly ProductRow[]): RowProblem[] {
  const problems: RowProblem[] = [];
  const first = {
    code: new Map<string, number>(),
    barcode: new Map<string, number>(),
    variant: new Map<string, number>(),
  };
  const products = new Map<string, ProductRow>();
  for (const row of rows) {
    const seen = (kind: keyof typeof first, key: string): number | undefined => {
      const line = first[kind].get(key);
      if (line === undefined) first[kind].set(key, row.line);
      return line;
    };
    const refuse = (column: string, code: string, details: Record<string, unknown>): void => {
      problems.push({ line: row.line, column, code: `catalog:import.problem.${code}`, details });
    };
    const codeLine = row.code === null ? undefined : seen('code', row.code);
    if (codeLine !== undefined) refuse('code', 'code_repeated', { code: row.code, line: codeLine });
    for (const value of row.barcodes) {
      const line = seen('barcode', value);
      if (line !== undefined) refuse('barcode', 'barcode_repeated', { value, line });
    }
    const variantLine = seen('variant', `${productKey(row)}\n${variantKey(row)}`);
    if (variantLine !== undefined) refuse('name', 'variant_repeated', { line: variantLine });
    const told = products.get(productKey(row));
    if (!told) products.set(productKey(row), row);
    else
      for (const [column, value] of differing(told, row)) refuse(column, 'model_differs', { line: told.line, value });
  }
  return problems;
}

/** What a later row of the same product says otherwise; an empty cell says nothing. */
function differing(one: ProductRow, other: ProductRow): [string, string][] {
  const pairs: [string, string | number | null, string | number | null][] = [
    ['category', one.categoryPath.map(nameKey).join('/'), other.categoryPath.map(nameKey).join('/')],
    ['model', one.modelNumber, other.modelNumber],
    ['tracking', one.tracking, other.tracking],
    ['taxRate', one.taxRateBp, other.taxRateBp],
    ['warranty', one.warrantyMonths, other.warrantyMonths],
  ];
  return pairs
    .filter(([, told, now]) => now !== null && told !== null && told !== now)
    .map(([column, told]): [string, string] => [column, String(told)]);
}
