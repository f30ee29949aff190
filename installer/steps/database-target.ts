import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DEFAULT_PORTS, type ServerDialect, serverTarget, type ServerTarget } from '../../src/platform/database/probe';
import type { Encryption } from '../../src/platform/database/connection-url';
import { type Context, isYes, said } from './environment';
import { findExisting, isNew, isTechnical } from './existing';
import { dataFolder, secretsFolder } from './paths';

export const SERVER_KINDS = ['mariadb', 'mysql', 'mssql', 'oracle'] as const;
export type ServerKind = (typeof SERVER_KINDS)[number];
const DIALECT: Record<ServerKind, ServerDialect> = {
  mariadb: 'mysql',
  mysql: 'mysql',
  mssql: 'mssql',
  oracle: 'oracle',
};

const chosenDialect = (context: Context): ServerDialect =>
  DIALECT[said(context, 'database.kind') as ServerKind] ?? 'mysql';
export const defaultPort = (context: Context): number => DEFAULT_PORTS[chosenDialect(context)];

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
  for (const [option, value] of encryptionOptions(context)) address.searchParams.set(option, value);
  return address.href;
}

/** Nobody listens on the way to the machine itself; Oracle's listener speaks TLS on a port of its own. */
export function defaultEncryption(context: Context): Encryption {
  const dialect = chosenDialect(context);
  if (dialect === 'mssql') return 'required';
  return dialect === 'oracle' || isThisMachine(said(context, 'database.host')) ? 'off' : 'preferred';
}

const isThisMachine = (host: string): boolean => ['127.0.0.1', '::1', 'localhost'].includes(host.toLowerCase());

/** Oracle knows no line that is encrypted without looking at the certificate. */
export const encryptionChoices = (context: Context): readonly Encryption[] =>
  chosenDialect(context) === 'oracle' ? ['off', 'required'] : ['off', 'preferred', 'required'];

/** The company's own authority is given as a file to MySQL and MariaDB; the others use what the machine trusts. */
export const takesAuthority = (context: Context): boolean =>
  chosenDialect(context) === 'mysql' && said(context, 'database.encryption') === 'required';

/** As options of the address, see parseConnectionUrl. */
function encryptionOptions(context: Context): [string, string][] {
  const chosen = said(context, 'database.encryption');
  switch (chosenDialect(context)) {
    case 'mssql':
      if (chosen === 'off') return [['encrypt', 'false']];
      return chosen === 'preferred' ? [['trustServerCertificate', 'true']] : [];
    case 'oracle':
      return chosen === 'required' ? [['tls', 'true']] : [];
    case 'mysql': {
      if (chosen === 'preferred') return [['tls', 'insecure']];
      if (chosen !== 'required') return [];
      const authority = said(context, 'database.tlsCa');
      return [['tls', 'true'], ...(authority ? [['tlsCa', authority] as [string, string]] : [])];
    }
  }
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

/** Database and account do not exist yet and are created by this setup. */
export const isToBeCreated = (context: Context): boolean => isServer(context) && isYes(context, 'database.create');

/** The server as the probe wants it, with the product's own account. Throws for the embedded database. */
export function chosenServer(context: Context): ServerTarget {
  const target = serverTarget(connectionUrl(context));
  if (!target) throw new Error('the embedded database has no server');
  return target;
}

/** The same server with the account of its administrator. */
export const administratorTarget = (context: Context): ServerTarget => ({
  ...chosenServer(context),
  user: said(context, 'database.adminUser'),
  password: said(context, 'database.adminPassword'),
});
