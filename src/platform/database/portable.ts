import { type QueryRunner, Table, TableCheck, TableColumn, TableForeignKey, TableIndex } from 'typeorm';
import { type Column, databaseType } from './columns';
import { anyRow, hasIndex } from './catalog';
import { type Dialect, physicalName, snakeCase } from './dialect';
import { defineTable, foreignKeyName, physicalCheck, primaryKeyName, type TableOptions } from './table';

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
        const physical = (text: string): string => physicalName(text, dialect);
        if (await runner.hasTable(physical(name))) return;
        await runner.createTable(
          new Table({
            name: physical(name),
            columns: table.specs.map((spec) =>
              tableColumn(spec.column, columns[spec.property] as Column<unknown>, dialect, name),
            ),
            foreignKeys: table.specs
              .filter((spec) => spec.references)
              .map(
                (spec) =>
                  new TableForeignKey({
                    name: physical(foreignKeyName(name, spec.column)),
                    columnNames: [physical(spec.column)],
                    referencedTableName: physical(spec.references ?? ''),
                    referencedColumnNames: [physical('id')],
                    onDelete: 'NO ACTION',
                    onUpdate: 'NO ACTION',
                  }),
              ),
            checks:
              dialect === 'mysql' ? [] : table.checks.map((check) => new TableCheck(physicalCheck(check, dialect))),
            // Each index of its own is a new table for the server; the steps behind find them there.
            ...(dialect === 'mysql'
              ? { engine: 'InnoDB', indices: table.indexes.map((index) => tableIndex(index, dialect)) }
              : {}),
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
    name: physicalName(name, dialect),
    ...type,
    ...(length ? { length } : {}),
    isNullable: column.spec.nullable,
    isPrimary: column.spec.primary,
    ...(column.spec.primary ? { primaryKeyConstraintName: physicalName(primaryKeyName(table), dialect) } : {}),
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

interface Index {
  name: string;
  columns: readonly string[];
  unique?: boolean;
  where?: string;
}

const tableIndex = ({ name, columns, unique, where }: Index, dialect: Dialect): TableIndex =>
  new TableIndex({
    name: physicalName(name, dialect),
    columnNames: columns.map((column) => physicalName(snakeCase(column), dialect)),
    isUnique: unique ?? false,
    ...(where && dialect === 'mssql' ? { where } : {}),
  });

export function createIndex(table: string, index: Index): MigrationStep {
  return {
    describe: `index ${index.name}`,
    async run(runner, dialect) {
      if (await hasIndex(runner, dialect, table, index.name)) return;
      await runner.createIndex(new Table({ name: physicalName(table, dialect) }), tableIndex(index, dialect));
    },
  };
}

/** After the index that takes its place: MySQL keeps the last index of a foreign key. */
export function dropIndex(table: string, name: string): MigrationStep {
  return {
    describe: `index ${name} dropped`,
    async run(runner, dialect) {
      if (!(await hasIndex(runner, dialect, table, name))) return;
      if (dialect === 'mysql') return void (await runner.query(`ALTER TABLE ${table} DROP INDEX ${name}`));
      await runner.query(
        dialect === 'mssql' ? `DROP INDEX ${name} ON ${table}` : `DROP INDEX "${physicalName(name, dialect)}"`,
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
      const known =
        'SELECT 1 FROM information_schema.table_constraints WHERE constraint_schema = DATABASE() AND table_name = ? AND constraint_name = ?';
      if (await anyRow(runner, known, [table, check.name])) return;
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
      if (await runner.hasColumn(physicalName(table, dialect), physicalName(snakeCase(property), dialect))) return;
      const added = tableColumn(snakeCase(property), column, dialect, table);
      if (dialect === 'sqlite') return void (await runner.query(addColumnOnSqlite(table, added)));
      await runner.addColumn(new Table({ name: physicalName(table, dialect) }), added);
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

/** Gives a column another name, in place: TypeORM builds the table anew on SQLite, which leaves half of it when interrupted. */
export function renameColumn(table: string, before: string, after: string): MigrationStep {
  return {
    describe: `column ${table}.${snakeCase(after)}, called ${snakeCase(before)} before`,
    async run(runner, dialect) {
      const names = [table, snakeCase(before), snakeCase(after)].map((name) => physicalName(name, dialect));
      const [at = '', from = '', to = ''] = names;
      if (!(await runner.hasColumn(at, from))) return;
      if (dialect === 'mssql') return void (await runner.query(`EXEC sp_rename '${at}.${from}', '${to}', 'COLUMN'`));
      const quoted = (name: string): string => (dialect === 'mysql' ? `\`${name}\`` : `"${name}"`);
      await runner.query(`ALTER TABLE ${quoted(at)} RENAME COLUMN ${quoted(from)} TO ${quoted(to)}`);
    },
  };
}

/** A statement or several for data; must be safe to run again. */
export const change = (describe: string, run: MigrationStep['run']): MigrationStep => ({ describe, run });
export { col } from './columns';
export { appendOnly } from './append-only';
