import type { KeyRing } from '../../../platform/crypto';
import type { SealedColumn } from '../../../platform/sealing';
import { staff, type StaffRow } from './organization.table';

const PURPOSE = 'organization.staff.phone';

export const staffPhone: SealedColumn = { table: staff, cipher: 'phoneCipher', purpose: PURPOSE, plain: 'phone' };

type SealedPhone = Pick<StaffRow, 'phone' | 'phoneCipher'>;

export const sealStaffPhone = (keys: KeyRing, phone: string | null): SealedPhone => ({
  phone: null,
  phoneCipher: phone === null ? null : keys.encrypt(phone, PURPOSE),
});

/** The number as people read it. */
export const openStaffPhone = (keys: KeyRing, { phone, phoneCipher }: SealedPhone): string | null =>
  phoneCipher === null ? phone : keys.decrypt(phoneCipher, PURPOSE);
