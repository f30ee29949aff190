import { invalid, invalidField, notFound } from '../../../kernel';
import type { KeyRing } from '../../../platform/crypto';
import { duplicateKey } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import { writeTokens } from '../../../platform/sealing';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { listLevels } from '../../pricing';
import { checkCustomer, type CheckedCustomer, type CustomerWords } from '../domain/customer';
import { type CustomerCard, findCustomerByPhone } from '../queries/customers';
import { nameTokens } from '../store/customer-name';
import { openPhone, sealPhone } from '../store/customer-phone';
import { openDetails, sealDetails } from '../store/customer-secrets';
import { customer, type CustomerRow } from '../store/customer.table';

export interface CustomerCommand extends CustomerWords {
  /** The customer agreed to being contacted. */
  consent?: boolean;
  /** Where they came first. */
  storeId?: number | null;
  /** Member level: needs the right crm.level.edit; left out: as it is. */
  levelId?: number | null | undefined;
}

export const LEVEL_PERMISSION = 'crm.level.edit';

export async function createCustomer(
  uow: UnitOfWork,
  actor: Actor,
  keys: KeyRing,
  command: CustomerCommand,
  options?: RunOptions,
): Promise<{ id: number }> {
  authorise(actor, 'crm.customer.edit');
  if (command.levelId) authorise(actor, LEVEL_PERMISSION);
  return uow.run(actor, async (unit) => ({ id: (await addCustomer(unit, keys, command)).id }), options);
}

/**
 * The customer with this phone number, made when there is none: what the till does while it posts a sale. An existing one
 * stays as it is. The caller has checked its own right (selling); throws 422 at `phone`.
 */
export async function ensureCustomer(
  unit: Unit,
  keys: KeyRing,
  command: CustomerCommand & { phone: string },
): Promise<CustomerCard> {
  return (await findCustomerByPhone(unit, keys, command.phone)) ?? addCustomer(unit, keys, command);
}

async function addCustomer(unit: Unit, keys: KeyRing, command: CustomerCommand): Promise<CustomerCard> {
  const words = checkCustomer(command, unit.today);
  const id = unit.takeIds(customer);
  const levelId = await requireLevel(unit, command.levelId ?? null, null);
  const row = { ...newRow(unit, keys, id, words), consentAt: command.consent ? unit.now : null, levelId };
  row.storeId = command.storeId ?? null;
  try {
    await unit.insert(customer, [row]);
    await indexName(unit, keys, id, words.name, false);
  } catch (error) {
    throw duplicateKey(error) ? invalidField('phone', 'crm:error.phone_taken') : error;
  }
  await unit.audit({ action: 'crm.customer.create', subjectType: 'crm.customer', subjectId: id, storeId: row.storeId });
  const { code, phoneMasked } = row;
  return { id, code, name: words.name, phoneMasked, levelId };
}

/** Many at once, for imports: no phone number of theirs is known yet. The caller has checked its right and the levels. */
export async function addCustomers(
  unit: Unit,
  keys: KeyRing,
  rows: readonly { words: CheckedCustomer; levelId: number | null }[],
): Promise<void> {
  if (rows.length === 0) return;
  const firstId = unit.takeIds(customer, rows.length);
  await unit.insert(
    customer,
    rows.map(({ words, levelId }, index) => ({ ...newRow(unit, keys, firstId + index, words), levelId })),
  );
  const tokens = rows.flatMap(({ words: { name } }, index) =>
    name === null ? [] : [{ id: firstId + index, tokens: nameTokens.of(keys, name) }],
  );
  await writeTokens(unit, nameTokens, tokens, []);
  await unit.audit({ action: 'crm.customer.import', detail: { added: rows.length } });
}

const newRow = (unit: Unit, keys: KeyRing, id: number, words: CheckedCustomer): CustomerRow => ({
  id,
  code: `KH${String(id).padStart(8, '0')}`,
  ...storedWords(keys, words),
  ...sealPhone(keys, words.phone),
  consentAt: null,
  storeId: null,
  levelId: null,
  erasedAt: null,
  active: true,
  version: 1,
  createdAt: unit.now,
  updatedAt: unit.now,
});

/** `phone` left out keeps the number: who may not see it may still change the rest. */
export async function updateCustomer(
  uow: UnitOfWork,
  actor: Actor,
  keys: KeyRing,
  command: CustomerCommand & { id: number; version: number },
  options?: RunOptions,
): Promise<void> {
  authorise(actor, 'crm.customer.edit');
  await uow.run(
    actor,
    async (unit) => {
      const before = await unit.get(customer, command.id);
      if (!before) throw notFound('crm.customer', command.id);
      if (before.erasedAt !== null) throw invalid('crm:error.erased');
      const levelId = command.levelId === undefined ? before.levelId : command.levelId;
      if (levelId !== before.levelId) authorise(actor, LEVEL_PERMISSION);
      await requireLevel(unit, levelId, before.levelId);
      const keepsPhone = command.phone === undefined && before.phoneCipher !== null;
      const words = checkCustomer(command, unit.today, keepsPhone);
      const consentAt = command.consent ? (before.consentAt ?? unit.now) : null;
      const sealed = command.phone === undefined ? {} : sealPhone(keys, words.phone);
      const changes = { ...storedWords(keys, words), ...sealed, levelId, consentAt, updatedAt: unit.now };
      try {
        await unit.update(customer, command.id, changes, command.version);
        await indexName(unit, keys, command.id, words.name, before.nameIndex !== null);
      } catch (error) {
        throw duplicateKey(error) ? invalidField('phone', 'crm:error.phone_taken') : error;
      }
      await unit.audit({
        action: 'crm.customer.update',
        subjectType: 'crm.customer',
        subjectId: command.id,
        detail: {
          changed: changedFields(watchedOf(keys, before), watchedOf(keys, { ...before, ...changes })),
          consent: consentAt !== null,
        },
      });
    },
    options,
  );
}

const storedWords = (keys: KeyRing, { name, gender, birthOn, note }: CheckedCustomer) => ({
  gender,
  ...sealDetails(keys, { name, birthOn, note }),
});

/** What the customer is found by. `had`: it may have a name already. */
async function indexName(unit: Unit, keys: KeyRing, id: number, name: string | null, had: boolean): Promise<void> {
  const rows = name === null ? [] : [{ id, tokens: nameTokens.of(keys, name) }];
  await writeTokens(unit, nameTokens, rows, had ? [id] : []);
}

const WORDS: Readonly<Record<string, string>> = { levelId: 'level' };

/** A level that is on, or the one that the customer has already; throws 422. */
async function requireLevel(unit: Unit, id: number | null, held: number | null): Promise<number | null> {
  if (id === null || id === held) return id;
  if (!(await listLevels(unit)).some((level) => level.id === id && level.active))
    throw invalidField('levelId', 'crm:error.level');
  return id;
}

type Watched = CustomerRow & { phone: string | null };

const watchedOf = (keys: KeyRing, row: CustomerRow): Watched => ({
  ...openDetails(keys, row),
  phone: openPhone(keys, row.phoneCipher),
});

/** Names of fields only: the audit log holds no personal data. */
function changedFields(before: Watched, after: Watched): string[] {
  const watched = ['name', 'phone', 'gender', 'birthOn', 'note', 'consentAt', 'levelId'] as const;
  return watched.filter((field) => before[field] !== after[field]).map((field) => WORDS[field] ?? field);
}
