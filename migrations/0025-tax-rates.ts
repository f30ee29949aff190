import type { QueryRunner } from 'typeorm';
import { placeholder } from '../src/platform/database/dialect';
import { change, migration } from '../src/platform/database/portable';

const SET = 'catalog.taxRates';
/** Of value added tax since 2019, of small businesses, and none; basis points. */
const RATES = [1300, 900, 600, 500, 300, 100, 0];
/** Ids below those that the program gives out (1001); the rules of numbers have 1 to 7. */
const FIRST_ID = 101;

export default migration('0025-tax-rates', [
  change('tax rates, with those that are used already', async (runner, dialect) => {
    const rates = [...new Set([...RATES, ...(await used(runner, 'category')), ...(await used(runner, 'product'))])];
    const known = await column(runner, `SELECT name_key FROM config_record WHERE set_name = '${SET}'`);
    for (const [index, rateBp] of rates.entries()) {
      const name = `${rateBp / 100}%`;
      if (known.has(name)) continue;
      const row = {
        id: FIRST_ID + index,
        set_name: SET,
        name,
        name_key: name,
        content: JSON.stringify({ rateBp, code: null }),
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

const used = async (runner: QueryRunner, table: 'category' | 'product'): Promise<number[]> =>
  [...(await column(runner, `SELECT DISTINCT tax_rate_bp FROM ${table}`))].map(Number).sort((a, b) => b - a);

async function column(runner: QueryRunner, query: string): Promise<Set<unknown>> {
  const rows: unknown = await runner.query(query);
  return new Set((rows as object[]).map((row) => Object.values(row)[0] as unknown));
}
