import { isDomainError, normaliseName, parseBusinessDate, parseMoney, parseQuantity } from '../../../kernel';
import { type Reader, sql } from '../../../platform/database';
import type { ImportColumn, Importer, ImportPlan, ImportProblem, ImportRow } from '../../../platform/modules';
import { auditLog } from '../../../platform/unit-of-work';
import { skusByCodes } from '../../catalog';
import { supplierPrice, type SupplierPriceRow } from '../store/supplier-price.table';
import { authorisePrices, checkTerms, EDIT_PRICES } from './save-supplier-price';

const columns: readonly ImportColumn[] = [
  { key: 'supplier', required: true, aliases: ['供应商', '供应商名称', '供应商编码', 'supplier', 'supplier code'] },
  { key: 'sku', required: true, aliases: ['商品', '编码', '条码', '商品编码', 'sku', 'code', 'barcode', 'product'] },
  { key: 'unitPrice', required: true, aliases: ['含税单价', '单价', '价格', '进价', 'price', 'unit price'] },
  { key: 'fromOn', required: false, aliases: ['生效日期', '开始日期', '从', 'from', 'valid from'] },
  { key: 'untilOn', required: false, aliases: ['失效日期', '截止日期', '到', 'until', 'valid until'] },
  { key: 'minQuantity', required: false, aliases: ['起订量', '最小数量', 'min quantity', 'minimum'] },
  { key: 'packSize', required: false, aliases: ['包装数', '每箱数量', '装箱数', 'pack size', 'pack'] },
];

type Priced = Pick<SupplierPriceRow, 'supplierId' | 'skuId'> & ReturnType<typeof checkTerms> & { line: number };

/**
 * Price lists of suppliers from a file. A price that is there already for the same supplier, product, quantity and first day
 * takes the new amount; all others stay as they are.
 */
export const supplierPriceImporter: Importer = {
  id: 'purchasing.prices',
  permission: EDIT_PRICES,
  columns,
  plan: async (read, actor, fileRows, { today, onProgress }): Promise<ImportPlan> => {
    authorisePrices(actor);
    const problems: ImportProblem[] = [];
    const suppliers = await suppliersByWord(read);
    const cards = await skusByCodes(
      read,
      fileRows.map(({ values }) => normaliseName(values['sku'] ?? '')),
    );
    const seen = new Map<string, number>();
    const priced: Priced[] = [];
    for (const [index, fileRow] of fileRows.entries()) {
      await onProgress(index, fileRows.length);
      const { line, values } = fileRow;
      const refuse = (column: string, code: string, details: Record<string, unknown> = {}): void =>
        void problems.push({ line, column, code, details });
      const before = problems.length;
      const supplierId = suppliers.get(wordOf(values['supplier'] ?? ''));
      if (supplierId === undefined) refuse('supplier', 'purchasing:import.supplier_unknown', said(values['supplier']));
      const card = cards.get(normaliseName(values['sku'] ?? ''));
      if (!card || card.tracking === 'service') refuse('sku', 'purchasing:import.sku_unknown', said(values['sku']));
      const terms = readTerms(fileRow, today, refuse);
      if (problems.length > before || supplierId === undefined || !card || !terms) continue;
      const key = [supplierId, card.id, terms.minQuantity, terms.fromOn].join('/');
      const first = seen.get(key);
      if (first !== undefined) refuse('sku', 'purchasing:import.twice', { ...said(values['sku']), line: first });
      seen.set(key, line);
      priced.push({ line, supplierId, skuId: card.id, ...terms });
    }
    const known = await knownPrices(read, priced);
    const fresh = priced.filter((row) => !known.has(keyOf(row)));
    return {
      problems,
      summary: {
        'purchasing:import.new_prices': fresh.length,
        'purchasing:import.changed_prices': priced.length - fresh.length,
      },
      apply: async (unit, onWritten) => {
        unit.needIds(supplierPrice, fresh.length);
        unit.needIds(auditLog, 1);
        const made = { createdAt: unit.now, createdByName: unit.actor.name, version: 1 };
        if (fresh.length > 0) {
          const firstId = unit.takeIds(supplierPrice, fresh.length);
          await unit.insert(
            supplierPrice,
            fresh.map(({ line: _line, ...row }, index) => ({ id: firstId + index, ...row, ...made })),
          );
        }
        for (const row of priced) {
          const before = known.get(keyOf(row));
          if (!before) continue;
          const { untilOn, packSize, unitPriceFen } = row;
          await unit.update(supplierPrice, before.id, { untilOn, packSize, unitPriceFen }, before.version);
        }
        const detail = { added: fresh.length, changed: priced.length - fresh.length };
        await unit.audit({ action: 'purchasing.supplier_price.import', detail });
        await onWritten(fileRows.length, fileRows.length);
      },
    };
  },
};

const said = (text: string | undefined) => ({ text: (text ?? '').slice(0, 40) });
const wordOf = (text: string): string => normaliseName(text).toLowerCase();
const keyOf = (row: Pick<Priced, 'supplierId' | 'skuId' | 'minQuantity' | 'fromOn'>): string =>
  [row.supplierId, row.skuId, row.minQuantity, row.fromOn].join('/');

/** Suppliers by code and by name. */
async function suppliersByWord(read: Reader): Promise<Map<string, number>> {
  const rows = await read.all<{ id: number; code: string; name: string }>(
    sql`SELECT id, code, name FROM supplier ORDER BY id DESC`,
  );
  return new Map(rows.flatMap(({ id, code, name }) => [[wordOf(name), id] as const, [wordOf(code), id] as const]));
}

function readTerms(
  { values }: ImportRow,
  today: string,
  refuse: (column: string, code: string, details?: Record<string, unknown>) => void,
): ReturnType<typeof checkTerms> | null {
  let asRead = true;
  const read = <T>(column: string, parse: (text: string) => T, empty: T): T => {
    const text = (values[column] ?? '').trim();
    if (text === '') return empty;
    try {
      return parse(text);
    } catch (error) {
      if (!isDomainError(error)) throw error;
      refuse(column, error.code, { text: text.slice(0, 40), ...error.details });
      asRead = false;
      return empty;
    }
  };
  const pieces = (text: string): number => parseQuantity(text.replace(/\.0+$/, ''));
  const terms = {
    unitPriceFen: read<number | null>('unitPrice', parseMoney, null),
    fromOn: read<string>('fromOn', parseBusinessDate, today),
    untilOn: read<string | null>('untilOn', parseBusinessDate, null),
    minQuantity: read<number | null>('minQuantity', pieces, null),
    packSize: read<number | null>('packSize', pieces, null),
  };
  // What could not be read is refused once, at its own column.
  if (!asRead) return null;
  try {
    return checkTerms(terms);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    for (const { path, code, details } of error.fields) refuse(path, code, details);
    return null;
  }
}

async function knownPrices(read: Reader, priced: readonly Priced[]): Promise<Map<string, SupplierPriceRow>> {
  const known = new Map<string, SupplierPriceRow>();
  for (const supplierId of new Set(priced.map((row) => row.supplierId)))
    for (const row of await read.rows(
      supplierPrice,
      sql`SELECT * FROM supplier_price WHERE supplier_id = ${supplierId}`,
    ))
      known.set(keyOf(row), row);
  return known;
}
