import type { AnyTable } from '../database';

export const FORMAT = 'phone-erp-backup';
export const FORMAT_VERSION = 1;

/** Names of entries; see docs/formats/backup.md. */
export const HEAD = 'backup.json';
export const README = 'README.txt';
export const CONFIG = 'configuration/config.json';
export const SECRET_KEY = 'configuration/secret.key';
export const SUMS = 'SHA256SUMS';
export const MANIFEST = 'manifest.json';

export const partName = (table: string, part: number): string =>
  `tables/${table}/${String(part).padStart(6, '0')}.ndjson.zst`;
const TABLE_PART = /^tables\/([a-z][a-z0-9_]*)\/(\d{6,})\.ndjson\.zst$/;

/** The table that a part belongs to; undefined for other entries. */
export const tableOfPart = (name: string): string | undefined => TABLE_PART.exec(name)?.[1];

export const attachmentName = (sha256: string): string => `attachments/${sha256.slice(0, 2)}/${sha256}`;
export const attachmentOf = (name: string): string | undefined =>
  /^attachments\/[0-9a-f]{2}\/([0-9a-f]{64})$/.exec(name)?.[1];

export interface BackupName {
  company: string;
  /** Epoch milliseconds; whole seconds. */
  createdAt: number;
  /** Number of the last migration. */
  schema: string;
  encrypted: boolean;
}

/** `phone-erp-erp-20261123T023000Z-0016.zip.age` */
export function backupFileName({ company, createdAt, schema, encrypted }: BackupName): string {
  const time = new Date(createdAt).toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '');
  const code =
    company
      .toLowerCase()
      .replace(/[^a-z0-9]/g, '')
      .slice(0, 20) || 'erp';
  return `phone-erp-${code}-${time}-${schema}.zip${encrypted ? '.age' : ''}`;
}

/** A table before those that refer to it; a reference to itself does not count. */
export function inOrderOfReference(tables: readonly AnyTable[]): AnyTable[] {
  const byName = new Map(tables.map((table) => [table.name, table]));
  const done = new Set<AnyTable>();
  const visit = (table: AnyTable, above: readonly AnyTable[]): void => {
    if (done.has(table)) return;
    if (above.includes(table)) throw new RangeError(`tables refer to each other in a circle: ${table.name}`);
    for (const { references } of table.specs) {
      const other = references === undefined ? undefined : byName.get(references);
      if (other && other !== table) visit(other, [...above, table]);
    }
    done.add(table);
  };
  for (const table of tables) visit(table, []);
  return [...done];
}
