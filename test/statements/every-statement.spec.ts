import { expect } from 'chai';
import { grammarProblem } from '../support/sql-grammar';
import { sqlTemplates } from '../support/sql-templates';
import { seenStatements } from '../support/statement-recorder';
import { skipUnlessOutside } from '../support/skip';

/**
 * Templates that no test runs on the embedded database, each with the reason why that is right. Anything else new must be run by
 * some test, which is how it is seen in all dialects.
 */
const NOT_RUN: Readonly<Record<string, string>> = {};

// Runs after all others (kind `statements` of scripts/test/files.ts) on what they sent.
describe('every statement of the program', () => {
  const seen = seenStatements();
  const whole = process.env.ERP_TEST_WHOLE_RUN === '1';

  for (const dialect of ['mssql', 'oracle'] as const)
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

  it('was sent by a test, and so was seen in all dialects', function () {
    skipUnlessOutside(this, whole, 'only after all tests: run npm test without arguments');
    const texts = new Set(seen.flatMap((statement) => statement.texts));
    const missing = sqlTemplates()
      .filter((template) => template.texts.some((text) => !texts.has(text)))
      .filter((template) => !(template.place.replace(/:\d+$/, '') in NOT_RUN))
      .map((template) => `${template.place}  ${template.texts.join('…').slice(0, 100)}`);
    expect(missing, missing.join('\n')).to.deep.equal([]);
  });
});
