import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { DomainError } from '../../kernel';
import type { KeyPair } from '../../platform/backup';
import type { Locale, Translate } from '../../platform/i18n';
import { recoverySheet } from './recovery-sheet';
import { readIdentities } from './sealing';

/** So much of the private key somebody types who has its sheet before them: the last group that is printed there. */
const ENDING = 4;

/** For its owner alone. Throws 'backup:key.exists': what is there may be the only copy of another key. */
export function writeKeyFile(file: string, { recipient, identity }: KeyPair): void {
  writeNew(file, `# public key: ${recipient}\n${identity}\n`);
}

/** The page to print, in the reader's language; as secret as the key. Throws 'backup:key.exists'. */
export function writeRecoverySheet(file: string, t: Translate, locale: Locale, pair: KeyPair): void {
  const madeOn = new Date().toISOString().slice(0, 10);
  writeNew(file, recoverySheet(t, locale, { ...pair, madeOn }));
}

/**
 * Removes a private key from this machine, and the file of its sheet, for somebody who shows that the printed sheet lies before
 * them. Throws 'backup:key.not_sheet' when the ending is not that of the key.
 */
export function discardKey(file: string, ending: string, sheet?: string): void {
  const identities = readIdentities(file);
  const typed = ending.replace(/\s/g, '').toUpperCase();
  if (identities.length !== 1 || typed.length < ENDING || !identities[0]?.toUpperCase().endsWith(typed))
    throw new DomainError('backup:key.not_sheet');
  if (sheet !== undefined && existsSync(sheet)) rmSync(sheet);
  rmSync(file);
}

function writeNew(file: string, content: string): void {
  try {
    writeFileSync(file, content, { mode: 0o600, flag: 'wx', flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new DomainError('backup:key.exists', { details: { file }, cause: error });
  }
}
