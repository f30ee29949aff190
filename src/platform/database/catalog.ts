import type { QueryRunner } from 'typeorm';
import { type Dialect, physicalName } from './dialect';

/** One small question to the database's own catalogue each: loading whole tables to look for one index takes seconds in sum. */
const INDEX_QUERIES: Readonly<Record<Dialect, string>> = {
  sqlite: "SELECT 1 AS found FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND name = ?",
  mysql:
    'SELECT 1 AS found FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = ? AND index_name = ?',
  mssql: 'SELECT 1 AS found FROM sys.indexes WHERE object_id = OBJECT_ID(@0) AND name = @1',
  oracle: 'SELECT 1 AS found FROM "USER_INDEXES" WHERE "TABLE_NAME" = :1 AND "INDEX_NAME" = :2',
};

export async function hasIndex(runner: QueryRunner, dialect: Dialect, table: string, name: string): Promise<boolean> {
  return anyRow(runner, INDEX_QUERIES[dialect], [physicalName(table, dialect), physicalName(name, dialect)]);
}

const TABLE_QUERIES: Readonly<Record<Dialect, string>> = {
  sqlite: "SELECT name AS found FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
  mysql: 'SELECT table_name AS found FROM information_schema.tables WHERE table_schema = DATABASE()',
  mssql: 'SELECT name AS found FROM sys.tables',
  oracle: 'SELECT "TABLE_NAME" AS "found" FROM "USER_TABLES"',
};

/** Names of all tables of the database, in small letters, whoever made them. */
export async function listTables(
  runner: { query(text: string): Promise<unknown> },
  dialect: Dialect,
): Promise<string[]> {
  const rows = (await runner.query(TABLE_QUERIES[dialect])) as Record<string, unknown>[];
  return rows.map((row) => String(row['found']).toLowerCase());
}

export async function anyRow(runner: QueryRunner, text: string, values: string[]): Promise<boolean> {
  const found: unknown = await runner.query(text, values);
  return Array.isArray(found) && found.length > 0;
}
