import { expect } from 'chai';
import { type CheckedDialect, grammarProblem } from './sql-grammar';
import { skipUnlessOutside } from './skip';
import { type SeenStatement, seenStatements } from './statement-recorder';

/**
 * What the tests before sent to databases. Some are the tests' own, or for one database only: switches of the session, questions
 * about a plan, triggers taken away.
 */
export const seenByTests = (): SeenStatement[] =>
  seenStatements().filter(({ oracle }) => !/^\s*(PRAGMA|EXPLAIN|SET|DROP|ALTER|EXEC)\b/i.test(oracle));

/** Defines the test that a dialect understands all of them. Runs after all others (kind `statements` of scripts/test/files.ts). */
export function understoodBy(dialect: CheckedDialect): void {
  const seen = seenByTests();
  it(`is one that ${dialect} understands`, function () {
    skipUnlessOutside(this, seen.length > 0, 'no statement was recorded: run npm test without arguments');
    this.timeout(1_800_000);
    const texts = new Set(seen.map((statement) => statement[dialect]));
    const problems = [...texts]
      .map((text) => ({ text, problem: grammarProblem(dialect, text) }))
      .filter(({ problem }) => problem)
      .map(({ text, problem }) => `${problem}\n    ${text}`);
    expect(problems, problems.join('\n')).to.deep.equal([]);
  });
}
