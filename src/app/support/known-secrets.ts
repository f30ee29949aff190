import { existsSync, readFileSync } from 'node:fs';
import type { Config } from '../../platform/config';
import type { KeyRing } from '../../platform/crypto';
import { embeddedFile, type Reader, sql } from '../../platform/database';
import { upkeepRun } from '../../platform/upkeep';
import { sealedColumns } from '../keys/sealed-columns';

/** Every text in a value. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** What the configuration and the files that it names hold. */
export function secretsOfConfig(config: Config): string[] {
  const { database, backup, metrics, security, server } = config;
  const password = database.url.startsWith('sqlite:') ? [] : passwordsOf(database.url);
  const ofTargets = backup.targets.flatMap((target) =>
    (['password', 'privateKey', 'keyPassphrase', 'secretAccessKey', 'accessKeyId'] as const).flatMap((key) =>
      key in target ? textsIn((target as Record<string, unknown>)[key]) : [],
    ),
  );
  const files = [security.keyFile, backup.identityFile, server.tls?.keyFile].flatMap(linesOf);
  return [...password, ...textsIn(backup.passphrase), ...textsIn(metrics.token), ...ofTargets, ...files];
}

function passwordsOf(url: string): string[] {
  const { password } = new URL(url);
  return [password, decodeURIComponent(password)];
}

/** Keys as their files write them: quoted or a line each. What looks like a sentence or a name is none. */
function linesOf(file: string | undefined): string[] {
  if (file === undefined || !existsSync(file)) return [];
  try {
    return readFileSync(file, 'utf8').match(/[\w+/=-]{30,}/g) ?? [];
  } catch {
    return [];
  }
}

/** Secrets of few that stand encrypted in the database (second factors, notification channels, addresses of databases), and what is derived from the key. */
export async function secretsOfDatabase(read: Reader, keys: KeyRing): Promise<string[]> {
  const found = [keys.hash('cookies', 'http')];
  for (const { table, cipher, purpose } of sealedColumns) {
    if (!FEW.has(table.name)) continue;
    const spec = table.specs.find(({ property }) => property === cipher);
    if (!spec) continue;
    const column = sql.identifier(spec.column);
    const rows = await read.all<Record<string, string>>(
      sql`SELECT ${column} AS sealed FROM ${sql.identifier(table.name)} WHERE ${column} IS NOT NULL ORDER BY id`,
    );
    for (const { sealed = '' } of rows) {
      const texts = textsIn(openedText(keys, sealed, purpose));
      found.push(...(table === upkeepRun ? texts.filter(isOfServer).flatMap(passwordsOf) : texts));
    }
  }
  return found;
}

const FEW = new Set(['user_account', 'notification_channel', 'upkeep_run']);

const isOfServer = (url: string): boolean => url !== '' && embeddedFile(url) === undefined;

function openedText(keys: KeyRing, sealed: string, purpose: string): unknown {
  try {
    const text = keys.decrypt(sealed, purpose);
    return text.startsWith('{') ? JSON.parse(text) : text;
  } catch {
    return '';
  }
}

interface SealedText {
  plain: string | null;
  sealed: string | null;
}

/** Newest first, so that with very many customers those of whom something may have gone wrong lately are among them. */
const MOST_NAMES = 200_000;

export async function namesInDatabase(read: Reader, keys: KeyRing | undefined): Promise<string[]> {
  const sealed = await Promise.all([
    read.all<SealedText>(
      sql`SELECT name AS plain, name_cipher AS sealed FROM customer ORDER BY id DESC ${sql.limit(MOST_NAMES)}`,
    ),
    read.all<SealedText>(sql`SELECT contact AS plain, contact_cipher AS sealed FROM supplier ORDER BY id`),
    read.all<SealedText>(sql`SELECT NULL AS plain, name_cipher AS sealed FROM supplier_contact ORDER BY id`),
  ]);
  const purposes = [
    ['customer', 'nameCipher'],
    ['supplier', 'contactCipher'],
    ['supplier_contact', 'nameCipher'],
  ].map(
    ([table, cipher]) => sealedColumns.find((one) => one.table.name === table && one.cipher === cipher)?.purpose ?? '',
  );
  const opened = sealed.flatMap((found, at) =>
    found.flatMap(({ plain, sealed: text }) => {
      if (plain !== null) return [plain];
      return text === null || !keys ? [] : textsIn(openedText(keys, text, purposes[at] ?? ''));
    }),
  );
  const rows = await Promise.all([
    read.all<{ name: string | null }>(sql`SELECT name FROM staff ORDER BY id`),
    read.all<{ name: string | null }>(sql`SELECT name FROM user_account ORDER BY id`),
    read.all<{ name: string | null }>(sql`SELECT name FROM support_contact ORDER BY id`),
  ]);
  return [...opened, ...rows.flat().flatMap(({ name }) => (name === null ? [] : [name]))];
}
