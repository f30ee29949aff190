import type { KeyRing } from '../../../platform/crypto';
import type { SealedColumn } from '../../../platform/sealing';
import { supplier, type SupplierRow } from './supplier.table';

const PHONE = 'purchasing.supplier.phone';
const ACCOUNT = 'purchasing.supplier.bank_account';

export const supplierSecrets: readonly SealedColumn[] = [
  {
    table: supplier,
    cipher: 'phoneCipher',
    purpose: PHONE,
    plain: 'phone',
    derive: (keys, phone) => ({ phoneHash: hashSupplierPhone(keys, phone) }),
  },
  { table: supplier, cipher: 'bankAccountCipher', purpose: ACCOUNT, plain: 'bankAccount' },
];

/** Equal for every way to write a number: only its digits count. */
export const hashSupplierPhone = (keys: KeyRing, phone: string): string => keys.hash(phone.replace(/\D/g, ''), PHONE);

type Plain = Pick<SupplierRow, 'phone' | 'bankAccount'>;
type Sealed = Pick<SupplierRow, 'phone' | 'phoneCipher' | 'phoneHash' | 'bankAccount' | 'bankAccountCipher'>;

export const sealSupplier = <F extends Plain>(keys: KeyRing, fields: F): F & Sealed => ({
  ...fields,
  phone: null,
  phoneCipher: fields.phone === null ? null : keys.encrypt(fields.phone, PHONE),
  phoneHash: fields.phone === null ? null : hashSupplierPhone(keys, fields.phone),
  bankAccount: null,
  bankAccountCipher: fields.bankAccount === null ? null : keys.encrypt(fields.bankAccount, ACCOUNT),
});

/** The row with phone number and account as people read them. */
export const openSupplier = <R extends Sealed>(keys: KeyRing, row: R): R => ({
  ...row,
  phone: row.phoneCipher === null ? row.phone : keys.decrypt(row.phoneCipher, PHONE),
  bankAccount: row.bankAccountCipher === null ? row.bankAccount : keys.decrypt(row.bankAccountCipher, ACCOUNT),
});
