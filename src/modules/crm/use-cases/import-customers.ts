import { isDomainError, nearestWord, normaliseName, sameWord } from '../../../kernel';
import { chunked, type Reader, sql } from '../../../platform/database';
import type { KeyRing } from '../../../platform/crypto';
import type { ImportColumn, Importer, ImportPlan, ImportProblem, ImportRow } from '../../../platform/modules';
import { auditLog } from '../../../platform/unit-of-work';
import { listLevels, type MemberLevel } from '../../pricing';
import { checkCustomer, type CheckedCustomer, GENDERS } from '../domain/customer';
import { hashesOf, phoneIsOneOf } from '../store/customer-phone';
import { customer } from '../store/customer.table';
import { addCustomers, LEVEL_PERMISSION } from './save-customer';

const columns: readonly ImportColumn[] = [
  { key: 'phone', required: true, aliases: ['手机号', '手机', '电话', '联系电话', 'phone', 'mobile', 'tel'] },
  { key: 'name', required: false, aliases: ['姓名', '顾客', '顾客姓名', '会员姓名', '名称', 'name', 'customer'] },
  { key: 'level', required: false, aliases: ['会员等级', '等级', '会员级别', 'level', 'member level'] },
  { key: 'gender', required: false, aliases: ['性别', 'gender', 'sex'] },
  { key: 'birthOn', required: false, aliases: ['生日', '出生日期', 'birthday', 'date of birth'] },
  { key: 'note', required: false, aliases: ['备注', '说明', 'note', 'remark', 'remarks'] },
];

const WORDS: Readonly<Record<(typeof GENDERS)[number], readonly string[]>> = {
  female: ['女', '女士', 'female', 'f'],
  male: ['男', '先生', 'male', 'm'],
};

interface CustomerOfFile {
  line: number;
  words: CheckedCustomer;
  levelId: number | null;
}

/** New customers from a file, with member levels of the configuration. One whose number is known is named, never changed. */
export const customerImporter: Importer = {
  id: 'crm.customers',
  permission: 'crm.customer.edit',
  columns,
  plan: async (read, actor, fileRows, { onProgress, keys, today }): Promise<ImportPlan> => {
    const problems: ImportProblem[] = [];
    const rows: CustomerOfFile[] = [];
    const levels = (await listLevels(read)).filter(({ active }) => active);
    for (const [index, fileRow] of fileRows.entries()) {
      await onProgress(index, fileRows.length);
      const row = readRow(fileRow, levels, today, problems);
      if (row) rows.push(row);
    }
    const levelled = rows.find(({ levelId }) => levelId !== null);
    if (levelled && actor.scope(LEVEL_PERMISSION) !== 'all')
      problems.push({ line: levelled.line, column: 'level', code: 'crm:import.level_right' });
    problems.push(...(await knownAlready(read, keys, rows)));
    problems.sort((a, b) => a.line - b.line);
    return {
      problems,
      summary: { 'crm:import.new_customers': rows.length },
      apply: async (unit, onWritten) => {
        unit.needIds(customer, rows.length);
        unit.needIds(auditLog, 1);
        await addCustomers(unit, keys, rows);
        await onWritten(rows.length, rows.length);
      },
    };
  },
};

function readRow(
  { line, values }: ImportRow,
  levels: readonly MemberLevel[],
  today: string,
  problems: ImportProblem[],
): CustomerOfFile | null {
  const before = problems.length;
  const refuse = (column: string, code: string, details: Record<string, unknown> = {}): void =>
    void problems.push({ line, column, code, details });
  const text = (key: string): string => normaliseName(values[key] ?? '');
  const names = levels.map(({ name }) => name);
  const level = text('level') === '' ? null : sameWord(text('level'), names);
  if (level === undefined) {
    const meant = nearestWord(text('level'), names);
    const details = { text: text('level').slice(0, 40), meant, all: names.join('、') };
    refuse('level', meant ? 'crm:import.level_meant' : 'crm:import.level', details);
  }
  const typed = text('gender').toLowerCase();
  const gender = GENDERS.find((one) => WORDS[one].includes(typed)) ?? null;
  if (typed !== '' && gender === null) refuse('gender', 'crm:import.gender', { text: typed.slice(0, 40) });
  if (text('phone') === '') refuse('phone', 'errors:field.required');
  if (/^\d(?:\.\d+)?E\+\d+$/i.test(text('phone'))) refuse('phone', 'crm:import.rounded', { text: text('phone') });
  if (problems.length > before) return null;
  try {
    const birthOn = text('birthOn')
      .replace(/[/.年月]/g, '-')
      .replace(/日$/, '');
    const padded = birthOn.replace(/-(\d)(?=-|$)/g, '-0$1');
    const words = checkCustomer(
      { name: text('name'), phone: text('phone'), gender, birthOn: padded, note: text('note') },
      today,
    );
    return { line, words, levelId: levels.find(({ name }) => name === level)?.id ?? null };
  } catch (error) {
    if (!isDomainError(error)) throw error;
    for (const { path, code, details } of error.fields) refuse(path, code, details);
    return null;
  }
}

/** A number on two lines, or one that a customer has: the line is named. */
async function knownAlready(read: Reader, keys: KeyRing, rows: readonly CustomerOfFile[]): Promise<ImportProblem[]> {
  const problems: ImportProblem[] = [];
  const byPhone = new Map<string, CustomerOfFile>();
  for (const row of rows) {
    const phone = row.words.phone ?? '';
    const first = byPhone.get(phone);
    if (first)
      problems.push({ line: row.line, column: 'phone', code: 'crm:import.twice', details: { line: first.line } });
    else byPhone.set(phone, row);
  }
  for (const chunk of chunked([...byPhone.keys()], 100)) {
    const taken = await read.all<{ phoneHash: string | null; phoneHashAlt: string | null; code: string }>(
      sql`SELECT c.phone_hash, c.phone_hash_alt, c.code FROM customer c WHERE ${phoneIsOneOf(keys, 'c', chunk)}`,
    );
    const lines = new Map(
      taken.length === 0
        ? []
        : chunk.flatMap((phone) => hashesOf(keys, phone).map((hash) => [hash, byPhone.get(phone)?.line ?? 0] as const)),
    );
    for (const { phoneHash, phoneHashAlt, code } of taken) {
      const line = lines.get(phoneHash ?? '') ?? lines.get(phoneHashAlt ?? '') ?? 0;
      problems.push({ line, column: 'phone', code: 'crm:import.known', details: { code } });
    }
  }
  return problems;
}
