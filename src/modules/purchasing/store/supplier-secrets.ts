import type { KeyRing } from '../../../platform/crypto';
import { type Sql, sql } from '../../../platform/database';
import type { SealedColumn } from '../../../platform/sealing';
import { searchKey } from '../../../platform/text-search';
import { supplierBankChange } from './supplier-bank.table';
import { supplier, supplierContact, type SupplierRow } from './supplier.table';

const PHONE = 'purchasing.supplier.phone';
const CONTACT = 'purchasing.supplier.contact';
const ACCOUNT = 'purchasing.supplier.bank_account';
const CONTACT_NAME = 'purchasing.supplier_contact.name';
const CONTACT_PHONE = 'purchasing.supplier_contact.phone';
const NEW_ACCOUNT = 'purchasing.supplier_bank_change.account';

export const supplierSecrets: readonly SealedColumn[] = [
  {
    table: supplier,
    cipher: 'contactCipher',
    purpose: CONTACT,
    plain: 'contact',
    reads: ['name'],
    // An earlier version kept the contact's name in the search key as well.
    derive: (keys, contact, { name }) => ({
      contactHash: hashContact(keys, contact),
      searchKey: searchKey(String(name)),
    }),
  },
  {
    table: supplier,
    cipher: 'phoneCipher',
    purpose: PHONE,
    plain: 'phone',
    derive: (keys, phone) => ({ phoneHash: hashSupplierPhone(keys, phone) }),
  },
  { table: supplier, cipher: 'bankAccountCipher', purpose: ACCOUNT, plain: 'bankAccount' },
  { table: supplierContact, cipher: 'nameCipher', purpose: CONTACT_NAME },
  { table: supplierContact, cipher: 'phoneCipher', purpose: CONTACT_PHONE },
  { table: supplierBankChange, cipher: 'accountCipher', purpose: NEW_ACCOUNT },
];

export const openContact = (
  keys: KeyRing,
  { contact, contactCipher }: Pick<SupplierRow, 'contact' | 'contactCipher'>,
): string | null => (contactCipher === null ? contact : keys.decrypt(contactCipher, CONTACT));

/** Equal for every way to write a number: only its digits count. */
const hashSupplierPhone = (keys: KeyRing, phone: string): string => keys.searchHash(phone.replace(/\D/g, ''), PHONE);

export const supplierPhoneIs = (keys: KeyRing, column: string, phone: string): Sql =>
  anyOf(keys, column, phone.replace(/\D/g, ''), PHONE);

/** Equal whatever the case and the blanks. */
const contactKey = (contact: string): string => contact.normalize('NFKC').toLowerCase().replace(/\s/g, '');

const hashContact = (keys: KeyRing, contact: string): string => keys.searchHash(contactKey(contact), CONTACT);

/** Under each key of the file: while it is changed, some have the old one's and some the new one's. */
const anyOf = (keys: KeyRing, column: string, text: string, purpose: string): Sql =>
  sql`${sql.identifier(column)} IN (${sql.list(keys.searchHashes(text, purpose).map(({ hash }) => hash))})`;

/** Has this contact. `column`: contact_hash, with the alias of its table. */
export const contactIs = (keys: KeyRing, column: string, contact: string): Sql =>
  anyOf(keys, column, contactKey(contact), CONTACT);

type Plain = Pick<SupplierRow, 'contact' | 'phone' | 'bankAccount'>;
type Sealed = Plain &
  Pick<SupplierRow, 'contactCipher' | 'contactHash' | 'phoneCipher' | 'phoneHash' | 'bankAccountCipher'>;

export const sealSupplier = <F extends Plain>(keys: KeyRing, fields: F): F & Sealed => ({
  ...fields,
  contact: null,
  contactCipher: fields.contact === null ? null : keys.encrypt(fields.contact, CONTACT),
  contactHash: fields.contact === null ? null : hashContact(keys, fields.contact),
  phone: null,
  phoneCipher: fields.phone === null ? null : keys.encrypt(fields.phone, PHONE),
  phoneHash: fields.phone === null ? null : hashSupplierPhone(keys, fields.phone),
  bankAccount: null,
  bankAccountCipher: fields.bankAccount === null ? null : keys.encrypt(fields.bankAccount, ACCOUNT),
});

/** The row with contact, phone number and account as people read them. */
export const openSupplier = <R extends Sealed>(keys: KeyRing, row: R): R => ({
  ...row,
  contact: openContact(keys, row),
  phone: row.phoneCipher === null ? row.phone : keys.decrypt(row.phoneCipher, PHONE),
  bankAccount: row.bankAccountCipher === null ? row.bankAccount : keys.decrypt(row.bankAccountCipher, ACCOUNT),
});

/** The account number alone; it is shown to fewer people than the rest. */
export const openAccount = (
  keys: KeyRing,
  { bankAccount, bankAccountCipher }: Pick<SupplierRow, 'bankAccount' | 'bankAccountCipher'>,
): string | null => (bankAccountCipher === null ? bankAccount : keys.decrypt(bankAccountCipher, ACCOUNT));

export const sealAccount = (keys: KeyRing, account: string | null): string | null =>
  account === null ? null : keys.encrypt(account, ACCOUNT);

export const sealNewAccount = (keys: KeyRing, account: string | null): string | null =>
  account === null ? null : keys.encrypt(account, NEW_ACCOUNT);

export const openNewAccount = (keys: KeyRing, cipher: string | null): string | null =>
  cipher === null ? null : keys.decrypt(cipher, NEW_ACCOUNT);

export const sealPerson = (keys: KeyRing, { name, phone }: { name: string; phone: string | null }) => ({
  nameCipher: keys.encrypt(name, CONTACT_NAME),
  phoneCipher: phone === null ? null : keys.encrypt(phone, CONTACT_PHONE),
});

export const openPerson = (
  keys: KeyRing,
  { nameCipher, phoneCipher }: { nameCipher: string; phoneCipher: string | null },
): { name: string; phone: string | null } => ({
  name: keys.decrypt(nameCipher, CONTACT_NAME),
  phone: phoneCipher === null ? null : keys.decrypt(phoneCipher, CONTACT_PHONE),
});
