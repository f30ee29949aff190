import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const bytes32 = z.base64().refine((text) => Buffer.from(text, 'base64').length === 32);

const keyFileSchema = z.strictObject({
  /** Id of the key that encrypts from now on; older ones only decrypt. */
  current: z.string(),
  keys: z.record(z.string().regex(/^[a-z0-9]{1,12}$/), bytes32),
  /** When each key was made, ISO 8601; the first one of an older program has none. */
  madeAt: z.record(z.string(), z.iso.datetime()).optional(),
  /** What keyed hashes and seals are made with, once the key that it came from may go. */
  hashKey: bytes32.optional(),
});

/** The keys of a key file: id → 32 bytes, oldest first. */
export interface MasterKeys {
  current: string;
  keys: Map<string, Buffer>;
  /** Epoch milliseconds by key. */
  madeAt?: Map<string, number>;
  /** Derived from the oldest key there ever was; without it, from the oldest of `keys`. */
  hashKey?: Buffer;
}

/**
 * Reads the key file, and makes it on first use, readable by the service account alone. Whoever loses it loses the
 * personal data in the database: backups carry it, encrypted. Throws when others may read it or it is damaged.
 */
export function readKeyFile(file: string): MasterKeys {
  const text = readIfThere(file) ?? create(file);
  if (process.platform !== 'win32' && (statSync(file).mode & 0o007) !== 0)
    throw new Error(`key file ${file} may be read by everybody on this machine: chmod 600 it`);
  const found = parseKeyFile(text);
  if (!found) throw new Error(`key file ${file} is damaged: restore it from a backup, never make a new one`);
  return found;
}

/** The content of a key file; undefined when it is none. */
export function parseKeyFile(text: string): MasterKeys | undefined {
  const parsed = keyFileSchema.safeParse(parseJson(text));
  if (!parsed.success || !(parsed.data.current in parsed.data.keys)) return undefined;
  const { current, keys, madeAt = {}, hashKey } = parsed.data;
  const times = Object.entries(madeAt).map(([id, time]) => [id, Date.parse(time)] as const);
  return {
    current,
    keys: new Map(Object.entries(keys).map(([id, key]) => [id, Buffer.from(key, 'base64')] as const)),
    madeAt: new Map(times),
    ...(hashKey === undefined ? {} : { hashKey: Buffer.from(hashKey, 'base64') }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Puts a key file in the place of the one that is there, whole or not at all, for the service account alone. */
export function replaceKeyFile(file: string, { current, keys, madeAt, hashKey }: MasterKeys): void {
  const content = {
    current,
    keys: Object.fromEntries([...keys].map(([id, key]) => [id, key.toString('base64')])),
    madeAt: Object.fromEntries([...(madeAt ?? [])].map(([id, at]) => [id, new Date(at).toISOString()])),
    ...(hashKey === undefined ? {} : { hashKey: hashKey.toString('base64') }),
  };
  const before = statSync(file);
  const temporary = writeBeside(file, content);
  try {
    // A command run by root must not take the file away from the service.
    if (process.platform !== 'win32' && process.getuid?.() === 0) chownSync(temporary, before.uid, before.gid);
    renameSync(temporary, file);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function writeBeside(file: string, content: object): string {
  const temporary = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(temporary, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true });
  chmodSync(temporary, 0o600);
  return temporary;
}

/** Written beside and linked into place: of two processes that start at once, both end up with the first one's key. */
function create(file: string): string {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o750 });
  const keys = { k1: randomBytes(32).toString('base64') };
  const temporary = writeBeside(file, { current: 'k1', keys, madeAt: { k1: new Date().toISOString() } });
  try {
    linkSync(temporary, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
  return readFileSync(file, 'utf8');
}
