import { existsSync, readFileSync } from 'node:fs';
import { invalid } from '../../kernel';

/**
 * How the line to a server is encrypted. `required`: by a certificate that is trusted and names the server; `preferred`: by any;
 * `off` is for a server on the same machine.
 */
export type Encryption = 'off' | 'preferred' | 'required';

interface Login {
  host: string;
  port: number;
  user: string;
  password: string;
}

export type ConnectionTarget =
  | { kind: 'sqlite'; path: string }
  | ({ kind: 'mysql'; database: string; socketPath?: string; tls: Encryption; caFile?: string } & Login)
  | ({ kind: 'mssql'; database: string; instance?: string; encrypt: boolean; trustCertificate: boolean } & Login)
  | ({ kind: 'oracle'; service: string; tls: boolean } & Login);

export type ServerKind = Exclude<ConnectionTarget['kind'], 'sqlite'>;

export const DEFAULT_PORTS: Readonly<Record<ServerKind, number>> = { mysql: 3306, mssql: 1433, oracle: 1521 };

const SCHEMES: Readonly<Record<string, ServerKind>> = {
  'mysql:': 'mysql',
  'mariadb:': 'mysql',
  'mssql:': 'mssql',
  'sqlserver:': 'mssql',
  'oracle:': 'oracle',
};

/**
 * `sqlite:var/phone-erp.sqlite` or `SCHEME://user:password@host:port/name`:
 * `mysql` (also `mariadb`; `?socketPath=/run/…` for a local socket; `?tls=true` encrypts and checks the certificate, against the
 * authority of `&tlsCa=FILE` when it is the company's own; `?tls=insecure` encrypts without checking);
 * `mssql` (also `sqlserver`; `?encrypt=false`, `?trustServerCertificate=true`, `?instance=NAME` instead of a port);
 * `oracle` (the name is the service; `?tls=true` for TCPS).
 * Throws DomainError 'database:error.url' for anything else.
 */
export function parseConnectionUrl(url: string): ConnectionTarget {
  if (url.startsWith('sqlite:')) {
    const path = url.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '');
    if (path) return { kind: 'sqlite', path };
  }
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const kind = parsed && SCHEMES[parsed.protocol];
  const name = parsed ? decodeURIComponent(parsed.pathname.slice(1)) : '';
  const refused = invalid('database:error.url', { url: url.replace(/:[^:@/]*@/, ':***@') });
  if (!parsed || !kind || !name) throw refused;
  const option = (key: string): string | null => parsed.searchParams.get(key);
  const login: Login = {
    host: parsed.hostname || '127.0.0.1',
    port: Number(parsed.port || DEFAULT_PORTS[kind]),
    user: decodeURIComponent(parsed.username),
    password: decodeURIComponent(parsed.password),
  };
  if (kind === 'oracle') return { kind, ...login, service: name, tls: option('tls') === 'true' };
  if (kind === 'mssql') {
    const instance = option('instance');
    return {
      kind,
      ...login,
      database: name,
      encrypt: option('encrypt') !== 'false',
      trustCertificate: option('trustServerCertificate') === 'true',
      ...(instance ? { instance } : {}),
    };
  }
  const socketPath = option('socketPath');
  const caFile = option('tlsCa');
  const tls = ENCRYPTION[option('tls') ?? (caFile === null ? 'false' : 'true')];
  if (!tls) throw refused;
  return { kind, ...login, database: name, tls, ...(socketPath ? { socketPath } : {}), ...(caFile ? { caFile } : {}) };
}

const ENCRYPTION: Readonly<Record<string, Encryption>> = {
  true: 'required',
  insecure: 'preferred',
  false: 'off',
};

/** What mysql2 wants to know about encryption; undefined for none. */
export function mysqlSsl({
  tls = 'off',
  caFile,
}: {
  tls?: Encryption | undefined;
  caFile?: string | undefined;
}): { rejectUnauthorized: boolean; verifyIdentity: boolean; ca?: string } | undefined {
  if (tls === 'off') return undefined;
  const checked = tls === 'required';
  const ca = checked && caFile !== undefined ? { ca: readFileSync(caFile, 'utf8') } : {};
  return { rejectUnauthorized: checked, verifyIdentity: checked, ...ca };
}

/** The file of the embedded database; undefined for a server's address. */
export function embeddedFile(url: string): string | undefined {
  return url.startsWith('sqlite:') ? url.slice('sqlite:'.length) : undefined;
}

/** An embedded database that is not there yet. To be asked by who only wants to look: opening it would create it. */
export function isMissingFile(url: string): boolean {
  const file = embeddedFile(url);
  return file !== undefined && !existsSync(file);
}
