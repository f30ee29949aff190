import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const keyFileSchema = z.strictObject({
  /** Id of the key that encrypts from now on; older ones only decrypt. */
  current: z.string(),
  keys: z.record(
    z.string().regex(/^[a-z0-9]{1,12}$/),
    z.base64().refine((text) => Buffer.from(text, 'base64').length === 32),
  ),
});

/** The keys of a key file: id → 32 bytes, oldest first. */
export interface MasterKeys {
  current: string;
  keys: Map<string, Buffer>;
}

/**
 * Reads the key file, and makes it on first use, readable by the service account alone. Whoever loses it loses the
 * personal data in the database: backups carry it, encrypted. Throws when others may read it or it is damaged.
 */
export function readKeyFile(file: string): MasterKeys {
  const text = readIfThere(file) ?? create(file);
  if (process.platform !== 'win32' && (statSync(file).mode & 0o007) !== 0)
    throw new Error(`key file ${file} may be read by everybody on this machine: chmod 600 it`);
  const parsed = keyFileSchema.safeParse(parseJson(text));
  if (!parsed.success || !(parsed.data.current in parsed.data.keys))
    throw new Error(`key file ${file} is damaged: restore it from a backup, never make a new one`);
  const entries = Object.entries(parsed.data.keys).map(([id, key]) => [id, Buffer.from(key, 'base64')] as const);
  return { current: parsed.data.current, keys: new Map(entries) };
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

/** Written beside and linked into place: of two processes that start at once, both end up with the first one's key. */
function create(file: string): string {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o750 });
  const text = `${JSON.stringify({ current: 'k1', keys: { k1: randomBytes(32).toString('base64') } }, undefined, 2)}\n`;
  const temporary = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(temporary, text, { mode: 0o600, flag: 'wx', flush: true });
  try {
    chmodSync(temporary, 0o600);
    linkSync(temporary, file);
    return text;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return readFileSync(file, 'utf8');
  } finally {
    rmSync(temporary, { force: true });
  }
}
