import { existsSync } from 'node:fs';
import { type KeyRing, openKeyRing } from '../platform/crypto';
import { duplicateKey, type Reader } from '../platform/database';
import { parameter, writeParameter } from '../platform/parameters';
import { systemActor } from '../platform/permissions';
import type { Services } from '../platform/services';

const NAME = 'security.keyCheck';

/** The key file is not the one that this database was written with; said in words for the operator. */
export class KeyMismatch extends Error {
  override name = 'KeyMismatch';
}

/**
 * Notes a hash made with the key file in the database, and compares it from then on. Without it a lost or second key file
 * would go unnoticed until personal data can no longer be read. Throws KeyMismatch.
 */
export async function checkKeys({ uow, keys, config }: Pick<Services, 'uow' | 'keys' | 'config'>): Promise<void> {
  const mine = hashOf(keys);
  const note = () =>
    uow.run(systemActor('start'), async (unit) => {
      const [known] = await unit.find(parameter, { name: NAME });
      if (!known) await writeParameter(unit, NAME, mine);
      return known ? known.value : mine;
    });
  // Of two servers that start at once, the second finds what the first one noted.
  const noted = await note().catch((error: unknown) => (duplicateKey(error) ? note() : Promise.reject(error)));
  if (noted !== mine) throw mismatch(config.security.keyFile);
}

/** There is no key file; said in words for the operator. */
export class MissingKeyFile extends Error {
  override name = 'MissingKeyFile';
}

/** The keys for a command that only looks: no key file is made, nothing is noted. Throws MissingKeyFile and KeyMismatch. */
export async function keysToLook(read: Reader, keyFile: string): Promise<KeyRing> {
  if (!existsSync(keyFile)) throw new MissingKeyFile(`There is no key file at ${keyFile}.`);
  const keys = openKeyRing(keyFile);
  const [known] = await read.find(parameter, { name: NAME });
  if (known && known.value !== hashOf(keys)) throw mismatch(keyFile);
  return keys;
}

const hashOf = (keys: KeyRing): string => keys.hash('key check', 'security');

const mismatch = (keyFile: string): KeyMismatch =>
  new KeyMismatch(
    `The key file ${keyFile} is not the one that this database was written with. Put the right one in its place, from a backup or from another server of this database.`,
  );
