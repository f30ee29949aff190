import { existsSync } from 'node:fs';
import { invalid } from '../../kernel';

interface Login {
  host: string;
  port: number;
  user: string;
  password: string;
}

export type ConnectionTarget =
  | { kind: 'sqlite'; path: string }
  | ({ kind: 'mysql'; database: string; socketPath?: string } & Login)
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
 * `mysql` (also `mariadb`; `?socketPath=/run/…` for a local socket);
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
  if (!parsed || !kind || !name) throw invalid('database:error.url', { url: url.replace(/:[^:@/]*@/, ':***@') });
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
  return { kind, ...login, database: name, ...(socketPath ? { socketPath } : {}) };
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
