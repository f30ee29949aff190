import { normaliseName, shorten } from '../../../kernel';
import { chunked, type Reader, sql } from '../../../platform/database';
import type {
  ImportColumn,
  Importer,
  ImportPlan,
  ImportProblem,
  ImportProgress,
  ImportRow,
} from '../../../platform/modules';
import { auditLog, type Unit } from '../../../platform/unit-of-work';
import { nameKey } from '../domain/variant';
import { tac } from '../store/catalog.table';

/** Lists of TACs name up to twelve models for one code, in as many columns. */
const MODEL_COLUMNS = Array.from({ length: 12 }, (_, index) => (index === 0 ? 'model' : `model${index + 1}`));

const columns: readonly ImportColumn[] = [
  { key: 'tac', required: true, aliases: ['TAC', 'TAC码', '型号核准码', '串号前8位', 'type allocation code'] },
  { key: 'brand', required: false, aliases: ['品牌', '厂商', 'brand', 'brand name', 'manufacturer', 'make'] },
  ...MODEL_COLUMNS.map((key, index) => ({
    key,
    required: index === 0,
    aliases:
      index === 0
        ? ['机型', '型号', 'model', 'model name', 'marketing name', 'name']
        : [`机型${index + 1}`, `型号${index + 1}`],
  })),
];

interface TacRow {
  line: number;
  code: string;
  brandText: string | null;
  models: string[];
}

/** Which model the first eight digits of an IMEI mean. A code that is known already gets the file's words. */
export const tacImporter: Importer = {
  id: 'catalog.tacs',
  permission: 'catalog.product.edit',
  columns,
  plan: async (read, _actor, fileRows, { onProgress }): Promise<ImportPlan> => {
    const problems: ImportProblem[] = [];
    const rows = new Map<string, TacRow>();
    for (const [index, fileRow] of fileRows.entries()) {
      await onProgress(index, fileRows.length);
      const row = readRow(fileRow, problems);
      const earlier = row && rows.get(row.code);
      // Makers give one code to several names of a model: such rows belong together.
      if (earlier?.brandText === row?.brandText && earlier && row)
        earlier.models = [...new Set([...earlier.models, ...row.models])];
      else if (earlier && row)
        problems.push({
          line: row.line,
          column: 'brand',
          code: 'catalog:import.problem.tac_repeated',
          details: { code: row.code, line: earlier.line },
        });
      else if (row) rows.set(row.code, row);
    }
    const known = await knownTacs(read, [...rows.keys()]);
    return {
      problems,
      summary: {
        'catalog:import.new_tacs': rows.size - known.size,
        'catalog:import.changed_tacs': [...rows.values()].filter((row) => {
          const there = known.get(row.code);
          return there !== undefined && (there.modelText !== modelText(row) || there.brandText !== row.brandText);
        }).length,
      },
      apply: (unit, onWritten) => write(unit, [...rows.values()], onWritten),
    };
  },
};

const modelText = (row: TacRow): string => shorten(row.models.join(' / '), 120);

function readRow({ line, values }: ImportRow, problems: ImportProblem[]): TacRow | null {
  // A spreadsheet takes the leading zero of a number away: seven digits had one.
  const typed = (values.tac ?? '').normalize('NFKC').replace(/\s/g, '');
  const code = /^\d{7}$/.test(typed) ? `0${typed}` : typed;
  const models = MODEL_COLUMNS.map((key) => normaliseName(values[key] ?? '')).filter(Boolean);
  const refuse = (column: string, problem: string, details: Record<string, unknown> = {}): null => {
    problems.push({ line, column, code: `catalog:import.problem.${problem}`, details });
    return null;
  };
  if (!/^\d{8}$/.test(code)) return refuse('tac', 'tac', { text: typed.slice(0, 40) });
  if (models.length === 0) return refuse('model', 'required');
  const brandText = normaliseName(values.brand ?? '') || null;
  if (brandText && brandText.length > 60) return refuse('brand', 'too_long', { max: 60 });
  return { line, code, brandText, models };
}

async function knownTacs(
  read: Reader,
  codes: readonly string[],
): Promise<Map<string, { id: number; brandText: string | null; modelText: string }>> {
  const known = new Map<string, { id: number; brandText: string | null; modelText: string }>();
  for (const chunk of chunked(codes)) {
    const rows = await read.all<{ id: number; code: string; brandText: string | null; modelText: string }>(
      sql`SELECT id, code, brand_text, model_text FROM tac WHERE code IN (${sql.list(chunk)}) ORDER BY id`,
    );
    for (const { code, ...row } of rows) known.set(code, row);
  }
  return known;
}

async function write(unit: Unit, rows: readonly TacRow[], onProgress: ImportProgress): Promise<void> {
  unit.needIds(tac, rows.length);
  unit.needIds(auditLog, 1);
  const known = await knownTacs(
    unit,
    rows.map((row) => row.code),
  );
  const productOf = await productsByModel(unit);
  const fresh: {
    id: number;
    code: string;
    brandText: string | null;
    modelText: string;
    productId: number | null;
    updatedAt: number;
  }[] = [];
  for (const [index, row] of rows.entries()) {
    await onProgress(index, rows.length);
    const there = known.get(row.code);
    const words = {
      brandText: row.brandText ?? there?.brandText ?? null,
      modelText: modelText(row),
      productId: productOf(row.models),
      updatedAt: unit.now,
    };
    if (!there) fresh.push({ id: 0, code: row.code, ...words });
    else if (there.modelText !== words.modelText || there.brandText !== words.brandText)
      await unit.update(tac, there.id, words);
  }
  const firstId = fresh.length > 0 ? unit.takeIds(tac, fresh.length) : 0;
  await unit.insert(
    tac,
    fresh.map((row, index) => ({ ...row, id: firstId + index })),
  );
  await unit.audit({ action: 'catalog.tac.import', detail: { rows: rows.length, added: fresh.length } });
  await onProgress(rows.length, rows.length);
}

/** Finds the one product whose model number or name a list of models names. */
async function productsByModel(read: Reader): Promise<(models: readonly string[]) => number | null> {
  const rows = await read.all<{ id: number; nameKey: string; modelNumber: string | null }>(
    sql`SELECT id, name_key, model_number FROM product ORDER BY id`,
  );
  const byKey = new Map<string, number>();
  for (const row of rows) {
    byKey.set(row.nameKey, row.id);
    if (row.modelNumber) byKey.set(nameKey(row.modelNumber), row.id);
  }
  return (models) => {
    const found = new Set(models.map((model) => byKey.get(nameKey(model))).filter((id) => id !== undefined));
    return found.size === 1 ? ([...found][0] ?? null) : null;
  };
}
