import type { KeyRing } from '../../../platform/crypto';
import type { SealedColumn } from '../../../platform/sealing';
import { hashPhone, PHONE_PURPOSE } from './customer-phone';
import { customer, type CustomerRow } from './customer.table';

const BIRTH = 'crm.customer.birth';
const NOTE = 'crm.customer.note';

export const customerSecrets: readonly SealedColumn[] = [
  {
    table: customer,
    cipher: 'phoneCipher',
    purpose: PHONE_PURPOSE,
    derive: (keys, phone) => ({ phoneHash: hashPhone(keys, phone) }),
  },
  { table: customer, cipher: 'birthCipher', purpose: BIRTH, plain: 'birthOn' },
  { table: customer, cipher: 'noteCipher', purpose: NOTE, plain: 'note' },
];

type Plain = Pick<CustomerRow, 'birthOn' | 'note'>;
type Sealed = Pick<CustomerRow, 'birthOn' | 'birthCipher' | 'note' | 'noteCipher'>;

/** Birthday and note as they are stored. */
export const sealDetails = (keys: KeyRing, { birthOn, note }: Plain): Sealed => ({
  birthOn: null,
  birthCipher: birthOn === null ? null : keys.encrypt(birthOn, BIRTH),
  note: null,
  noteCipher: note === null ? null : keys.encrypt(note, NOTE),
});

/** The row with birthday and note as people read them; the phone number stays closed. */
export const openDetails = <R extends Sealed>(keys: KeyRing, row: R): R => ({
  ...row,
  birthOn: row.birthCipher === null ? row.birthOn : keys.decrypt(row.birthCipher, BIRTH),
  note: row.noteCipher === null ? row.note : keys.decrypt(row.noteCipher, NOTE),
});
