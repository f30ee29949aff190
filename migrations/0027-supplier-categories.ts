import type { QueryRunner } from 'typeorm';
import { placeholder } from '../src/platform/database/dialect';
import { change, migration } from '../src/platform/database/portable';

const SET = 'purchasing.supplierCategories';
const USUAL = ['手机厂商', '国代', '省代', '运营商', '配件商', '维修配件', '其他'];
/** Ids below those that the program gives out (1001); the parameter held at most 50. */
const FIRST_ID = 201;

export default migration('0027-supplier-categories', [
  change('supplier categories, from the parameter that held them', async (runner, dialect) => {
    const known = new Set(await column(runner, `SELECT name FROM config_record WHERE set_name = '${SET}'`));
    const [stored] = await column(runner, `SELECT value FROM parameter WHERE name = '${SET}'`);
    const names = typeof stored === 'string' ? (JSON.parse(stored) as string[]) : USUAL;
    for (const [index, name] of [...new Set(names)].entries()) {
      if (known.has(name)) continue;
      const row = {
        id: FIRST_ID + index,
        set_name: SET,
        name,
        name_key: name.normalize('NFKC').replace(/\s+/g, ' ').trim().toUpperCase(),
        content: JSON.stringify({ sortOrder: (index + 1) * 10 }),
        active: 1,
        version: 1,
      };
      const places = Object.keys(row).map((_, place) => placeholder(dialect, place));
      await runner.query(
        `INSERT INTO config_record (${Object.keys(row).join(', ')}) VALUES (${places.join(', ')})`,
        Object.values(row),
      );
    }
  }),
]);

async function column(runner: QueryRunner, query: string): Promise<unknown[]> {
  const rows: unknown = await runner.query(query);
  return (rows as object[]).map((row) => Object.values(row)[0] as unknown);
}
