import type { KeyRing } from '../crypto';
import type { SealedColumn } from '../sealing';
import { upkeepRun, type UpkeepRunRow } from './upkeep-run.table';

const PURPOSE = 'backup.address';

export const addressColumn: SealedColumn = { table: upkeepRun, cipher: 'addressCipher', purpose: PURPOSE };

export const sealAddress = (keys: KeyRing, url: string): string => keys.encrypt(url, PURPOSE);

/** The whole address; undefined: there is none, or its key is gone. */
export function openAddress(keys: KeyRing, { addressCipher }: Pick<UpkeepRunRow, 'addressCipher'>): string | undefined {
  try {
    return addressCipher === null ? undefined : keys.decrypt(addressCipher, PURPOSE);
  } catch {
    return undefined;
  }
}
