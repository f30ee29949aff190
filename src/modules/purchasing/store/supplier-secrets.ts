import type { KeyRing } from '../../../platform/crypto';
import type { SealedColumn } from '../../../platform/sealing';
import { searchKey } from '../../../platform/text-search';
import { supplier, type SupplierRow } from './supplier.table';

const PHONE = 'purchasing.supplier.phone';
const CONTACT = 'purchasing.supplier.contact';
const ACCOUNT = 'purchasing.supplier.bank_account';

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
];

export const openContact = (
  keys: KeyRing,
  { contact, contactCipher }: Pick<SupplierRow, 'contact' | 'contactCipher'>,
): string | null => (contactCipher === null ? contact : keys.decrypt(contactCipher, CONTACT));

/** Equal for every way to write a number: only its digits count. */
export const hashSupplierPhone = (keys: KeyRing, phone: string): string => keys.hash(phone.replace(/\D/g, ''), PHONE);

/** Equal whatever the case and the blanks. */
export const hashContact = (keys: KeyRing, contact: string): string =>
  keys.hash(contact.normalize('NFKC').toLowerCase().replace(/\s/g, ''), CONTACT);

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
