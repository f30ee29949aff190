import { invalid } from '../../kernel';

export type ConnectionTarget =
  | { kind: 'sqlite'; path: string }
  | {
      kind: 'mysql';
      host: string;
      port: number;
      user: string;
      password: string;
      database: string;
      socketPath?: string;
    };

/**
 * `sqlite:var/phone-erp.sqlite` or `mysql://user:password@host:3306/name` (also `mariadb://`; `?socketPath=/run/…` for a
 * local socket). Throws DomainError 'database:error.url' for anything else.
 */
export function parseConnectionUrl(url: string): ConnectionTarget {
  if (url.startsWith('sqlite:')) {
    const path = url.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '');
    if (path) return { kind: 'sqlite', path };
  }
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const database = parsed ? decodeURIComponent(parsed.pathname.slice(1)) : '';
  if (!parsed || !['mysql:', 'mariadb:'].includes(parsed.protocol) || !database)
    throw invalid('database:error.url', { url: url.replace(/:[^:@/]*@/, ':***@') });
  const socketPath = parsed.searchParams.get('socketPath');
  return {
    kind: 'mysql',
    host: parsed.hostname || '127.0.0.1',
    port: Number(parsed.port || 3306),
    user: decodeURIComponent(parsed.username),
    password: decodeURIComponent(parsed.password),
    database,
    ...(socketPath ? { socketPath } : {}),
  };
}
