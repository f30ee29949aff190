import type { KeyRing } from '../../../platform/crypto';
import { type Reader, sql } from '../../../platform/database';
import { openPerson } from '../store/supplier-secrets';
import { supplierContact } from '../store/supplier.table';

export interface SupplierContact {
  id: number;
  supplierId: number;
  duty: string | null;
  name: string;
  phone: string | null;
  note: string | null;
  version: number;
}

/** Further people at a supplier, in the order in which they were added. */
export async function contactsOf(read: Reader, keys: KeyRing, supplierId: number): Promise<SupplierContact[]> {
  const rows = await read.rows(
    supplierContact,
    sql`SELECT * FROM supplier_contact WHERE supplier_id = ${supplierId} ORDER BY id`,
  );
  return rows.map(({ nameCipher, phoneCipher, createdAt: _at, ...row }) => ({
    ...row,
    ...openPerson(keys, { nameCipher, phoneCipher }),
  }));
}
