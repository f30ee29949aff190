import { expect } from 'chai';
import { migrations } from '../../migrations';
import { migrate, openDatabase, render, sql } from '../../src/platform/database';
import { drivers } from '../../src/platform/database/drivers';
import { silentMssql, silentOracle } from '../support/database-kinds/silent-drivers';
import { grammarProblem } from '../support/sql-grammar';

// Words that a name without quotes may not be, of those that the grammar lets pass. (On Oracle they are put into quotes.)
const RESERVED =
  words(`add all alter and any as asc authorization backup begin between break browse bulk by cascade case check checkpoint
    close clustered coalesce collate column commit compute constraint contains containstable continue convert create cross current
    current_date current_time current_timestamp current_user cursor database dbcc deallocate declare default delete deny desc disk
    distinct distributed double drop dump else end errlvl escape except exec execute exists exit external fetch file fillfactor for
    foreign freetext freetexttable from full function goto grant group having holdlock identity identity_insert identitycol if in
    index inner insert intersect into is join key kill left like lineno load merge national nocheck nonclustered not null nullif of
    off offsets on open opendatasource openquery openrowset openxml option or order outer over percent pivot plan precision primary
    print proc procedure public raiserror read readtext reconfigure references replication restore restrict return revert revoke
    right rollback rowcount rowguidcol rule save schema securityaudit select semantickeyphrasetable session_user set setuser shutdown
    some statistics system_user table tablesample textsize then to top tran transaction trigger truncate try_convert tsequal union
    unique unpivot update updatetext use user values varying view waitfor when where while with within group writetext`);

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/));
}

describe('the schema', () => {
  const given = { ...drivers };
  afterEach(() => Object.assign(drivers, given));

  const made = async (dialect: 'mssql' | 'oracle'): Promise<string[]> => {
    const texts: string[] = [];
    drivers.mssql = () => Promise.resolve(silentMssql((text) => void texts.push(text)));
    drivers.oracledb = () => Promise.resolve(silentOracle((text) => void texts.push(text)));
    const database = await openDatabase(`${dialect}://erp:erp@nowhere/erp`);
    try {
      await migrate(database, migrations);
    } finally {
      await database.close();
    }
    return texts;
  };

  for (const dialect of ['mssql', 'oracle'] as const) {
    it(`is made by statements that ${dialect} understands`, async function () {
      this.timeout(900_000);
      const texts = await made(dialect);
      expect(texts.filter((text) => text.startsWith('CREATE TABLE')).length).to.be.greaterThan(40);
      const problems = [...new Set(texts)]
        .map((text) => ({ text, problem: grammarProblem(dialect, text) }))
        .filter(({ problem }) => problem)
        .map(({ text, problem }) => `${problem}\n    ${text}`);
      expect(problems, problems.join('\n')).to.deep.equal([]);
    });
  }

  it('has no name that is a reserved word of mssql', async () => {
    const names = (await made('mssql'))
      .filter((text) => text.startsWith('CREATE TABLE'))
      .flatMap((text) => [...text.matchAll(/"(\w+)"/g)].map((match) => String(match[1]).toLowerCase()));
    expect(names.filter((name) => RESERVED.has(name))).to.deep.equal([]);
  });

  it('has names that Oracle takes without quotes, or statements put them into quotes', () => {
    const { text } = render(
      sql`SELECT number, s.rows AS n FROM session s WHERE kind = 'session' AND size_mm = ${1}`,
      'oracle',
    );
    expect(text).to.equal(`SELECT "NUMBER", s."ROWS" AS n FROM "SESSION" s WHERE kind = 'session' AND size_mm = :1`);
  });
});
