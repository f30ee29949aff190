import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { newKeyPair, recipientOf } from '../../platform/backup';
import type { Config } from '../../platform/config';
import { ownerOf, writeWhole } from '../../platform/files';
import { upgradeFolder } from './state';

type Place = Pick<Config, 'dataDir'>;

const keyFile = (config: Place): string => path.join(upgradeFolder(config), 'way-back.key');

/**
 * A key of this one upgrade: what is kept for its way back is encrypted to it, because the private key of the backups need not be
 * on this machine. Readable by the owner of the data alone, and destroyed with the way back.
 */
export async function makeWayBackKey(config: Place): Promise<void> {
  const { identity, recipient } = await newKeyPair();
  writeWhole(keyFile(config), `# public key: ${recipient}\n${identity}\n`, ownerOf(config.dataDir));
}

/** The option that names it to a part; nothing where an earlier version of the program began the upgrade. */
export const keyOption = (config: Place): readonly string[] =>
  existsSync(keyFile(config)) ? ['--key-file', keyFile(config)] : [];

export const forgetWayBackKey = (config: Place): void => rmSync(keyFile(config), { force: true });

export function identitiesIn(file: string | undefined): string[] {
  if (file === undefined) return [];
  return readFileSync(file, 'utf8')
    .split(/\r?\n/)
    .filter((line) => line.startsWith('AGE-SECRET-KEY-'));
}

export const recipientsOf = (file: string | undefined): Promise<string[]> =>
  Promise.all(identitiesIn(file).map(recipientOf));
