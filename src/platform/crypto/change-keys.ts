import { randomBytes } from 'node:crypto';
import { type MasterKeys, parseKeyFile, readKeyFile, replaceKeyFile } from './key-file';
import { fingerprintOf, hashKeyOf } from './key-ring';

export interface KeyFact {
  id: string;
  /** 8 hexadecimal digits, the same wherever the key lies. */
  fingerprint: string;
  /** Encrypts from now on; the others only decrypt. */
  current: boolean;
  /** Epoch milliseconds; null: made by a program that did not note it. */
  madeAt: number | null;
}

export const keyFacts = ({ current, keys, madeAt }: MasterKeys): KeyFact[] =>
  [...keys].map(([id, key]) => ({
    id,
    fingerprint: fingerprintOf(key),
    current: id === current,
    madeAt: madeAt?.get(id) ?? null,
  }));

/**
 * Adds a key to the file. It is used only from `useKey` on, so that the file can be copied to every server first. The old
 * keys stay until nothing needs them.
 */
export function addKey(file: string, now: number): KeyFact {
  const master = readKeyFile(file);
  const id = `k${Math.max(...[...master.keys.keys()].map((one) => Number(/\d+$/.exec(one)?.[0] ?? 0))) + 1}`;
  const key = randomBytes(32);
  replaceKeyFile(file, {
    ...master,
    keys: new Map([...master.keys, [id, key]]),
    madeAt: new Map([...(master.madeAt ?? []), [id, now]]),
    hashKey: hashKeyOf(master),
  });
  return { id, fingerprint: fingerprintOf(key), current: false, madeAt: now };
}

/** From now on this key encrypts. Throws for one that is not in the file. */
export function useKey(file: string, id: string): void {
  const master = readKeyFile(file);
  if (!master.keys.has(id)) throw new RangeError(`no key ${id} in ${file}`);
  replaceKeyFile(file, { ...master, hashKey: hashKeyOf(master), current: id });
}

/** Takes a key out of the file for good; the caller has made sure that nothing is encrypted with it. Never the current one. */
export function dropKey(file: string, id: string): void {
  const master = readKeyFile(file);
  if (id === master.current) throw new RangeError('the current key cannot go');
  const keys = new Map(master.keys);
  keys.delete(id);
  replaceKeyFile(file, { ...master, hashKey: hashKeyOf(master), keys });
}

/**
 * Makes a key file able to read what was encrypted under another content of the same file (an earlier one, from a backup):
 * keys that it lacks are added. False, and nothing done, when the two belong to different installations.
 */
export function mergeKeys(file: string, content: string): boolean {
  const here = readKeyFile(file);
  const there = parseKeyFile(content);
  if (!there || !hashKeyOf(here).equals(hashKeyOf(there))) return false;
  if ([...there.keys].some(([id, key]) => here.keys.get(id)?.equals(key) === false)) return false;
  const missing = [...there.keys].filter(([id]) => !here.keys.has(id));
  if (missing.length === 0) return true;
  replaceKeyFile(file, {
    ...here,
    keys: new Map([...missing, ...here.keys]),
    madeAt: new Map([...(there.madeAt ?? []), ...(here.madeAt ?? [])]),
    hashKey: hashKeyOf(here),
  });
  return true;
}
