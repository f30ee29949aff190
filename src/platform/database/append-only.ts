import type { QueryRunner } from 'typeorm';
import { anyRow } from './catalog';
import type { Dialect } from './dialect';
import type { MigrationStep } from './portable';

type Verb = 'UPDATE' | 'DELETE';

/** Makes a table append-only: the database itself refuses UPDATE and DELETE. Takes away nothing from reading. */
export function appendOnly(table: string): MigrationStep[] {
  return (['UPDATE', 'DELETE'] as const).map((verb) => ({
    describe: `append-only ${table} (${verb.toLowerCase()})`,
    async run(runner: QueryRunner, dialect: Dialect) {
      const name = `tr_${table}_no_${verb.toLowerCase()}`.slice(0, 30);
      if (dialect === 'mysql') {
        const known =
          'SELECT 1 FROM information_schema.triggers WHERE trigger_schema = DATABASE() AND trigger_name = ?';
        if (await anyRow(runner, known, [name])) return;
      }
      await runner.query(triggerText[dialect](name, table, verb, `${table} is append-only`));
    },
  }));
}

/** Each refuses a statement that would touch a row, and says nothing to one that touches none. */
const triggerText: Readonly<Record<Dialect, (name: string, table: string, verb: Verb, message: string) => string>> = {
  sqlite: (name, table, verb, message) =>
    `CREATE TRIGGER IF NOT EXISTS ${name} BEFORE ${verb} ON ${table} BEGIN SELECT RAISE(ABORT, '${message}'); END`,
  mysql: (name, table, verb, message) =>
    `CREATE TRIGGER ${name} BEFORE ${verb} ON ${table} FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '${message}'`,
  mssql: (name, table, verb, message) =>
    `CREATE OR ALTER TRIGGER ${name} ON ${table} AFTER ${verb} AS IF EXISTS (SELECT 1 FROM deleted) THROW 51000, N'${message}', 1;`,
  oracle: (name, table, verb, message) =>
    `CREATE OR REPLACE TRIGGER ${name} BEFORE ${verb} ON ${table} FOR EACH ROW BEGIN RAISE_APPLICATION_ERROR(-20001, '${message}'); END;`,
};
