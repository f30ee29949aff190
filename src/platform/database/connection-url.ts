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

const SCHEMES: Readonly<Record<string, { kind: 'mysql' | 'mssql' | 'oracle'; port: number }>> = {
  'mysql:': { kind: 'mysql', port: 3306 },
  'mariadb:': { kind: 'mysql', port: 3306 },
  'mssql:': { kind: 'mssql', port: 1433 },
  'sqlserver:': { kind: 'mssql', port: 1433 },
  'oracle:': { kind: 'oracle', port: 1521 },
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
  const scheme = parsed && SCHEMES[parsed.protocol];
  const name = parsed ? decodeURIComponent(parsed.pathname.slice(1)) : '';
  if (!parsed || !scheme || !name) throw invalid('database:error.url', { url: url.replace(/:[^:@/]*@/, ':***@') });
  const option = (key: string): string | null => parsed.searchParams.get(key);
  const login: Login = {
    host: parsed.hostname || '127.0.0.1',
    port: Number(parsed.port || scheme.port),
    user: decodeURIComponent(parsed.username),
    password: decodeURIComponent(parsed.password),
  };
  if (scheme.kind === 'oracle') return { kind: 'oracle', ...login, service: name, tls: option('tls') === 'true' };
  if (scheme.kind === 'mssql') {
    const instance = option('instance');
    return {
      kind: 'mssql',
      ...login,
      database: name,
      encrypt: option('encrypt') !== 'false',
      trustCertificate: option('trustServerCertificate') === 'true',
      ...(instance ? { instance } : {}),
    };
  }
  const socketPath = option('socketPath');
  return { kind: 'mysql', ...login, database: name, ...(socketPath ? { socketPath } : {}) };
}
