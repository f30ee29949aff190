import type { Reader } from '../database';
import type { KeyRing } from '../crypto';
import type { Unit } from '../unit-of-work';

/** A table of what is kept about one customer. `columns` and the title are text keys. */
export interface PersonalPart {
  title: string;
  columns: readonly { label: string; type: 'text' | 'money' | 'instant' | 'date' }[];
  rows: (string | number | null)[][];
}

/** Something that is not settled with a customer yet, so that their data is still needed: a text key with details. */
export interface OpenMatter {
  code: string;
  details: Record<string, unknown>;
}

/** What a module keeps about customers: for the copy that a person may ask for, and for erasing it. */
export interface PersonalFile {
  collect: (read: Reader, customerId: number, keys: KeyRing) => Promise<PersonalPart[]>;
  /** `today`: business date. */
  openWith: (read: Reader, customerId: number, today: string) => Promise<OpenMatter[]>;
  /** Takes out of the module's records what tells who the customer is. Amounts, goods and numbers stay. */
  forget: (unit: Unit, customerId: number) => Promise<void>;
}
