import { readFileSync } from 'node:fs';
import { DomainError } from '../../kernel';
import type { Opening, Sealing } from '../../platform/backup';
import type { Config } from '../../platform/config';

/**
 * How the backups of this installation are encrypted; undefined where the configuration allows that they are not. `also`: further
 * public keys that open one, where public keys do.
 */
export function sealingOf({ backup }: Config, also: readonly string[] = []): Sealing | undefined {
  const { recipients, passphrase, allowUnencrypted } = backup;
  if (recipients.length > 0) return { recipients: [...recipients, ...also] };
  if (passphrase !== undefined) return { recipients, passphrase };
  if (!allowUnencrypted) throw new DomainError('backup:error.no_key');
  return undefined;
}

/** Who can read the backups of this installation; undefined: none can be made before somebody decides that. */
export function sealedBy({ backup }: Pick<Config, 'backup'>): 'key' | 'passphrase' | 'nobody' | undefined {
  if (backup.recipients.length > 0) return 'key';
  if (backup.passphrase !== undefined) return 'passphrase';
  return backup.allowUnencrypted ? 'nobody' : undefined;
}

export interface KeyFiles {
  /** Of private keys, as `age-keygen` writes them. */
  identityFile?: string | undefined;
  /** Its first line is the passphrase. */
  passphraseFile?: string | undefined;
}

/** What this installation can open backups with: the configured passphrase and key file, and what the caller names. */
export function openingOf({ backup }: Config, { identityFile, passphraseFile }: KeyFiles = {}): Opening {
  const files = [identityFile, backup.identityFile].filter((file) => file !== undefined);
  return {
    identities: files.flatMap(readIdentities),
    passphrases: [
      ...(passphraseFile === undefined ? [] : [readKey(passphraseFile).split(/\r?\n/, 1)[0] ?? '']),
      ...(backup.passphrase === undefined ? [] : [backup.passphrase]),
    ],
  };
}

/** The private keys in a file. Throws 'backup:error.key_file', '.identity'. */
export function readIdentities(file: string): string[] {
  const identities = readKey(file)
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (identities.length === 0 || identities.some((line) => !line.startsWith('AGE-SECRET-KEY-')))
    throw new DomainError('backup:error.identity');
  return identities;
}

function readKey(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new DomainError('backup:error.key_file', { details: { file }, cause: error });
  }
}
