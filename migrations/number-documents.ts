import { placeholder } from '../src/platform/database/dialect';
import { change, type MigrationStep } from '../src/platform/database/portable';

const SET = 'administration.numbering';
/** Records that people make have ids from here on (0024). */
const FIRST_OF_PEOPLE = 1001;

/** Gives a new type of document its rule of numbers: `CG261122-NJ01-0001`. Does nothing where the type has one. */
export const numberDocuments = (type: string): MigrationStep =>
  change(`numbers of ${type}`, async (runner, dialect) => {
    const rows = (await runner.query('SELECT id, set_name, name_key FROM config_record')) as object[];
    const known = rows.map((row) => Object.values(row) as [id: unknown, set: unknown, key: unknown]);
    if (known.some(([, set, key]) => set === SET && key === type)) return;
    const ids = known.map(([id]) => Number(id)).filter((id) => id < FIRST_OF_PEOPLE);
    const record = {
      id: Math.max(0, ...ids) + 1,
      set_name: SET,
      name: type,
      name_key: type,
      content: JSON.stringify({ prefix: type, datePart: 'yyMMdd', storePart: true, digits: 4 }),
      active: 1,
      version: 1,
    };
    const places = Object.values(record).map((_, index) => placeholder(dialect, index));
    await runner.query(
      `INSERT INTO config_record (${Object.keys(record).join(', ')}) VALUES (${places.join(', ')})`,
      Object.values(record),
    );
  });
