import { expect } from 'chai';
import { quoteReserved } from '../../src/platform/database/oracle-words';
import { grammarProblem } from '../support/sql-grammar';
import { type SqlTemplate, sqlTemplates } from '../support/sql-templates';
import { skipUnlessOutside } from '../support/skip';
import { seenByTests, understoodBy } from '../support/statement-checks';

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

describe('every statement of the program', () => {
  const seen = seenByTests();
  const whole = process.env.ERP_TEST_WHOLE_RUN === '1';

  understoodBy('mssql');

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
