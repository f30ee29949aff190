import { type Encryption, parseConnectionUrl, type ServerKind } from '../connection-url';

export { DEFAULT_PORTS } from '../connection-url';
export type ServerDialect = ServerKind;

/** A database server as an administrator describes it. `database` is the service name on Oracle. */
export interface ServerTarget {
  dialect: ServerDialect;
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  tls?: Encryption;
  /** The authority that the server's certificate must be of (MySQL, MariaDB). */
  caFile?: string;
  /** A local socket instead of host and port (MySQL, MariaDB). */
  socketPath?: string;
  /** A named instance instead of the port (SQL Server). */
  instance?: string;
}

/** A name that goes into CREATE DATABASE, CREATE USER and GRANT, where no value can be bound. */
export const isPlainName = (name: string): boolean => /^[A-Za-z][A-Za-z0-9_]{0,29}$/.test(name);

/** The server of a connection address, looked at as the product will open it; undefined for the embedded database. */
export function serverTarget(url: string): ServerTarget | undefined {
  const target = parseConnectionUrl(url);
  switch (target.kind) {
    case 'sqlite':
      return undefined;
    case 'oracle': {
      const { kind, service, tls, ...login } = target;
      return { dialect: kind, ...login, database: service, tls: tls ? 'required' : 'off' };
    }
    case 'mssql': {
      const { kind, encrypt, trustCertificate, ...rest } = target;
      return { dialect: kind, ...rest, tls: !encrypt ? 'off' : trustCertificate ? 'preferred' : 'required' };
    }
    case 'mysql': {
      const { kind, ...rest } = target;
      return { dialect: kind, ...rest };
    }
  }
}
