import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Context, said } from './environment';
import { findExisting, isNew, isTechnical } from './existing';
import { dataFolder, secretsFolder } from './paths';

export const SERVER_KINDS = ['mariadb', 'mysql', 'mssql', 'oracle'] as const;
export type ServerKind = (typeof SERVER_KINDS)[number];
export const DEFAULT_PORT: Record<ServerKind, number> = { mariadb: 3306, mysql: 3306, mssql: 1433, oracle: 1521 };

export const passwordFile = (context: Context): string => path.join(secretsFolder(context), 'database-password');

export const isServer = (context: Context): boolean =>
  isTechnical(context) && SERVER_KINDS.some((kind) => kind === said(context, 'database.kind'));

/** The address of the database without its password, as it stands in the configuration. */
export function databaseAddress(context: Context): string {
  const kind = said(context, 'database.kind');
  if (kind === 'sqlite' || kind === '') return `sqlite:${path.join(dataFolder(context), 'phone-erp.sqlite')}`;
  const address = new URL('mysql://localhost/');
  if (said(context, 'database.form') === 'url') {
    const given = new URL(said(context, 'database.url'));
    given.password = '';
    return given.href;
  }
  const host = said(context, 'database.host');
  const href = `${kind}://${host.includes(':') ? `[${host}]` : host}:${said(context, 'database.port')}/${encodeURIComponent(said(context, 'database.name'))}`;
  address.href = href;
  address.username = encodeURIComponent(said(context, 'database.user'));
  return address.href;
}

/** The password of the application's account: given now, or kept by an earlier run. */
export function databasePassword(context: Context): string | undefined {
  const typed = said(context, 'database.password');
  if (typed) return typed;
  if (said(context, 'database.form') === 'url') {
    const inAddress = URL.canParse(said(context, 'database.url'))
      ? new URL(said(context, 'database.url')).password
      : '';
    if (inAddress) return decodeURIComponent(inAddress);
  }
  return storedPassword(context);
}

/** What an earlier run or the existing installation has put into its file. */
export function storedPassword(context: Context): string | undefined {
  const file = passwordFile(context);
  if (existsSync(file)) return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  const url = isNew(context) ? undefined : findExisting(context)?.config?.database.url;
  const kept = url !== undefined && URL.canParse(url) ? new URL(url).password : '';
  return kept ? decodeURIComponent(kept) : undefined;
}

/** The address with the password, for connecting; never shown. */
export function connectionUrl(context: Context): string {
  if (!isTechnical(context)) return findExisting(context)?.config?.database.url ?? '';
  return withPassword(databaseAddress(context), databasePassword(context));
}

export function withPassword(address: string, password: string | undefined): string {
  if (address.startsWith('sqlite:') || password === undefined) return address;
  const url = new URL(address);
  url.password = password;
  return url.href;
}
