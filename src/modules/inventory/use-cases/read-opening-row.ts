import {
  addMonths,
  type BusinessDate,
  fen,
  invalid,
  isDomainError,
  normaliseCode,
  normaliseName,
  parseBusinessDate,
  parseMoney,
  parseQuantity,
  parseScanLine,
  splitTax,
} from '../../../kernel';
import type { Identifier } from '../../../ledger';
import type { ImportProblem, ImportRow } from '../../../platform/modules';
import { type Actor, can } from '../../../platform/permissions';
import type { SkuCard } from '../../catalog';
import type { LocationRow, StoreRow } from '../../organization';
import { bucketOf } from '../domain/opening-columns';
import type { OpeningLine } from '../domain/opening-posting';

/** Where a line belongs and what may be stocked: read once for the whole file. */
export interface OpeningBooks {
  /** By code or barcode, as the file writes it. */
  skus: ReadonlyMap<string, SkuCard>;
  /** By full name, for rows without a code; a name may be that of several. */
  skusByName: ReadonlyMap<string, readonly SkuCard[]>;
  /** By code (upper case) and name. */
  stores: ReadonlyMap<string, StoreRow>;
  locations: ReadonlyMap<number, LocationRow[]>;
  defaultStoreId: number | null;
  today: BusinessDate;
}

type Attempt = <T>(column: string, work: () => T) => T | undefined;
type Refuse = (column: string, code: string, details?: Record<string, unknown>) => undefined;

/** What a row means; whatever is wrong with it is named at its column, never guessed. */
export function readOpeningRow(
  row: ImportRow,
  books: OpeningBooks,
  actor: Actor,
): { line?: OpeningLine; problems: ImportProblem[] } {
  const problems: ImportProblem[] = [];
  const value = (key: string): string => (row.values[key] ?? '').trim();
  const refuse: Refuse = (column, code, details = {}) => {
    problems.push({ line: row.line, column, code: `inventory:import.${code}`, details });
    return undefined;
  };
  const attempt: Attempt = (column, work) => {
    try {
      return work();
    } catch (error) {
      if (!isDomainError(error)) throw error;
      problems.push({ line: row.line, column, code: error.code, details: error.details });
      return undefined;
    }
  };
  const refused = (...columns: string[]): boolean => problems.some(({ column }) => columns.includes(column ?? ''));

  const sku = skuOf(value('sku'), value('name'), books, refuse);
  const named = value('store');
  const store = storeOf(named, books) ?? refuse('store', named === '' ? 'no_store' : 'unknown_store', { text: named });
  if (store && !can(actor, 'inventory.opening.post', store.id)) refuse('store', 'foreign_store', { store: store.name });
  const location =
    store &&
    (locationOf(value('location'), books.locations.get(store.id) ?? []) ??
      refuse('location', 'unknown_location', { text: value('location'), store: store.name }));
  const identifiers = numbersOf(row, problems);
  const bucket = bucketOf(value('state')) ?? refuse('state', 'not_in_stock', { text: value('state') });
  const quantity = attempt('quantity', () => quantityOf(value('quantity')));
  const valueFen = costOf(value, quantity ?? 1, sku?.taxRateBp ?? 0, attempt);
  if (valueFen === undefined && !refused('cost', 'costWithTax', 'value')) refuse('cost', 'no_cost');
  if (valueFen !== undefined && valueFen < 0) refuse('cost', 'negative_cost');
  const receivedOn = attempt('receivedOn', () =>
    value('receivedOn') ? parseBusinessDate(value('receivedOn').slice(0, 10)) : books.today,
  );
  if (receivedOn && receivedOn > books.today) refuse('receivedOn', 'future', { date: receivedOn });
  const batch = sku?.tracking === 'batch' ? batchOf(value, attempt, refuse) : undefined;
  if (sku?.tracking === 'serial') {
    if (identifiers.length === 0 && !refused('imei1')) refuse('imei1', 'no_number', { sku: sku.name });
    if (quantity !== undefined && quantity !== 1) refuse('quantity', 'one_device', { quantity });
  } else if (sku?.tracking === 'service') refuse('sku', 'service', { sku: sku.name });
  else if (sku && identifiers.length > 0) refuse('imei1', 'not_serial', { sku: sku.name });
  if (problems.length > 0 || !sku || !store || !location || !bucket || !quantity || !receivedOn) return { problems };
  return {
    problems,
    line: {
      lineNo: row.line,
      skuId: sku.id,
      storeId: store.id,
      locationId: location.id,
      bucket,
      quantity,
      valueFen: fen(valueFen ?? 0),
      identifiers,
      ...(batch ? { batch } : {}),
      receivedOn,
      makerWarrantyUntil:
        sku.tracking === 'serial' && sku.warrantyMonths > 0 ? addMonths(receivedOn, sku.warrantyMonths) : null,
    },
  };
}

function skuOf(code: string, name: string, { skus, skusByName }: OpeningBooks, refuse: Refuse): SkuCard | undefined {
  if (code) return skus.get(code) ?? refuse('sku', 'unknown_sku', { text: code });
  if (!name) return refuse('sku', 'no_sku');
  const named = skusByName.get(normaliseName(name)) ?? [];
  if (named.length > 1) return refuse('name', 'several_named', { text: name, count: named.length });
  return named[0] ?? refuse('name', 'unknown_name', { text: name });
}

/** What the row's goods cost without tax, in fen: per piece without or with tax, or as a sum. Undefined when it does not say. */
function costOf(
  value: (key: string) => string,
  quantity: number,
  taxRateBp: number,
  attempt: Attempt,
): number | undefined {
  if (value('cost')) return attempt('cost', () => parseMoney(value('cost')) * quantity);
  if (value('costWithTax'))
    return attempt('costWithTax', () => splitTax(parseMoney(value('costWithTax')), taxRateBp).netFen * quantity);
  return value('value') ? attempt('value', () => parseMoney(value('value'))) : undefined;
}

function batchOf(value: (key: string) => string, attempt: Attempt, refuse: Refuse): OpeningLine['batch'] {
  const code = normaliseCode(value('batch')) || null;
  if ([...(code ?? '')].length > 40) refuse('batch', 'long_batch', { max: 40 });
  const text = value('expiresOn');
  return { code, expiresOn: text ? (attempt('expiresOn', () => parseBusinessDate(text)) ?? null) : null };
}

function storeOf(text: string, { stores, defaultStoreId }: OpeningBooks): StoreRow | undefined {
  if (text) return stores.get(text.toUpperCase()) ?? stores.get(text);
  for (const store of stores.values()) if (store.id === defaultStoreId) return store;
  return undefined;
}

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

/** Numbers of a device; whatever is not clearly a number is refused with its reason. */
function numbersOf(row: ImportRow, problems: ImportProblem[]): Identifier[] {
  const identifiers: Identifier[] = [];
  for (const column of ['imei1', 'imei2', 'sn'] as const) {
    const text = (row.values[column] ?? '').trim();
    if (!text) continue;
    const parsed = parseScanLine(column === 'sn' ? `SN: ${text}` : text);
    for (const { level, code, details, text: shown } of parsed.problems)
      if (level !== 'note') problems.push({ line: row.line, column, code, details: { ...details, text: shown } });
    for (const { kind, value } of parsed.identifiers) {
      if (column !== 'sn' && kind === 'sn')
        problems.push({ line: row.line, column, code: 'inventory:import.not_imei', details: { text } });
      else identifiers.push({ kind, value });
    }
  }
  return identifiers;
}
