import type { QueryRunner } from 'typeorm';
import { type Dialect, placeholder } from '../src/platform/database/dialect';
import { change, col, createTable, migration } from '../src/platform/database/portable';

/** The letters of each type of document, as numbers were made before there were rules. */
const NUMBERED = ['XS', 'XT', 'XH', 'JB', 'RK', 'RH', 'QC'];

export default migration('0024-configuration-records', [
  ...createTable(
    'config_record',
    {
      id: col.id().primary(),
      setName: col.code(60),
      name: col.text(80),
      nameKey: col.code(80),
      content: col.json(),
      active: col.bool(),
      version: col.int(),
    },
    { indexes: [{ name: 'ux_config_record', columns: ['setName', 'nameKey'], unique: true }] },
  ),
  change('rules of document numbers', async (runner, dialect) => {
    const known = await keysOf(runner);
    for (const [index, type] of NUMBERED.entries())
      if (!known.has(type))
        await insertRow(runner, dialect, 'config_record', {
          id: index + 1,
          set_name: 'administration.numbering',
          name: type,
          name_key: type,
          content: JSON.stringify({ prefix: type, datePart: 'yyMMdd', storePart: true, digits: 4 }),
          active: 1,
          version: 1,
        });
  }),
  change('ids of records made later', async (runner, dialect) => {
    const rows = (await runner.query(`SELECT name FROM counter WHERE name = 'config_record'`)) as unknown[];
    if (rows.length === 0) await insertRow(runner, dialect, 'counter', { name: 'config_record', next_value: 1001 });
  }),
]);

async function keysOf(runner: QueryRunner): Promise<Set<unknown>> {
  const rows: unknown = await runner.query('SELECT name_key FROM config_record');
  return new Set((rows as object[]).map((row) => Object.values(row)[0] as unknown));
}

async function insertRow(runner: QueryRunner, dialect: Dialect, table: string, row: object): Promise<void> {
  const bound = Object.values(row) as unknown[];
  const places = bound.map((_, index) => placeholder(dialect, index)).join(', ');
  await runner.query(`INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${places})`, bound);
}
