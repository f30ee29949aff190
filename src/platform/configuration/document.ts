import { createHash } from 'node:crypto';

/**
 * What an administrator decides, as opposed to what the business does: which modules are on, their parameters, and records
 * such as categories that steer how the rest works. Plain data, so that it can be kept, compared, written to a file and read.
 */
export interface ConfigurationDocument {
  /** Module → on. Core modules are not named. */
  modules: Record<string, boolean>;
  /** Module → key → value in force, default or not. */
  parameters: Record<string, Record<string, unknown>>;
  /** `<module>.<set>` → its records in their order. */
  data: Record<string, ConfigurationRecord[]>;
}

export interface ConfigurationRecord {
  /** In this database; a file has none. */
  id?: number;
  /** Names it uniquely within its set, for people and in files: 手机 / 智能手机. */
  name: string;
  active: boolean;
  values: Record<string, string | number | boolean | null>;
}

/** The same content gives the same text, whatever the order of its keys. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, held]) => held !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, held]) => `${JSON.stringify(key)}:${canonical(held)}`).join(',')}}`;
}

export function checksumOf(document: unknown): string {
  return createHash('sha256').update(canonical(document)).digest('hex');
}

/** As it stands in a file: without the ids of this database. */
export function withoutIds({ modules, parameters, data }: ConfigurationDocument): ConfigurationDocument {
  const bare = Object.entries(data).map(([set, records]): [string, ConfigurationRecord[]] => [
    set,
    records.map(({ name, active, values }) => ({ name, active, values })),
  ]);
  return { modules, parameters, data: Object.fromEntries(bare) };
}
