import type { KeyRing } from '../../../platform/crypto';
import type { SealedColumn } from '../../../platform/sealing';
import { NAME_PURPOSE, nameTokens, openName, type SealedName, sealName } from './customer-name';
import { hashPhone, PHONE_PURPOSE, staleHashes } from './customer-phone';
import { customer, type CustomerRow } from './customer.table';

const BIRTH = 'crm.customer.birth';
const NOTE = 'crm.customer.note';

export const customerSecrets: readonly SealedColumn[] = [
  {
    table: customer,
    cipher: 'nameCipher',
    purpose: NAME_PURPOSE,
    plain: 'name',
    empties: ['searchKey'],
    tokens: nameTokens,
  },
  {
    table: customer,
    cipher: 'phoneCipher',
    purpose: PHONE_PURPOSE,
    derive: (keys, phone) => ({ ...hashPhone(keys, phone) }),
    stale: staleHashes,
  },
  { table: customer, cipher: 'birthCipher', purpose: BIRTH, plain: 'birthOn' },
  { table: customer, cipher: 'noteCipher', purpose: NOTE, plain: 'note' },
];

type Plain = Pick<CustomerRow, 'name' | 'birthOn' | 'note'>;
type Sealed = SealedName & Pick<CustomerRow, 'birthOn' | 'birthCipher' | 'note' | 'noteCipher'>;

/** Name, birthday and note as they are stored. */
export const sealDetails = (keys: KeyRing, { name, birthOn, note }: Plain): Sealed => ({
  ...sealName(keys, name),
  birthOn: null,
  birthCipher: birthOn === null ? null : keys.encrypt(birthOn, BIRTH),
  note: null,
  noteCipher: note === null ? null : keys.encrypt(note, NOTE),
});

/** The row with name, birthday and note as people read them; the phone number stays closed. */
export const openDetails = <R extends Sealed>(keys: KeyRing, row: R): R => ({
  ...row,
  name: openName(keys, row).name,
  birthOn: row.birthCipher === null ? row.birthOn : keys.decrypt(row.birthCipher, BIRTH),
  note: row.noteCipher === null ? row.note : keys.decrypt(row.noteCipher, NOTE),
});
