import {
  emptyToNull,
  type FieldProblem,
  invalid,
  invalidField,
  normaliseCode,
  normaliseName,
  notFound,
} from '../../../kernel';
import { duplicateKey, type Reader, sql } from '../../../platform/database';
import type { KeyRing } from '../../../platform/crypto';
import { type Actor, authorise } from '../../../platform/permissions';
import { searchKey } from '../../../platform/text-search';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import type { PaymentTerms } from '../domain/payment-terms';
import { supplierCategories } from '../queries/supplier-categories';
import { openSupplier, sealSupplier } from '../store/supplier-secrets';
import { supplier, type SupplierRow } from '../store/supplier.table';

export interface SupplierCommand {
  /** Left out or empty: one is made of its id, GYS0017. */
  code?: string | null | undefined;
  name: string;
  category?: string | null | undefined;
  contact?: string | null | undefined;
  phone?: string | null | undefined;
  taxNumber?: string | null | undefined;
  bank?: string | null | undefined;
  bankAccount?: string | null | undefined;
  address?: string | null | undefined;
  /** Left out: from the business date. */
  paymentTerms?: PaymentTerms | null | undefined;
  /** 0–365; left out: 0. */
  paymentDays?: number | undefined;
  /** Left out: no limit. */
  creditLimitFen?: number | null | undefined;
  /** 0–365; left out: not known. */
  leadDays?: number | null | undefined;
  note?: string | null | undefined;
  /** Left out: active. */
  active?: boolean | undefined;
}

export function createSupplier(
  uow: UnitOfWork,
  actor: Actor,
  keys: KeyRing,
  command: SupplierCommand,
  options?: RunOptions,
): Promise<{ id: number }> {
  authorise(actor, 'purchasing.supplier.edit');
  return uow.run(
    actor,
    async (unit) => {
      await requireCategory(unit, command.category);
      // Bank data come by a request of their own, which somebody else confirms.
      return { id: await addSupplier(unit, keys, { ...command, bank: null, bankAccount: null }) };
    },
    options,
  );
}

/** Throws 422 at `category` for one that is not, or no longer, in the configuration; `kept` is what the supplier has. */
async function requireCategory(read: Reader, typed: string | null | undefined, kept?: string | null): Promise<void> {
  const category = emptyToNull(normaliseName(typed ?? ''));
  if (category === null || category === kept) return;
  if ((await supplierCategories(read)).includes(category)) return;
  throw invalidField('category', 'purchasing:error.supplier_category', { category: category.slice(0, 40) });
}

/** The code of a supplier who was given none. */
export const supplierCode = (id: number): string => `GYS${String(id).padStart(4, '0')}`;

/** For callers that have checked the category, or know it. */
export async function addSupplier(unit: Unit, keys: KeyRing, command: SupplierCommand): Promise<number> {
  const fields = checkSupplier(command);
  const id = unit.takeIds(supplier);
  const code = fields.code ?? supplierCode(id);
  await refuseTaken(unit, null, code, fields.name);
  try {
    await unit.insert(supplier, [{ ...sealSupplier(keys, fields), code, id, createdAt: unit.now, version: 1 }]);
  } catch (error) {
    throw duplicateKey(error) ? taken(code) : error;
  }
  await unit.audit({
    action: 'purchasing.supplier.create',
    subjectType: 'purchasing.supplier',
    subjectId: id,
    detail: { code, name: fields.name },
  });
  return id;
}

export function changeSupplier(
  uow: UnitOfWork,
  actor: Actor,
  keys: KeyRing,
  command: SupplierCommand & { id: number; version: number },
  options?: RunOptions,
): Promise<{ id: number }> {
  authorise(actor, 'purchasing.supplier.edit');
  return uow.run(
    actor,
    async (unit) => {
      const before = await unit.get(supplier, command.id);
      if (!before) throw notFound('purchasing.supplier', command.id);
      const checked = checkSupplier(command);
      await requireCategory(unit, checked.category, before.category);
      const opened = openSupplier(keys, before);
      const { bank, bankAccount } = opened;
      const fields = { ...checked, code: checked.code ?? before.code, bank, bankAccount };
      await refuseTaken(unit, command.id, fields.code, fields.name);
      try {
        await unit.update(supplier, command.id, sealSupplier(keys, fields), command.version);
      } catch (error) {
        throw duplicateKey(error) ? taken(fields.code) : error;
      }
      await unit.audit({
        action: 'purchasing.supplier.edit',
        subjectType: 'purchasing.supplier',
        subjectId: command.id,
        detail: changesOf(opened, fields),
      });
      return { id: command.id };
    },
    options,
  );
}

type Sealed = 'contactCipher' | 'contactHash' | 'phoneCipher' | 'phoneHash' | 'bankAccountCipher';
type Stored = 'id' | 'code' | 'createdAt' | 'version' | Sealed;
export type SupplierFields = Omit<SupplierRow, Stored> & { code: string | null };

const LENGTHS = { name: 80, category: 40, contact: 40, bank: 80, address: 200, note: 400 } as const;

/** Cleans a supplier's fields; throws 'errors:form' with all that is wrong. */
export function checkSupplier(command: SupplierCommand): SupplierFields {
  const problems: FieldProblem[] = [];
  const words = (field: keyof typeof LENGTHS): string | null => {
    const text = emptyToNull(normaliseName(command[field] ?? ''));
    const max = LENGTHS[field];
    if (text && [...text].length > max) problems.push({ path: field, code: 'errors:field.too_long', details: { max } });
    return text;
  };
  const codeLike = (field: 'code' | 'phone' | 'taxNumber' | 'bankAccount', pattern: RegExp): string | null => {
    const text = normaliseCode(command[field] ?? '');
    if (text !== '' && !pattern.test(text)) problems.push({ path: field, code: `purchasing:error.supplier_${field}` });
    return text === '' ? null : text;
  };
  const name = words('name');
  if (!name) problems.push({ path: 'name', code: 'errors:field.required' });
  const paymentDays = command.paymentDays ?? 0;
  if (!Number.isInteger(paymentDays) || paymentDays < 0 || paymentDays > 365)
    problems.push({ path: 'paymentDays', code: 'purchasing:error.payment_days' });
  const leadDays = command.leadDays ?? null;
  if (leadDays !== null && (!Number.isInteger(leadDays) || leadDays < 0 || leadDays > 365))
    problems.push({ path: 'leadDays', code: 'purchasing:error.lead_days' });
  const creditLimitFen = command.creditLimitFen ?? null;
  if (creditLimitFen !== null && creditLimitFen < 0)
    problems.push({ path: 'creditLimit', code: 'purchasing:error.price' });
  const fields: SupplierFields = {
    code: codeLike('code', /^[A-Z0-9][A-Z0-9_-]{0,19}$/),
    name: name ?? '',
    category: words('category'),
    contact: words('contact'),
    phone: codeLike('phone', /^[+\d][\d ()/-]{2,29}$/),
    taxNumber: codeLike('taxNumber', /^[A-Z0-9]{8,30}$/),
    bank: words('bank'),
    bankAccount: codeLike('bankAccount', /^[A-Z0-9][A-Z0-9 -]{3,39}$/),
    address: words('address'),
    paymentTerms: command.paymentTerms === 'month_end' ? 'month_end' : null,
    paymentDays,
    creditLimitFen,
    leadDays,
    note: words('note'),
    active: command.active ?? true,
    searchKey: searchKey(name ?? ''),
  };
  if (problems.length > 0) throw invalid('errors:form', {}, problems);
  return fields;
}

/** Two suppliers of one name are one supplier entered twice. */
async function refuseTaken(unit: Unit, id: number | null, code: string, name: string): Promise<void> {
  const rows = await unit.all<{ id: number; code: string; name: string }>(
    sql`SELECT id, code, name FROM supplier WHERE (code = ${code} OR name = ${name}) AND id <> ${id ?? 0} ORDER BY id`,
  );
  if (rows.some((row) => row.code === code)) throw taken(code);
  const twin = rows[0];
  if (twin) throw invalidField('name', 'purchasing:error.supplier_name_taken', { name: twin.name, code: twin.code });
}

const taken = (code: string) => invalidField('code', 'purchasing:error.supplier_code_taken', { code });

/** Of a person's data only that they changed: the audit log cannot forget. */
const NOT_SAID = new Set<keyof SupplierFields>(['contact', 'phone', 'bankAccount', 'note']);

function changesOf(before: SupplierRow, after: SupplierFields): Record<string, unknown> {
  const keys = (Object.keys(after) as (keyof SupplierFields)[]).filter((key) => key !== 'searchKey');
  return Object.fromEntries(
    keys
      .filter((key) => before[key] !== after[key])
      .map((key) => [key, NOT_SAID.has(key) ? 'changed' : { from: before[key], to: after[key] }]),
  );
}
