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
