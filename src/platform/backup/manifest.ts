import { z } from 'zod';
import { FORMAT } from './format';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);

/** backup.json, the first entry. Keys to come are ignored. */
export const headSchema = z.object({
  format: z.literal(FORMAT),
  formatVersion: z.int().min(1),
  program: z.string(),
  schema: z.object({ version: z.string(), steps: z.array(z.string()) }),
  createdAt: z.iso.datetime(),
  dialect: z.enum(['sqlite', 'mysql', 'mssql', 'oracle']),
  company: z.string().nullable(),
  /** Which keys of the key file personal data in the rows needs: `k2:9f86d081`. Older backups do not say. */
  secretKeys: z.array(z.string()).optional(),
  tables: z.array(
    z.object({
      name: z.string(),
      key: z.string(),
      columns: z.array(z.object({ name: z.string(), kind: z.string() })),
    }),
  ),
});
export type BackupHead = z.infer<typeof headSchema>;

const tableSchema = z.object({ rows: count, sha256, sums: z.record(z.string(), z.string()) });
/** What must be equal wherever the rows are: count, checksum over all lines, sums of money and quantities. */
export type TableFigures = z.infer<typeof tableSchema>;

export const manifestSchema = z.object({
  parts: z.array(z.object({ name: z.string(), bytes: count, sha256, rows: count.optional() })),
  tables: z.record(z.string(), tableSchema),
  attachments: z.object({ files: count, bytes: count, missing: z.array(z.string()) }),
  books: z.array(z.object({ id: z.string(), count })).nullable(),
});
export type BackupManifest = z.infer<typeof manifestSchema>;
