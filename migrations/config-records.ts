import { placeholder } from '../src/platform/database/dialect';
import { change, type MigrationStep } from '../src/platform/database/portable';

/** Records that people make have ids from here on (0024). */
const FIRST_OF_PEOPLE = 1001;

export interface NewConfigRecord {
  name: string;
  content: Record<string, unknown>;
}

/** Gives a set of configuration records its usual ones, to be renamed at will; does nothing where the set has any. */
export const configRecords = (set: string, records: readonly NewConfigRecord[]): MigrationStep =>
  change(`usual records of ${set}`, async (runner, dialect) => {
    const rows = (await runner.query('SELECT id, set_name FROM config_record')) as object[];
    const known = rows.map((row) => Object.values(row) as [id: unknown, set: unknown]);
    if (known.some(([, name]) => name === set)) return;
    const ids = known.map(([id]) => Number(id)).filter((id) => id < FIRST_OF_PEOPLE);
    const first = Math.max(0, ...ids) + 1;
    for (const [index, { name, content }] of records.entries()) {
      const record = {
        id: first + index,
        set_name: set,
        name,
        name_key: name.toUpperCase(),
        content: JSON.stringify(content),
        active: 1,
        version: 1,
      };
      const places = Object.values(record).map((_, place) => placeholder(dialect, place));
      await runner.query(
        `INSERT INTO config_record (${Object.keys(record).join(', ')}) VALUES (${places.join(', ')})`,
        Object.values(record),
      );
    }
  });
