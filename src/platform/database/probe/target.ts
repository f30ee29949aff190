export type ServerDialect = 'mysql' | 'mssql' | 'oracle';

/** A database server as an administrator describes it. `database` is the service name on Oracle. */
export interface ServerTarget {
  dialect: ServerDialect;
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  /** `required`: encrypted or not at all. `off` is for a server on the same machine. */
  tls?: 'off' | 'preferred' | 'required';
  /** A local socket instead of host and port (MySQL, MariaDB). */
  socketPath?: string;
}

export const DEFAULT_PORTS: Readonly<Record<ServerDialect, number>> = { mysql: 3306, mssql: 1433, oracle: 1521 };

/** A name that goes into CREATE DATABASE, CREATE USER and GRANT, where no value can be bound. */
export const isPlainName = (name: string): boolean => /^[A-Za-z][A-Za-z0-9_]{0,29}$/.test(name);

const DIALECT_OF_PROTOCOL: Readonly<Record<string, ServerDialect>> = {
  'mysql:': 'mysql',
  'mariadb:': 'mysql',
  'mssql:': 'mssql',
  'sqlserver:': 'mssql',
  'oracle:': 'oracle',
};

/** The server of a connection address; undefined for the embedded database and for what is no address. */
export function serverTarget(url: string): ServerTarget | undefined {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const dialect = parsed && DIALECT_OF_PROTOCOL[parsed.protocol];
  if (!dialect) return undefined;
  const socketPath = parsed.searchParams.get('socketPath');
  const encrypt = parsed.searchParams.get('encrypt');
  return {
    dialect,
    host: parsed.hostname || '127.0.0.1',
    port: Number(parsed.port || DEFAULT_PORTS[dialect]),
    user: decodeURIComponent(parsed.username),
    password: decodeURIComponent(parsed.password),
    database: decodeURIComponent(parsed.pathname.slice(1)),
    ...(encrypt === null ? {} : { tls: encrypt === 'false' ? ('off' as const) : ('required' as const) }),
    ...(socketPath ? { socketPath } : {}),
  };
}
