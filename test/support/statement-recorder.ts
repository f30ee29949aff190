import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { insertStatement } from '../../src/platform/database/insert';
import { render, type Sql } from '../../src/platform/database/sql';
import type { AnyTable } from '../../src/platform/database/table';
import { RunnerReader, RunnerTransaction } from '../../src/platform/database/transaction';

/** A statement that a test ran on some database, as SQL Server and Oracle would be given it. */
export interface SeenStatement {
  /** The fixed texts of the templates it was made of. */
  texts: string[];
  mssql: string;
  oracle: string;
}

const FOLDER = path.resolve('out/tests/statements');

/** Begins anew: what earlier runs saw may not be in the program any more. */
export function forgetStatements(): void {
  rmSync(FOLDER, { recursive: true, force: true });
}

/** Writes down each different statement that this process sends through readers and transactions, whatever the database. */
export function recordStatements(): void {
  const seen = new Set<string>();
  mkdirSync(FOLDER, { recursive: true });
  const file = path.join(FOLDER, `${process.pid}-${Date.now()}.ndjson`);
  const write = (statement: SeenStatement): void => appendFileSync(file, `${JSON.stringify(statement)}\n`);
  const note = (query: Sql): void => {
    const texts = query.pieces.filter((piece) => typeof piece === 'string');
    const key = query.pieces
      .map((piece) => (typeof piece === 'string' ? piece : 'value' in piece ? '?' : '!'))
      .join('');
    if (seen.has(key)) return;
    seen.add(key);
    write({ texts: [...new Set(texts)], mssql: render(query, 'mssql').text, oracle: render(query, 'oracle').text });
  };
  const noteInsert = (table: AnyTable): void => {
    if (seen.has(table.name)) return;
    seen.add(table.name);
    write({ texts: [], mssql: insertStatement(table, 2, 'mssql'), oracle: insertStatement(table, 1, 'oracle') });
  };
  spy(RunnerReader.prototype, 'all', note);
  spy(RunnerTransaction.prototype, 'execute', note);
  spy<'insert', AnyTable>(RunnerTransaction.prototype, 'insert', noteInsert);
}

function spy<K extends string, A>(
  target: Record<K, (first: A, ...rest: never[]) => unknown>,
  name: K,
  note: (first: A) => void,
): void {
  const original = target[name];
  target[name] = function (this: unknown, first: A, ...rest: never[]): unknown {
    note(first);
    return original.call(this, first, ...rest);
  };
}

/** What all processes of the run saw, each once. */
export function seenStatements(): SeenStatement[] {
  if (!existsSync(FOLDER)) return [];
  const lines = readdirSync(FOLDER).flatMap((name) => readFileSync(path.join(FOLDER, name), 'utf8').split('\n'));
  return [...new Set(lines)].filter(Boolean).map((line) => JSON.parse(line) as SeenStatement);
}
