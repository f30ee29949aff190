import { DomainError } from '../../kernel';
import type { TableFigures } from '../../platform/backup';
import { inOrderOfReference, RowRestorer, TableLines } from '../../platform/backup';
import { type Database, openSnapshot, type Snapshot } from '../../platform/database';
import { allTables } from '../all-tables';
import { finishedSteps, migrationsWith, schemaState } from '../schema-state';
import { fillDatabase } from './fill-database';
import type { RestoreProgress } from './restore-backup';
import { traces } from './twin-snapshots';

export interface CopyOptions {
  from: Database;
  /** The database to fill: empty, of any kind. */
  url: string;
  onProgress?: ((progress: Omit<RestoreProgress, 'step'> & { step: 'copy' | 'compare' }) => void) | undefined;
}

export interface CopiedDatabase {
  rows: number;
  tables: number;
}

/**
 * Copies a database into an empty one of any kind and compares counts, sums and a checksum over all rows. The old one is only
 * read. Throws 'backup:error.changed_meanwhile' when somebody wrote into it, and what `fillDatabase` throws.
 */
export async function copyDatabase({ from, url, onProgress }: CopyOptions): Promise<CopiedDatabase> {
  const { state } = await schemaState(from);
  if (state !== 'current') throw new DomainError('backup:error.old_schema', { status: 409 });
  const snapshot = await openSnapshot(from);
  let open = true;
  const close = async (): Promise<void> => {
    if (open) await snapshot.close();
    open = false;
  };
  try {
    const migrations = migrationsWith(await finishedSteps(snapshot.read)) ?? [];
    const before = await traces(snapshot.read);
    const tables = inOrderOfReference(allTables);
    let figures: Record<string, TableFigures> = {};
    await fillDatabase({
      url,
      fill: async (begin) => {
        const rows = new RowRestorer(await begin({ migrations, tables }), tables);
        await rows.begin();
        figures = await copyRows(snapshot, rows, (part, done) => onProgress?.({ step: 'copy', part, rows: done }));
        // Its connection may be the only one, and the question at the end needs one.
        await close();
        return figures;
      },
      onCompare: (part, rows) => onProgress?.({ step: 'compare', part, rows }),
      finish: async () => {
        // What was written since the snapshot began would be missing in the new database.
        if ((await traces(from.read)) !== before)
          throw new DomainError('backup:error.changed_meanwhile', { status: 409 });
      },
    });
    return {
      rows: Object.values(figures).reduce((sum, table) => sum + table.rows, 0),
      tables: tables.length,
    };
  } finally {
    await close();
  }
}

async function copyRows(
  snapshot: Snapshot,
  restorer: RowRestorer,
  onRows: (table: string, rows: number) => void,
): Promise<Record<string, TableFigures>> {
  const figures: Record<string, TableFigures> = {};
  let rows = 0;
  for (const table of inOrderOfReference(allTables)) {
    const lines = new TableLines(table);
    for await (const part of lines.read(snapshot)) {
      await restorer.take(table.name, part.text);
      onRows(table.name, (rows += part.rows));
    }
    figures[table.name] = lines.figures();
  }
  await restorer.end();
  return figures;
}
