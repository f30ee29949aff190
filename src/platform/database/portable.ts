import { type QueryRunner, Table, TableCheck, TableColumn, TableForeignKey, TableIndex } from 'typeorm';
import { type Column, databaseType } from './columns';
import { type Dialect, snakeCase } from './dialect';
import { defineTable, foreignKeyName, primaryKeyName, type TableOptions } from './table';

/** One DDL statement's worth of change that may be run again after a failure at any point. */
export interface MigrationStep {
  describe: string;
  run(runner: QueryRunner, dialect: Dialect): Promise<void>;
}

export interface Migration {
  /** `0001-platform`: migrations run in the order of their names and are frozen once released. */
  name: string;
  steps: readonly MigrationStep[];
}

export const migration = (name: string, steps: readonly MigrationStep[]): Migration => ({ name, steps });

type Columns = Record<string, Column<unknown>>;

/** Creates a table with its keys, indexes and checks, unless it is there. Call with the same columns as `defineTable`. */
export function createTable<C extends Columns>(
  name: string,
  columns: C,
  options: TableOptions<C> = {},
): MigrationStep[] {
  const table = defineTable(name, columns, options);
  const steps: MigrationStep[] = [
    {
      describe: `table ${name}`,
      async run(runner, dialect) {
        if (await runner.hasTable(name)) return;
        await runner.createTable(
          new Table({
            name,
            columns: table.specs.map((spec) =>
              tableColumn(spec.column, columns[spec.property] as Column<unknown>, dialect, name),
            ),
            foreignKeys: table.specs
              .filter((spec) => spec.references)
              .map(
                (spec) =>
                  new TableForeignKey({
                    name: foreignKeyName(name, spec.column),
                    columnNames: [spec.column],
                    referencedTableName: spec.references ?? '',
                    referencedColumnNames: ['id'],
                    onDelete: 'NO ACTION',
                    onUpdate: 'NO ACTION',
                  }),
              ),
            checks: dialect === 'mysql' ? [] : table.checks.map((check) => new TableCheck(check)),
            ...(dialect === 'mysql' ? { engine: 'InnoDB' } : {}),
          }),
        );
      },
    },
    ...table.indexes.map((index) => createIndex(name, index)),
  ];
  for (const check of table.checks) steps.push(addCheckOnMysql(name, check));
  return steps;
}

function tableColumn(name: string, column: Column<unknown>, dialect: Dialect, table: string): TableColumn {
  const { length, ...type } = databaseType(column.spec, dialect);
  return new TableColumn({
    name,
    ...type,
    ...(length ? { length } : {}),
    isNullable: column.spec.nullable,
    isPrimary: column.spec.primary,
    ...(column.spec.primary ? { primaryKeyConstraintName: primaryKeyName(table) } : {}),
    ...(column.spec.default === undefined
      ? {}
      : {
          default:
            typeof column.spec.default === 'string'
              ? `'${column.spec.default.replace(/'/g, "''")}'`
              : column.spec.default,
        }),
  });
}

export function createIndex(
  table: string,
  index: { name: string; columns: readonly string[]; unique?: boolean; where?: string },
): MigrationStep {
  return {
    describe: `index ${index.name}`,
    async run(runner, dialect) {
      const existing = await runner.getTable(table);
      if (existing?.indices.some((candidate) => candidate.name === index.name)) return;
      await runner.createIndex(
        table,
        new TableIndex({
          name: index.name,
          columnNames: index.columns.map(snakeCase),
          isUnique: index.unique ?? false,
          ...(index.where && dialect === 'mssql' ? { where: index.where } : {}),
        }),
      );
    },
  };
}

/** TypeORM knows no CHECK on MySQL, the servers do (MySQL 8.0.16, MariaDB 10.2). */
function addCheckOnMysql(table: string, check: { name: string; expression: string }): MigrationStep {
  return {
    describe: `check ${check.name}`,
    async run(runner, dialect) {
      if (dialect !== 'mysql') return;
      const found: unknown = await runner.query(
        'SELECT constraint_name FROM information_schema.table_constraints WHERE constraint_schema = DATABASE() AND table_name = ? AND constraint_name = ?',
        [table, check.name],
      );
      if (Array.isArray(found) && found.length > 0) return;
      await runner.query(`ALTER TABLE ${table} ADD CONSTRAINT ${check.name} CHECK (${check.expression})`);
    },
  };
}

/**
 * Adds a column unless it is there. Rows exist already, so it must be nullable or have a default.
 * @public for migrations to come: a released migration is frozen, so a table grows by a later one.
 */
export function addColumn(table: string, property: string, column: Column<unknown>): MigrationStep {
  return {
    describe: `column ${table}.${snakeCase(property)}`,
    async run(runner, dialect) {
      if (await runner.hasColumn(table, snakeCase(property))) return;
      const added = tableColumn(snakeCase(property), column, dialect, table);
      if (dialect === 'sqlite') return void (await runner.query(addColumnOnSqlite(table, added)));
      await runner.addColumn(table, added);
    },
  };
}

/** TypeORM builds the table anew, which a row that others refer to forbids; SQLite itself can add a column in place. */
const addColumnOnSqlite = (table: string, { name, type, length, isNullable, default: value }: TableColumn): string =>
  [
    `ALTER TABLE "${table}" ADD COLUMN "${name}" ${type}${length ? `(${length})` : ''}`,
    isNullable ? '' : ' NOT NULL',
    value === undefined ? '' : ` DEFAULT ${String(value)}`,
  ].join('');

/** Makes a table append-only: the database itself refuses UPDATE and DELETE. Takes away nothing from reading. */
export function appendOnly(table: string): MigrationStep[] {
  return (['UPDATE', 'DELETE'] as const).map((verb) => ({
    describe: `append-only ${table} (${verb.toLowerCase()})`,
    async run(runner: QueryRunner, dialect: Dialect) {
      const name = `tr_${table}_no_${verb.toLowerCase()}`.slice(0, 30);
      const message = `${table} is append-only`;
      if (dialect === 'sqlite')
        await runner.query(
          `CREATE TRIGGER IF NOT EXISTS ${name} BEFORE ${verb} ON ${table} BEGIN SELECT RAISE(ABORT, '${message}'); END`,
        );
      if (dialect === 'mysql') {
        const found: unknown = await runner.query(
          'SELECT 1 FROM information_schema.triggers WHERE trigger_schema = DATABASE() AND trigger_name = ?',
          [name],
        );
        if (Array.isArray(found) && found.length > 0) return;
        await runner.query(
          `CREATE TRIGGER ${name} BEFORE ${verb} ON ${table} FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '${message}'`,
        );
      }
    },
  }));
}

/** A statement or several for data; must be safe to run again. */
export const change = (describe: string, run: MigrationStep['run']): MigrationStep => ({ describe, run });
export { col } from './columns';
