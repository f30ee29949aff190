import { DomainError } from '../../kernel';
import { differences, figuresOf, type TableFigures } from '../../platform/backup';
import {
  type AnyTable,
  type BulkLoad,
  type Database,
  type Migration,
  migrate,
  openBulkLoad,
  openDatabase,
  openSnapshot,
  sql,
} from '../../platform/database';
import { RESTORE_MARK } from '../schema-state';
import { cleanTarget, prepareTarget } from './target-database';

export interface Schema {
  migrations: readonly Migration[];
  /** As they are after these migrations. */
  tables: readonly AnyTable[];
}

export interface FillSteps<T> {
  url: string;
  /** Calls `begin` once it knows what comes, writes the rows, and says what must be found afterwards. */
  fill: (begin: (schema: Schema) => Promise<BulkLoad>) => Promise<Readonly<Record<string, TableFigures>>>;
  /** Done while the rows are compared, with the database as it was filled. */
  beside?: (database: Database) => Promise<void>;
  /** Everything was compared and is right; the database may be brought up to date. */
  finish: (database: Database) => Promise<T>;
  onCompare?: ((table: string, rows: number) => void) | undefined;
}

/**
 * Fills an empty database and reads all of it again: it counts as filled only when every row is the one that was sent. A failure
 * at any point leaves the database empty; after a kill the mark tells the next run, and servers, that it is not to be used.
 */
export async function fillDatabase<T>({ url, fill, beside, finish, onCompare }: FillSteps<T>): Promise<T> {
  const target = await prepareTarget(url);
  const open: { load?: BulkLoad; tables: readonly AnyTable[] } = { tables: [] };
  try {
    const expected = await fill(async ({ migrations, tables }) => {
      await createSchema(url, migrations);
      open.tables = tables;
      return (open.load = await openBulkLoad(url));
    });
    await open.load?.finish();
    delete open.load;
    const database = await openDatabase(url, { poolSize: 3 });
    try {
      const both = await Promise.allSettled([compare(database, open.tables, expected, onCompare), beside?.(database)]);
      for (const one of both) if (one.status === 'rejected') throw one.reason;
      const result = await finish(database);
      await database.transaction((tx) => tx.execute(sql`DELETE FROM schema_step WHERE step_key = ${RESTORE_MARK}`));
      return result;
    } finally {
      await database.close();
    }
  } catch (error) {
    await open.load?.abandon();
    await cleanTarget(url, target);
    throw error;
  }
}

/** The mark stands before the first table of ours does. */
async function createSchema(url: string, migrations: readonly Migration[]): Promise<void> {
  const database = await openDatabase(url, { poolSize: 2 });
  try {
    await migrate(database, []);
    await database.transaction((tx) =>
      tx.execute(sql`INSERT INTO schema_step (step_key, finished_at) VALUES (${RESTORE_MARK}, ${Date.now()})`),
    );
    await migrate(database, migrations);
  } finally {
    await database.close();
  }
}

async function compare(
  database: Database,
  tables: readonly AnyTable[],
  expected: Readonly<Record<string, TableFigures>>,
  onCompare?: (table: string, rows: number) => void,
): Promise<void> {
  const snapshot = await openSnapshot(database);
  try {
    const [first, ...others] = differences(expected, await figuresOf(snapshot, tables, onCompare));
    if (!first) return;
    const { table, what, expected: wanted, found } = first;
    throw new DomainError('backup:error.differs', {
      details: { table, what, expected: wanted, found, others: others.length },
    });
  } finally {
    await snapshot.close();
  }
}
