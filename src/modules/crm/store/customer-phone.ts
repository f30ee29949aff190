import { type KeyRing, maskPhone } from '../../../platform/crypto';
import type { CustomerRow } from './customer.table';

export const PHONE_PURPOSE = 'crm.customer.phone';

export type SealedPhone = Pick<CustomerRow, 'phoneCipher' | 'phoneHash' | 'phoneMasked'>;

/** How a number (normalised) is kept: encrypted, findable as a whole, and masked for people. */
export function sealPhone(keys: KeyRing, phone: string | null): SealedPhone {
  if (phone === null) return { phoneCipher: null, phoneHash: null, phoneMasked: null };
  return {
    phoneCipher: keys.encrypt(phone, PHONE_PURPOSE),
    phoneHash: hashPhone(keys, phone),
    phoneMasked: maskPhone(phone),
  };
}

export const hashPhone = (keys: KeyRing, phone: string): string => keys.hash(phone, PHONE_PURPOSE);

export const openPhone = (keys: KeyRing, cipher: string | null): string | null =>
  cipher === null ? null : keys.decrypt(cipher, PHONE_PURPOSE);
