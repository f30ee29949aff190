import { placeholder } from '../src/platform/database/dialect';
import { change, type MigrationStep } from '../src/platform/database/portable';

/** Roles that people map have ids from here on (0003). */
const FIRST_OF_PEOPLE = 1001;

/** Gives new roles of the documents their accounts, by code; a role that has one keeps it. */
export const roleAccounts = (roles: Readonly<Record<string, string>>): MigrationStep =>
  change(`accounts of ${Object.keys(roles).join(', ')}`, async (runner, dialect) => {
    const read = async (columns: string, table: string): Promise<unknown[][]> =>
      ((await runner.query(`SELECT ${columns} FROM ${table}`)) as object[]).map(
        (row) => Object.values(row) as unknown[],
      );
    const accounts = new Map((await read('id, code', 'account')).map(([id, code]) => [code, Number(id)]));
    const known = await read('id, role', 'account_role');
    const ids = known.map(([id]) => Number(id)).filter((id) => id < FIRST_OF_PEOPLE);
    let next = Math.max(0, ...ids) + 1;
    for (const [role, code] of Object.entries(roles)) {
      if (known.some(([, name]) => name === role)) continue;
      const bound = [next++, role, accounts.get(code)];
      const places = bound.map((_, index) => placeholder(dialect, index)).join(', ');
      await runner.query(`INSERT INTO account_role (id, role, account_id) VALUES (${places})`, bound);
    }
  });
