import { expect } from 'chai';
import { quoteReserved } from '../../src/platform/database/oracle-words';
import { grammarProblem } from '../support/sql-grammar';
import { type SqlTemplate, sqlTemplates } from '../support/sql-templates';
import { seenStatements } from '../support/statement-recorder';
import { skipUnlessOutside } from '../support/skip';

/** Places that are for one database only, each with the reason. */
const ONE_DATABASE: Readonly<Record<string, string>> = {
  'src/app/checks/schema-checks.ts': 'PRAGMA quick_check is SQLite’s own and asked only there',
};

const DIALECTS = ['mssql', 'oracle'] as const;

/** A template that no test ran must at least be readable as it stands: as a statement, a condition or an expression. */
function readable({ texts }: SqlTemplate): boolean {
  return DIALECTS.every((dialect) => {
    const plain = texts
      .join(dialect === 'mssql' ? ' @1 ' : ' :1 ')
      .replace(/[=<>]\s*$/, (end) => `${end} 1`)
      .replace(/\b(TABLE|FROM)\s*$/, (end) => `${end} device`);
    const text = dialect === 'oracle' ? quoteReserved(plain) : plain;
    const forms = [text, `SELECT 1 AS found FROM device d WHERE ${text}`, `SELECT ${text} AS found FROM device d`];
    return forms.some((form) => grammarProblem(dialect, form) === undefined);
  });
}

// Runs after all others (kind `statements` of scripts/test/files.ts) on what they sent.
describe('every statement of the program', () => {
  // Some are the tests' own, or for one database only: switches of the session, questions about a plan, triggers taken away.
  const seen = seenStatements().filter(({ oracle }) => !/^\s*(PRAGMA|EXPLAIN|SET|DROP|ALTER|EXEC)\b/i.test(oracle));
  const whole = process.env.ERP_TEST_WHOLE_RUN === '1';

  for (const dialect of DIALECTS)
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

  it('was sent by a test, or can be read as it stands, in all dialects', function () {
    skipUnlessOutside(this, whole, 'only after all tests: run npm test without arguments');
    this.timeout(1_800_000);
    const texts = new Set(seen.flatMap((statement) => statement.texts));
    const missing = sqlTemplates()
      .filter((template) => template.texts.some((text) => !texts.has(text)))
      .filter((template) => !(template.place.replace(/:\d+$/, '') in ONE_DATABASE) && !readable(template))
      .map((template) => `${template.place}  ${template.texts.join('…').slice(0, 100)}`);
    expect(missing, missing.join('\n')).to.deep.equal([]);
  });
});
