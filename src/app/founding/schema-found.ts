import { type Database, isMissingFile, openDatabase } from '../../platform/database';
import { hasAdministrator } from './administrator';
import { isFounded } from './company';
import { type SchemaState, schemaState } from '../schema-state';

/** What a database holds: nothing, our tables, or those of another program. */
export type SchemaFound =
  | { kind: 'empty' }
  | {
      kind: 'ours';
      schema: SchemaState;
      tables: number;
      /** A company was written into it and somebody made its administrator: there is nothing left for a setup to found. */
      founded: boolean;
    }
  | { kind: 'foreign'; tables: readonly string[] };

const TABLES_OF: Record<Database['dialect'], string> = {
  sqlite: "SELECT name AS name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
  mysql:
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' ORDER BY table_name",
  mssql: "SELECT table_name AS name FROM information_schema.tables WHERE table_type = 'BASE TABLE' ORDER BY table_name",
  oracle: 'SELECT table_name AS "name" FROM user_tables ORDER BY table_name',
};

/** Looks at a database without changing it; an embedded one that does not exist is not made. Errors of the driver pass through. */
export async function schemaFound(url: string): Promise<SchemaFound> {
  if (isMissingFile(url)) return { kind: 'empty' };
  const database = await openDatabase(url, { poolSize: 1, readOnly: true });
  try {
    const rows = await database.dataSource.query<{ name: string }[]>(TABLES_OF[database.dialect]);
    const tables = rows.map(({ name }) => name.toLowerCase());
    if (tables.length === 0) return { kind: 'empty' };
    if (!tables.includes('schema_step')) return { kind: 'foreign', tables };
    const founded =
      tables.includes('company') &&
      tables.includes('user_role') &&
      (await isFounded({ database })) &&
      (await hasAdministrator(database.read));
    return { kind: 'ours', schema: await schemaState(database), tables: tables.length, founded };
  } finally {
    await database.close();
  }
}
