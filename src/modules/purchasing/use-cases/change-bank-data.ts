import {
  DomainError,
  emptyToNull,
  type FieldProblem,
  invalid,
  invalidField,
  normaliseCode,
  normaliseName,
  notFound,
  stale,
} from '../../../kernel';
import type { KeyRing } from '../../../platform/crypto';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { CONFIRM_BANK_DATA, EDIT_BANK_DATA } from '../queries/bank-changes';
import { type BankChangeRow, supplierBankChange } from '../store/supplier-bank.table';
import { openAccount, openNewAccount, sealAccount, sealNewAccount } from '../store/supplier-secrets';
import { supplier, type SupplierRow } from '../store/supplier.table';

export interface BankData {
  bank: string | null;
  bankAccount: string | null;
}

export interface ChangeBankData extends BankData {
  supplierId: number;
  /** From where the account is known. */
  reason: string | null;
}

/** Asks for another account; one that still waits gives way to it. The account in force stays until somebody else confirms. */
export function changeBankData(
  uow: UnitOfWork,
  actor: Actor,
  keys: KeyRing,
  command: ChangeBankData,
  options?: RunOptions,
): Promise<{ id: number }> {
  authorise(actor, EDIT_BANK_DATA);
  return uow.run(
    actor,
    async (unit) => {
      const party = await lockSupplier(unit, command.supplierId);
      const data = checkedBankData(command);
      if (data.bank === party.bank && data.bankAccount === openAccount(keys, party))
        throw invalidField('bankAccount', 'purchasing:error.bank_same');
      const withdrawn = { state: 'withdrawn' as const, decidedAt: unit.now };
      for (const row of await unit.find(supplierBankChange, { supplierId: party.id, state: 'waiting' }))
        await unit.update(supplierBankChange, row.id, withdrawn, row.version);
      const [id = 0] = await insertBankChanges(unit, keys, [{ ...data, supplierId: party.id }]);
      await auditBank(unit, party, 'ask', { change: id });
      return { id };
    },
    options,
  );
}

/** Requests that wait for a second look, for callers that audit themselves. Returns their ids. */
export async function insertBankChanges(
  unit: Unit,
  keys: KeyRing,
  changes: readonly (BankData & { supplierId: number; reason?: string | null })[],
): Promise<number[]> {
  if (changes.length === 0) return [];
  const firstId = unit.takeIds(supplierBankChange, changes.length);
  const rows = changes.map(({ supplierId, bank, bankAccount, reason = null }, index): BankChangeRow => ({
    id: firstId + index,
    supplierId,
    bank,
    accountCipher: sealNewAccount(keys, bankAccount),
    state: 'waiting',
    reason,
    requestedAt: unit.now,
    requestedBy: unit.actor.userId,
    requestedByName: unit.actor.name,
    decidedAt: null,
    decidedBy: null,
    decidedByName: null,
    decision: null,
    version: 1,
  }));
  await unit.insert(supplierBankChange, rows);
  return rows.map(({ id }) => id);
}

export interface DecideBankChange {
  supplierId: number;
  changeId: number;
  /** As the page showed it: what is confirmed is what was seen. */
  version: number;
}

/** Puts the new account in force. Nobody confirms what they asked for themselves. */
export function confirmBankChange(
  uow: UnitOfWork,
  actor: Actor,
  keys: KeyRing,
  command: DecideBankChange,
  options?: RunOptions,
): Promise<{ id: number }> {
  return decide(uow, actor, command, options, async (unit, row, party) => {
    if (actor.userId !== null && actor.userId === row.requestedBy)
      throw new DomainError('purchasing:error.bank_own', { details: { name: row.requestedByName } });
    const account = openNewAccount(keys, row.accountCipher);
    const changes = { bank: row.bank, bankAccount: null, bankAccountCipher: sealAccount(keys, account) };
    await unit.update(supplier, party.id, changes, party.version);
    await close(unit, row, 'confirmed', null);
    await auditBank(unit, party, 'confirm', { change: row.id, askedBy: row.requestedByName });
  });
}

/** The account in force stays. */
export function refuseBankChange(
  uow: UnitOfWork,
  actor: Actor,
  command: DecideBankChange & { reason: string },
  options?: RunOptions,
): Promise<{ id: number }> {
  const reason = emptyToNull(normaliseName(command.reason));
  if (!reason) throw invalidField('reason', 'errors:field.required');
  if ([...reason].length > 200) throw invalidField('reason', 'errors:field.too_long', { max: 200 });
  return decide(uow, actor, command, options, async (unit, row, party) => {
    await close(unit, row, 'refused', reason);
    await auditBank(unit, party, 'refuse', { change: row.id, reason });
  });
}

function decide(
  uow: UnitOfWork,
  actor: Actor,
  { supplierId, changeId, version }: DecideBankChange,
  options: RunOptions | undefined,
  work: (unit: Unit, row: BankChangeRow, party: SupplierRow) => Promise<void>,
): Promise<{ id: number }> {
  authorise(actor, CONFIRM_BANK_DATA);
  return uow.run(
    actor,
    async (unit) => {
      const party = await lockSupplier(unit, supplierId);
      const row = await unit.get(supplierBankChange, changeId);
      if (!row || row.supplierId !== supplierId) throw notFound('purchasing.bankChange', changeId);
      if (row.state !== 'waiting') throw new DomainError('purchasing:error.bank_decided', { status: 409 });
      if (row.version !== version) throw stale();
      await work(unit, row, party);
      return { id: row.id };
    },
    options,
  );
}

const close = (unit: Unit, row: BankChangeRow, state: 'confirmed' | 'refused', decision: string | null) =>
  unit.update(
    supplierBankChange,
    row.id,
    { state, decision, decidedAt: unit.now, decidedBy: unit.actor.userId, decidedByName: unit.actor.name },
    row.version,
  );

/** Requests and decisions about one supplier take turns. */
async function lockSupplier(unit: Unit, id: number): Promise<SupplierRow> {
  await unit.lock(supplier, [id]);
  const found = await unit.get(supplier, id);
  if (!found) throw notFound('purchasing.supplier', id);
  return found;
}

function checkedBankData(command: ChangeBankData): BankData & { reason: string | null } {
  const fields: FieldProblem[] = [];
  const words = (path: 'bank' | 'reason', max: number): string | null => {
    const text = emptyToNull(normaliseName(command[path] ?? ''));
    if ([...(text ?? '')].length > max) fields.push({ path, code: 'errors:field.too_long', details: { max } });
    return text;
  };
  const bank = words('bank', 80);
  const reason = words('reason', 200);
  if (reason === null) fields.push({ path: 'reason', code: 'errors:field.required' });
  const bankAccount = emptyToNull(normaliseCode(command.bankAccount ?? ''));
  if (bankAccount !== null && !/^[A-Z0-9][A-Z0-9 -]{3,39}$/.test(bankAccount))
    fields.push({ path: 'bankAccount', code: 'purchasing:error.supplier_bankAccount' });
  if (bankAccount !== null && bank === null) fields.push({ path: 'bank', code: 'errors:field.required' });
  if (fields.length > 0) throw invalid('errors:form', {}, fields);
  return { bank, bankAccount, reason };
}

/** Never the number itself: the audit log cannot forget. */
const auditBank = (unit: Unit, { id, code, name }: SupplierRow, action: string, detail: Record<string, unknown>) =>
  unit.audit({
    action: `purchasing.supplier.bank_${action}`,
    subjectType: 'purchasing.supplier',
    subjectId: id,
    detail: { code, name, ...detail },
  });
