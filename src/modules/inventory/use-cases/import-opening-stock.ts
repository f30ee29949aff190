import {
  addMonths,
  type BusinessDate,
  invalid,
  isDomainError,
  normaliseCode,
  parseBusinessDate,
  parseMoney,
  parseQuantity,
  parseScanLine,
  splitTax,
  fen,
} from '../../../kernel';
import { findByNumbers, type Identifier } from '../../../ledger';
import type { Reader } from '../../../platform/database';
import type { Importer, ImportPlan, ImportProblem, ImportRow } from '../../../platform/modules';
import { type Actor, can } from '../../../platform/permissions';
import { type SkuCard, skusByCodes } from '../../catalog';
import { listStores, type LocationRow, locationsOf, type StoreRow } from '../../organization';
import type { OpeningLine } from '../domain/opening-posting';
import { postOpeningStock } from './post-opening-stock';

const COLUMNS = [
  {
    key: 'sku',
    required: true,
    aliases: ['商品编码', '编码', '条码', '商品条码', 'SKU', '货号', 'code', 'sku code', 'barcode'],
  },
  { key: 'store', required: false, aliases: ['门店', '门店编码', '仓库', '店铺', 'store', 'store code', 'warehouse'] },
  { key: 'location', required: false, aliases: ['库位', '库位编码', 'location', 'location code', 'bin'] },
  { key: 'imei1', required: false, aliases: ['串号', '串号1', 'IMEI', 'IMEI1', 'MEID'] },
  { key: 'imei2', required: false, aliases: ['串号2', 'IMEI2'] },
  { key: 'sn', required: false, aliases: ['序列号', 'SN', 'serial', 'serial number'] },
  { key: 'quantity', required: false, aliases: ['数量', '库存', '库存数量', 'qty', 'quantity'] },
  { key: 'cost', required: true, aliases: ['成本', '单位成本', '成本价', '不含税成本', 'cost', 'unit cost'] },
  { key: 'costWithTax', required: false, aliases: ['含税成本', '进价', '含税进价', 'cost incl. tax'] },
  {
    key: 'receivedOn',
    required: false,
    aliases: ['入库日期', '入库日', '进货日期', 'received', 'received on', 'date'],
  },
  { key: 'batch', required: false, aliases: ['批号', '批次', '批次号', 'batch', 'batch number', 'lot'] },
  {
    key: 'expiresOn',
    required: false,
    aliases: ['有效期', '有效期至', '到期日', '保质期至', 'expires', 'expiry', 'expiry date'],
  },
] as const;

/** Where a line belongs and what may be stocked: read once for the whole file. */
interface Books {
  skus: Map<string, SkuCard>;
  stores: Map<string, StoreRow>;
  locations: Map<number, LocationRow[]>;
  defaultStoreId: number | null;
  today: string;
}

export const openingStockImporter: Importer = {
  id: 'inventory.opening',
  permission: 'inventory.opening.post',
  // Either cost column will do; `cost` is checked per row, so neither is required of the file.
  columns: COLUMNS.map((column) => ({ ...column, required: column.key === 'sku' })),
  plan: planOpeningStock,
};

async function planOpeningStock(
  read: Reader,
  actor: Actor,
  rows: readonly ImportRow[],
  { storeId, today }: { storeId: number | null; today: string },
): Promise<ImportPlan> {
  const stores = await listStores(read);
  const books: Books = {
    skus: await skusByCodes(read, rows.map((row) => row.values.sku ?? '').filter(Boolean)),
    stores: new Map(
      stores.flatMap((store) => [[store.code.toUpperCase(), store] as const, [store.name, store] as const]),
    ),
    locations: new Map(await Promise.all(stores.map(async ({ id }) => [id, await locationsOf(read, id)] as const))),
    defaultStoreId: storeId,
    today,
  };
  const problems: ImportProblem[] = [];
  const lines: OpeningLine[] = [];
  for (const row of rows) {
    const found = readRow(row, books, actor);
    problems.push(...found.problems);
    if (found.line) lines.push(found.line);
  }
  problems.push(...doubles(lines), ...(await onBooks(read, lines)));
  problems.sort((a, b) => a.line - b.line);
  const byStore = Map.groupBy(lines, (line) => line.storeId);
  const devices = lines.filter((line) => line.identifiers.length > 0).length;
  return {
    problems,
    summary: {
      'inventory:import.stores': byStore.size,
      'inventory:import.devices': devices,
      'inventory:import.goods': lines
        .filter((line) => line.identifiers.length === 0)
        .reduce((sum, line) => sum + line.quantity, 0),
    },
    apply: async (unit, onProgress) => {
      let done = 0;
      for (const [id, own] of byStore) {
        const before = done;
        await postOpeningStock(unit, {
          storeId: id,
          businessDate: today,
          lines: own,
          onProgress: (part) => onProgress(before + part, lines.length),
        });
        done += own.length;
      }
    },
  };
}

function readRow(row: ImportRow, books: Books, actor: Actor): { line?: OpeningLine; problems: ImportProblem[] } {
  const problems: ImportProblem[] = [];
  const value = (key: string): string => (row.values[key] ?? '').trim();
  const refuse = (column: string, code: string, details: Record<string, unknown> = {}): undefined => {
    problems.push({ line: row.line, column, code, details });
    return undefined;
  };
  const attempt = <T>(column: string, work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      if (!isDomainError(error)) throw error;
      return refuse(column, error.code, error.details);
    }
  };

  const sku =
    books.skus.get(row.values.sku ?? '') ?? refuse('sku', 'inventory:import.unknown_sku', { text: value('sku') });
  const store =
    storeOf(value('store'), books) ?? refuse('store', 'inventory:import.unknown_store', { text: value('store') });
  if (store && !can(actor, 'inventory.opening.post', store.id))
    refuse('store', 'inventory:import.foreign_store', { store: store.name });
  const location =
    store &&
    (locationOf(value('location'), books.locations.get(store.id) ?? []) ??
      refuse('location', 'inventory:import.unknown_location', { text: value('location'), store: store.name }));
  const identifiers = numbersOf(row, refuse);
  const quantity = attempt('quantity', () => quantityOf(value('quantity')));
  const unitFen = attempt(value('cost') ? 'cost' : 'costWithTax', () => {
    if (value('cost')) return parseMoney(value('cost'));
    if (value('costWithTax')) return splitTax(parseMoney(value('costWithTax')), sku?.taxRateBp ?? 0).netFen;
    return undefined;
  });
  if (unitFen === undefined && !problems.some(({ column }) => column === 'cost' || column === 'costWithTax'))
    refuse('cost', 'inventory:import.no_cost');
  if (unitFen !== undefined && unitFen < 0) refuse('cost', 'inventory:import.negative_cost');
  const receivedOn = attempt('receivedOn', () =>
    value('receivedOn') ? parseBusinessDate(value('receivedOn')) : (books.today as BusinessDate),
  );
  if (receivedOn && receivedOn > books.today) refuse('receivedOn', 'inventory:import.future', { date: receivedOn });
  const batch = sku?.tracking === 'batch' ? batchOf(value, attempt, refuse) : undefined;
  if (sku?.tracking === 'serial') {
    if (identifiers.length === 0 && !problems.some(({ column }) => column === 'imei1'))
      refuse('imei1', 'inventory:import.no_number', { sku: sku.name });
    if (quantity !== undefined && quantity !== 1) refuse('quantity', 'inventory:import.one_device', { quantity });
  } else if (sku?.tracking === 'service') refuse('sku', 'inventory:import.service', { sku: sku.name });
  else if (sku && identifiers.length > 0) refuse('imei1', 'inventory:import.not_serial', { sku: sku.name });
  if (
    problems.length > 0 ||
    !sku ||
    !store ||
    !location ||
    quantity === undefined ||
    unitFen === undefined ||
    !receivedOn
  )
    return { problems };
  return {
    problems,
    line: {
      lineNo: row.line,
      skuId: sku.id,
      storeId: store.id,
      locationId: location.id,
      quantity,
      valueFen: fen(unitFen * quantity),
      identifiers,
      ...(batch ? { batch } : {}),
      receivedOn,
      makerWarrantyUntil:
        sku.tracking === 'serial' && sku.warrantyMonths > 0 ? addMonths(receivedOn, sku.warrantyMonths) : null,
    },
  };
}

function batchOf(
  value: (key: string) => string,
  attempt: <T>(column: string, work: () => T) => T | undefined,
  refuse: (column: string, code: string, details?: Record<string, unknown>) => undefined,
): OpeningLine['batch'] {
  const code = normaliseCode(value('batch')) || null;
  if ([...(code ?? '')].length > 40) refuse('batch', 'errors:field.too_long', { max: 40 });
  const text = value('expiresOn');
  return { code, expiresOn: text ? (attempt('expiresOn', () => parseBusinessDate(text)) ?? null) : null };
}

const storeOf = (text: string, books: Books): StoreRow | undefined =>
  text
    ? (books.stores.get(text.toUpperCase()) ?? books.stores.get(text))
    : [...books.stores.values()].find(({ id }) => id === books.defaultStoreId);

const locationOf = (text: string, locations: readonly LocationRow[]): LocationRow | undefined =>
  text
    ? locations.find(({ code, name }) => code.toUpperCase() === text.toUpperCase() || name === text)
    : locations.find(({ isDefault }) => isDefault);

/** Empty: one. Excel writes 3 as 3.00 in some exports. */
function quantityOf(text: string): number {
  const quantity = text === '' ? 1 : parseQuantity(text.replace(/\.0+$/, ''));
  if (quantity < 1) throw invalid('inventory:import.quantity', { quantity });
  return quantity;
}

/** Numbers of a device; whatever is not clearly a number is refused with its reason, never guessed. */
function numbersOf(
  row: ImportRow,
  refuse: (column: string, code: string, details?: Record<string, unknown>) => undefined,
): Identifier[] {
  const identifiers: Identifier[] = [];
  for (const column of ['imei1', 'imei2', 'sn'] as const) {
    const text = (row.values[column] ?? '').trim();
    if (!text) continue;
    const parsed = parseScanLine(column === 'sn' ? `SN: ${text}` : text);
    for (const problem of parsed.problems)
      if (problem.level !== 'note') refuse(column, problem.code, { ...problem.details, text: problem.text });
    for (const { kind, value } of parsed.identifiers) {
      if (column !== 'sn' && kind === 'sn') refuse(column, 'inventory:import.not_imei', { text });
      else identifiers.push({ kind, value });
    }
  }
  return identifiers;
}

/** The same number twice in the file: both lines are named. */
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

async function onBooks(read: Reader, lines: readonly OpeningLine[]): Promise<ImportProblem[]> {
  const lineOf = new Map(
    lines.flatMap(({ lineNo, identifiers }) => identifiers.map(({ value }) => [value, lineNo] as const)),
  );
  const found = await findByNumbers(read, [...lineOf.keys()]);
  return found
    .filter(({ active }) => active)
    .map(({ number }) => ({
      line: lineOf.get(number) ?? 0,
      column: 'imei1',
      code: 'inventory:import.on_books',
      details: { number },
    }));
}
