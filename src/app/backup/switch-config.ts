import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { parseDocument } from 'yaml';
import { DomainError } from '../../kernel';
import { embeddedFile } from '../../platform/database';

/** The configuration before the last switch. */
export const keptAs = (file: string): string => `${file}.before-switch`;

export interface Switched {
  file: string;
  /** Where the configuration is kept that was in force before. */
  kept: string;
}

/** Throws unless the address of the database can be changed in this file. To be asked before hours of copying. */
export function expectSwitchable(file: string | undefined, env: NodeJS.ProcessEnv = process.env): string {
  if (env.ERP_DATABASE_URL) throw new DomainError('backup:error.address_from_environment', { status: 409 });
  if (file === undefined) throw new DomainError('backup:error.no_config_file', { status: 409 });
  return path.resolve(file);
}

/**
 * Names another database in the configuration file, in one step: the file is the old or the new one, never half of each. Comments
 * stay. A password goes into a file of its own, readable by its owner alone.
 */
export function switchDatabase(file: string, url: string): Switched {
  const document = parseDocument(readFileSync(file, 'utf8'));
  const { address, password } = withoutPassword(url);
  document.setIn(['database', 'url'], address);
  document.deleteIn(['database', 'password']);
  document.deleteIn(['database', 'passwordFile']);
  if (password !== undefined) {
    const secret = path.join(path.dirname(file), `database-password-${Date.now().toString(36)}`);
    writeFileSync(secret, `${password}\n`, { mode: 0o600, flag: 'wx', flush: true });
    document.setIn(['database', 'passwordFile'], secret);
  }
  const kept = keptAs(file);
  copyFileSync(file, `${kept}.new`);
  renameSync(`${kept}.new`, kept);
  replace(file, document.toString({ lineWidth: 0 }));
  return { file, kept };
}

/** Takes the last switch back; doing it twice changes nothing in the end. Throws 'backup:error.nothing_to_take_back'. */
export function switchBack(file: string): Switched {
  const kept = keptAs(file);
  if (!existsSync(kept)) throw new DomainError('backup:error.nothing_to_take_back', { status: 409 });
  const [before, now] = [readFileSync(kept, 'utf8'), readFileSync(file, 'utf8')];
  replace(file, before);
  replace(kept, now);
  return { file, kept };
}

/** An address as it stands in a configuration file and on pages: two that are equal lead to the same database. */
export const databaseAddress = (url: string): string => withoutPassword(url).address;

function withoutPassword(url: string): { address: string; password?: string } {
  const embedded = embeddedFile(url);
  if (embedded !== undefined) return { address: `sqlite:${path.resolve(embedded)}` };
  const parsed = new URL(url);
  const password = decodeURIComponent(parsed.password);
  parsed.password = '';
  return password ? { address: parsed.href, password } : { address: parsed.href };
}

function replace(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.new`;
  const mode = existsSync(file) ? statSync(file).mode & 0o777 : 0o600;
  const handle = openSync(temporary, 'w', mode);
  try {
    writeFileSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(temporary, file);
}
