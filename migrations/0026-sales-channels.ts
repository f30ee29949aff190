import type { QueryRunner } from 'typeorm';
import { placeholder } from '../src/platform/database/dialect';
import { addColumn, change, col, migration } from '../src/platform/database/portable';

const SET = 'sales.channels';
/** Beside the stores' own sales; with the words of the company's books, to be renamed at will. */
const CHANNELS = [
  { id: 51, name: '线上', kind: 'online', sortOrder: 10 },
  { id: 52, name: '批发', kind: 'wholesale', sortOrder: 20 },
];

/** No key and no index on the column: it names a record of the configuration, which is never deleted, and every sale has it. */
export default migration('0026-sales-channels', [
  addColumn('sale', 'channelId', col.id().nullable()),
  change('sales channels', async (runner, dialect) => {
    const known = await idsOf(runner);
    for (const { id, name, ...content } of CHANNELS) {
      if (known.has(id)) continue;
      const row = { id, set_name: SET, name, name_key: name, content: JSON.stringify(content), active: 1, version: 1 };
      const places = Object.keys(row).map((_, place) => placeholder(dialect, place));
      await runner.query(
        `INSERT INTO config_record (${Object.keys(row).join(', ')}) VALUES (${places.join(', ')})`,
        Object.values(row),
      );
    }
  }),
]);

async function idsOf(runner: QueryRunner): Promise<Set<number>> {
  const rows: unknown = await runner.query(`SELECT id FROM config_record WHERE set_name = '${SET}'`);
  return new Set((rows as object[]).map((row) => Number(Object.values(row)[0])));
}
