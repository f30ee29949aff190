import { expect } from 'chai';
import { factsOf } from '../../src/platform/database/probe/probe-check';
import type { ProbeSession, ServerFacts } from '../../src/platform/database/probe/server-facts';
import { grammarProblem } from '../support/sql-grammar';

/** Statements that the grammars lack although the servers know them, with where it is written. */
const BEYOND_GRAMMAR: readonly RegExp[] = [
  // Oracle, SQL Language Reference: DROP USER.
  /^DROP USER \w+ CASCADE$/,
];

/** Everything that is asked of a server before the product opens it. */
async function statementsOf(facts: ServerFacts): Promise<string[]> {
  const texts: string[] = [];
  const session: ProbeSession = {
    query: (text) => {
      texts.push(text);
      return Promise.resolve([]);
    },
    close: () => Promise.resolve(),
  };
  const questions = [
    'version',
    'encryption',
    'charset',
    'nowMs',
    'isolation',
    'packetBytes',
    'freeBytes',
    'tables',
  ] as const;
  for (const question of questions) await facts[question](session);
  const wanted = { database: 'erp', user: 'erp_app', password: "it's a pass" };
  return [
    ...texts,
    ...facts.privileges.map(({ text }) => text),
    facts.dropScratch,
    facts.ping,
    facts.load,
    facts.scratch.list,
    ...facts.scratch.create('erp_try_x', 'Aa1_x'),
    ...facts.scratch.drop('erp_try_x'),
    ...facts.createStatements(wanted),
    ...(facts.afterCreate?.(wanted) ?? []),
  ];
}

describe('what is asked of a database server at the door', () => {
  for (const dialect of ['mssql', 'oracle'] as const)
    it(`is understood by ${dialect}`, async function () {
      this.timeout(300_000);
      const texts = await statementsOf(factsOf[dialect]);
      expect(texts.length).to.be.greaterThan(18);
      const problems = texts
        .filter((text) => !BEYOND_GRAMMAR.some((known) => known.test(text)))
        .map((text) => ({ text, problem: grammarProblem(dialect, text) }))
        .filter(({ problem }) => problem)
        .map(({ text, problem }) => `${problem}\n    ${text}`);
      expect(problems, problems.join('\n')).to.deep.equal([]);
    });
});
