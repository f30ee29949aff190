import type { ServerTarget } from './target';

export type FactRow = Record<string, unknown>;

/** A bare connection of the driver, for looking at a server before the product opens it. */
export interface ProbeSession {
  /** Rows with lower-case column names. The text comes from this folder only, never from a person. */
  query: (text: string) => Promise<FactRow[]>;
  close: () => Promise<void>;
}

export interface Finding {
  ok: boolean;
  found: string;
  required?: string;
}

/** What has to be asked differently of each kind of server. */
export interface ServerFacts {
  open: (target: ServerTarget) => Promise<ProbeSession>;
  /** The same without naming a database: for the administrator who is to create it. */
  openServer: (target: ServerTarget) => Promise<ProbeSession>;
  version: (session: ProbeSession) => Promise<Finding>;
  encryption: (session: ProbeSession) => Promise<string | undefined>;
  charset: (session: ProbeSession) => Promise<Finding>;
  /** Epoch milliseconds. */
  nowMs: (session: ProbeSession) => Promise<number>;
  isolation: (session: ProbeSession) => Promise<Finding>;
  /** Largest statement in bytes; undefined where there is no such limit. */
  packetBytes: (session: ProbeSession) => Promise<number | undefined>;
  /** Undefined where the account may not know. */
  freeBytes: (session: ProbeSession) => Promise<number | undefined>;
  /** Names of the tables that lie there, lower case. */
  tables: (session: ProbeSession) => Promise<string[]>;
  /** What the product does to tables, tried on a table of its own that is gone afterwards. */
  privileges: readonly { name: string; text: string }[];
  dropScratch: string;
  ping: string;
  /** A question whose answer is about one mebibyte. */
  load: string;
  /** Creates database and a least-privilege account; shown to the administrator before it runs. */
  createStatements: (wanted: { database: string; user: string; password: string; clientHost?: string }) => string[];
  /** An empty database for a while: its name is given by the program. `list`: the names that are there. */
  scratch: { list: string; create: (name: string, password: string) => string[]; drop: (name: string) => string[] };
  /** What only takes effect when said to the new database itself (SQL Server). */
  afterCreate?: (wanted: { database: string; user: string }) => string[];
}

export const SCRATCH_TABLE = 'erp_probe_scratch';

/** Version numbers by their parts: '10.11.6' against [10, 6]. */
export function atLeastVersion(version: string, least: readonly number[]): boolean {
  const parts = (/\d+(\.\d+)*/.exec(version)?.[0] ?? '0').split('.').map(Number);
  for (const [index, wanted] of least.entries()) {
    const part = parts[index] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
}

/** A text in single quotes for statements in which no value can be bound. */
export const quoted = (value: string): string => `'${value.replace(/'/g, "''")}'`;
