import type { QueryRunner } from 'typeorm';
import { type Dialect, placeholder } from '../src/platform/database/dialect';
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
    const known = await knownRecords(runner);
    if (!known.some((one) => one.set === set)) await insertRecords(runner, dialect, set, known, records);
  });

/** Adds records to a set that a later version knows more of; those whose name the company uses already stay as they are. */
export const moreConfigRecords = (set: string, records: readonly NewConfigRecord[]): MigrationStep =>
  change(`more records of ${set}`, async (runner, dialect) => {
    const known = await knownRecords(runner);
    const taken = new Set(known.filter((one) => one.set === set).map(({ key }) => key));
    const missing = records.filter(({ name }) => !taken.has(name.toUpperCase()));
    await insertRecords(runner, dialect, set, known, missing);
  });

interface KnownRecord {
  id: unknown;
  set: unknown;
  key: unknown;
}

async function knownRecords(runner: QueryRunner): Promise<KnownRecord[]> {
  const rows = (await runner.query('SELECT id, set_name, name_key FROM config_record')) as object[];
  return rows.map((row) => {
    const [id, set, key] = Object.values(row) as unknown[];
    return { id, set, key };
  });
}

async function insertRecords(
  runner: QueryRunner,
  dialect: Dialect,
  set: string,
  known: readonly KnownRecord[],
  records: readonly NewConfigRecord[],
): Promise<void> {
  const ids = known.map(({ id }) => Number(id)).filter((id) => id < FIRST_OF_PEOPLE);
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
}
