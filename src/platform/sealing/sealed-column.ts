import type { KeyRing } from '../crypto';
import type { AnyTable } from '../database';
import type { SearchTokens } from './search-tokens';

/** A column whose values are encrypted with the key file: known to the rotation of keys, which must find every one. */
export interface SealedColumn {
  /** With an `id`. */
  table: AnyTable;
  /** Property of the column that holds the encrypted text. */
  cipher: string;
  /** Bound to the encrypted text: see KeyRing. */
  purpose: string;
  /** Property of the column where an earlier version kept the same in plain text. It is emptied once and stays so. */
  plain?: string;
  /** Properties of other columns that told the same in plain text, emptied with it. */
  empties?: readonly string[];
  /**
   * Properties of columns made of the text: its keyed hash, the mask for people. Written when it is encrypted. `row` has the
   * properties that `reads` names.
   */
  derive?: (keys: KeyRing, text: string, row: Readonly<Record<string, unknown>>) => Record<string, string | null>;
  reads?: readonly string[];
  /** Properties of derived columns that only a retired key wrote to. */
  stale?: (keys: KeyRing) => readonly string[];
  /** By what the text is found by parts. */
  tokens?: SearchTokens;
}
