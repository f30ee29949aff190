import {
  type FieldProblem,
  isDomainError,
  nearestWord,
  normaliseName,
  parseMoney,
  parseQuantity,
  sameWord,
} from '../../../kernel';
import type { KeyRing } from '../../../platform/crypto';
import { type Reader, sql } from '../../../platform/database';
import type {
  ImportColumn,
  Importer,
  ImportPlan,
  ImportProblem,
  ImportProgress,
  ImportRow,
} from '../../../platform/modules';
import { auditLog, type Unit } from '../../../platform/unit-of-work';
import { sealSupplier } from '../store/supplier-secrets';
import { supplier } from '../store/supplier.table';
import { supplierBankChange } from '../store/supplier-bank.table';
import { insertBankChanges } from './change-bank-data';
import type { PaymentTerms } from '../domain/payment-terms';
import { supplierCategories } from '../queries/supplier-categories';
import { checkSupplier, supplierCode } from './save-supplier';

const columns: readonly ImportColumn[] = [
  {
    key: 'name',
    required: true,
    aliases: ['供应商名称', '供应商', '名称', '单位名称', 'name', 'supplier', 'supplier name'],
  },
  { key: 'code', required: false, aliases: ['供应商编码', '编码', '代码', 'code', 'supplier code'] },
  { key: 'category', required: false, aliases: ['类别', '供应商类别', '分类', 'category'] },
  { key: 'contact', required: false, aliases: ['联系人', '业务员', 'contact', 'contact person'] },
  { key: 'phone', required: false, aliases: ['电话', '联系电话', '手机', '手机号', 'phone', 'tel', 'mobile'] },
  {
    key: 'taxNumber',
    required: false,
    aliases: ['税号', '纳税人识别号', '统一社会信用代码', 'tax number', 'vat number'],
  },
  { key: 'bank', required: false, aliases: ['开户行', '开户银行', '银行', 'bank'] },
  { key: 'bankAccount', required: false, aliases: ['银行账号', '账号', '银行卡号', 'bank account', 'account number'] },
  { key: 'address', required: false, aliases: ['地址', '联系地址', 'address'] },
  {
    key: 'paymentDays',
    required: false,
    aliases: ['账期', '账期天数', '付款天数', '账期（天）', 'payment days', 'terms'],
  },
  {
    key: 'paymentTerms',
    required: false,
    aliases: ['账期从哪天算', '账期起算', '结算方式', 'payment days count from', 'terms basis'],
  },
  { key: 'creditLimit', required: false, aliases: ['信用额度', '额度', 'credit limit'] },
  {
    key: 'leadDays',
    required: false,
    aliases: ['到货天数', '交货天数', 'days until delivery', 'lead time', 'lead days'],
  },
  { key: 'note', required: false, aliases: ['备注', '说明', 'note', 'remark', 'remarks'] },
];

type Fields = ReturnType<typeof checkSupplier>;
interface SupplierRowOfFile {
  line: number;
  fields: Fields;
}

/** New suppliers from a file, with categories of the configuration; bank accounts wait for a second look. One whose code or name is known already is named, never changed unasked. */
export const supplierImporter: Importer = {
  id: 'purchasing.suppliers',
  permission: 'purchasing.supplier.edit',
  columns,
  plan: async (read, _actor, fileRows, { onProgress, keys }): Promise<ImportPlan> => {
    const problems: ImportProblem[] = [];
    const rows: SupplierRowOfFile[] = [];
    const categories = await supplierCategories(read);
    for (const [index, fileRow] of fileRows.entries()) {
      await onProgress(index, fileRows.length);
      const row = readRow(fileRow, categories, problems);
      if (row) rows.push(row);
    }
    problems.push(...twins(rows), ...(await knownAlready(read, rows)));
    problems.sort((a, b) => a.line - b.line);
    return {
      problems,
      summary: { 'purchasing:import.new_suppliers': rows.length },
      apply: (unit, onWritten) => write(unit, keys, rows, onWritten),
    };
  },
};

function readRow(
  { line, values }: ImportRow,
  categories: readonly string[],
  problems: ImportProblem[],
): SupplierRowOfFile | null {
  const before = problems.length;
  const refuse = ({ path, code, details = {} }: FieldProblem): void =>
    void problems.push({ line, column: path, code, details });
  const paymentDays = readDays(values.paymentDays, () =>
    refuse({ path: 'paymentDays', code: 'purchasing:error.payment_days' }),
  );
  const leadDays = readDays(values.leadDays, () => refuse({ path: 'leadDays', code: 'purchasing:error.lead_days' }));
  const paymentTerms = readTerms(values.paymentTerms);
  if (paymentTerms === undefined) refuse({ path: 'paymentTerms', code: 'purchasing:import.terms' });
  let creditLimitFen: number | null = null;
  try {
    if (values.creditLimit?.trim()) creditLimitFen = parseMoney(values.creditLimit);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    refuse({ path: 'creditLimit', code: error.code, details: error.details });
  }
  const typed = normaliseName(values.category ?? '');
  const category = typed === '' ? null : sameWord(typed, categories);
  if (category === undefined) refuse({ path: 'category', ...unknownCategory(typed, categories) });
  for (const column of ['taxNumber', 'bankAccount', 'phone'] as const)
    if (/^\d(?:\.\d+)?E\+\d+$/i.test((values[column] ?? '').trim()))
      refuse({ path: column, code: 'purchasing:import.rounded', details: { text: values[column] } });
  if (problems.length > before) return null;
  try {
    const terms = { paymentTerms: paymentTerms ?? null, paymentDays: paymentDays ?? 0, leadDays, creditLimitFen };
    return { line, fields: checkSupplier({ ...values, name: values.name ?? '', category, ...terms }) };
  } catch (error) {
    if (!isDomainError(error)) throw error;
    for (const problem of error.fields) refuse(problem);
    return null;
  }
}

/** 30, 30天 and Excel's 30.0 are the same; null: nothing was written. */
function readDays(typed: string | undefined, refuse: () => void): number | null {
  const days = (typed ?? '').trim();
  if (days === '') return null;
  try {
    return parseQuantity(days.replace(/\s*(?:天|日|days?)$/i, '').replace(/\.0+$/, ''));
  } catch (error) {
    if (!isDomainError(error)) throw error;
    refuse();
    return null;
  }
}

/** undefined: neither of the two. */
function readTerms(typed: string | undefined): PaymentTerms | null | undefined {
  const text = normaliseName(typed ?? '');
  if (text === '') return null;
  if (/月结|月底|month/i.test(text)) return 'month_end';
  return /日期|入库|开票|date|receipt|invoice/i.test(text) ? 'date' : undefined;
}

function unknownCategory(text: string, categories: readonly string[]): Pick<FieldProblem, 'code' | 'details'> {
  const meant = nearestWord(text, categories);
  return meant
    ? { code: 'purchasing:import.category_meant', details: { text: text.slice(0, 40), meant } }
    : { code: 'purchasing:import.category', details: { text: text.slice(0, 40), all: categories.join('、') } };
}

/** The same code or name on two lines: the later one is named. */
function twins(rows: readonly SupplierRowOfFile[]): ImportProblem[] {
  const seen = new Map<string, number>();
  return rows.flatMap(({ line, fields }) =>
    (['code', 'name'] as const).flatMap((column) => {
      const text = fields[column];
      if (text === null) return [];
      const first = seen.get(`${column}/${text}`);
      if (first === undefined) seen.set(`${column}/${text}`, line);
      return first === undefined
        ? []
        : [{ line, column, code: 'purchasing:import.twice', details: { text, line: first } }];
    }),
  );
}

async function knownAlready(read: Reader, rows: readonly SupplierRowOfFile[]): Promise<ImportProblem[]> {
  const known = await read.all<{ code: string; name: string }>(sql`SELECT code, name FROM supplier ORDER BY id`);
  const byCode = new Map(known.map((row) => [row.code, row]));
  const byName = new Map(known.map((row) => [row.name, row]));
  return rows.flatMap(({ line, fields }) => {
    const code = fields.code === null ? undefined : byCode.get(fields.code);
    if (code) return [{ line, column: 'code', code: 'purchasing:error.supplier_code_taken', details: { ...code } }];
    const name = byName.get(fields.name);
    return name ? [{ line, column: 'name', code: 'purchasing:error.supplier_name_taken', details: { ...name } }] : [];
  });
}

async function write(
  unit: Unit,
  keys: KeyRing,
  rows: readonly SupplierRowOfFile[],
  onProgress: ImportProgress,
): Promise<void> {
  unit.needIds(supplier, rows.length);
  unit.needIds(supplierBankChange, rows.length);
  unit.needIds(auditLog, 1);
  if (rows.length === 0) return;
  const firstId = unit.takeIds(supplier, rows.length);
  await unit.insert(
    supplier,
    rows.map(({ fields }, index) => {
      const id = firstId + index;
      return {
        ...sealSupplier(keys, { ...fields, bank: null, bankAccount: null }),
        id,
        code: fields.code ?? supplierCode(id),
        createdAt: unit.now,
        version: 1,
      };
    }),
  );
  const accounts = rows.flatMap(({ fields: { bank, bankAccount } }, index) =>
    bank === null && bankAccount === null ? [] : [{ supplierId: firstId + index, bank, bankAccount }],
  );
  await insertBankChanges(unit, keys, accounts);
  await unit.audit({
    action: 'purchasing.supplier.import',
    detail: { added: rows.length, ...(accounts.length > 0 ? { accounts: accounts.length } : {}) },
  });
  await onProgress(rows.length, rows.length);
}
