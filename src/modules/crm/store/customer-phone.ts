import { type KeyRing, maskPhone } from '../../../platform/crypto';
import type { CustomerRow } from './customer.table';

const PURPOSE = 'crm.customer.phone';

export type SealedPhone = Pick<CustomerRow, 'phoneCipher' | 'phoneHash' | 'phoneMasked'>;

/** How a number (normalised) is kept: encrypted, findable as a whole, and masked for people. */
export function sealPhone(keys: KeyRing, phone: string | null): SealedPhone {
  if (phone === null) return { phoneCipher: null, phoneHash: null, phoneMasked: null };
  return {
    phoneCipher: keys.encrypt(phone, PURPOSE),
    phoneHash: hashPhone(keys, phone),
    phoneMasked: maskPhone(phone),
  };
}

export const hashPhone = (keys: KeyRing, phone: string): string => keys.hash(phone, PURPOSE);

export const openPhone = (keys: KeyRing, cipher: string | null): string | null =>
  cipher === null ? null : keys.decrypt(cipher, PURPOSE);
