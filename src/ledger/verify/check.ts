import { type Reader, type Sql, sql } from '../../platform/database';
import { shownNumbers } from '../device-reads';

export interface CheckFindings {
  count: number;
  /** At most 20, each naming what is wrong by id or number. */
  findings: string[];
}

/** One invariant over the whole database. Each query is one statement, so that postings under way do not disturb it. */
export interface LedgerCheck {
  /** `device.last_event`; words: `ledger:check.device_last_event`. */
  id: string;
  run: (read: Reader) => Promise<CheckFindings>;
}

const MOST_FINDINGS = 20;

type Values = Record<string, string | number | null>;
type Describe = (row: Values) => string;

/** A query that returns the wrong rows (no ORDER BY), and how one is told. */
export interface Search {
  query: Sql;
  tell: Describe;
  /** Column (camelCase) with a device's id, told with its number. */
  device?: string;
}

export function ledgerCheck(id: string, ...searches: Search[]): LedgerCheck {
  return {
    id,
    run: async (read) => {
      const result: CheckFindings = { count: 0, findings: [] };
      for (const search of searches) await find(read, search, result);
      return result;
    },
  };
}

async function find(read: Reader, { query, tell, device }: Search, result: CheckFindings): Promise<void> {
  const counted = await read.one<{ wrong: number }>(sql`SELECT COUNT(*) AS wrong FROM (${query}) w`);
  const wrong = Number(counted?.wrong ?? 0);
  if (wrong === 0) return;
  result.count += wrong;
  const room = MOST_FINDINGS - result.findings.length;
  if (room <= 0) return;
  const rows = await read.all<Values>(sql`${query} ORDER BY 1, 2 ${sql.limit(room)}`);
  const numbers = device
    ? await shownNumbers(
        read,
        rows.map((row) => Number(row[device])),
      )
    : new Map<number, string>();
  for (const row of rows) {
    const name = device ? `device ${row[device]} (${numbers.get(Number(row[device])) ?? 'no number'}): ` : '';
    result.findings.push(name + tell(row));
  }
}

/** `a` and `b` differ, null being a value like any other. */
export function differs(a: string, b: string, kind: 'number' | 'text'): Sql {
  const [left, right] = [sql.identifier(a), sql.identifier(b)];
  return kind === 'number'
    ? sql`COALESCE(${left}, 0) <> COALESCE(${right}, 0)`
    : sql`COALESCE(${left}, '-') <> COALESCE(${right}, '-')`;
}
