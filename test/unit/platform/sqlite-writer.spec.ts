import { expect } from 'chai';
import { sql } from '../../../src/platform/database';
import { IdBlockExhausted, TransactionLost } from '../../../src/platform/database/errors';
import { IdSource } from '../../../src/platform/database/id-source';
import { NodeSqliteDatabase } from '../../../src/platform/database/node-sqlite-driver';
import { sqliteConnection } from '../../../src/platform/database/sqlite-connection';
import { SqliteWriter } from '../../../src/platform/database/sqlite-writer';
import { RunnerTransaction, type Transaction } from '../../../src/platform/database/transaction';

const note = (tx: Transaction, word: string): Promise<number> =>
  tx.execute(sql`INSERT INTO word (word) VALUES (${word})`);

describe('the writer of the embedded database', () => {
  let database: NodeSqliteDatabase;
  let writer: SqliteWriter;
  let commits: number;
  let runs: string[];

  beforeEach(() => {
    database = new NodeSqliteDatabase(':memory:');
    database.exec('CREATE TABLE word (word TEXT NOT NULL UNIQUE)');
    commits = 0;
    runs = [];
    const direct = sqliteConnection(database);
    const counting = {
      ...direct,
      change: (text: string, values: Parameters<typeof direct.change>[1]) => {
        if (text === 'COMMIT') commits += 1;
        return direct.change(text, values);
      },
    };
    const nobody = new IdSource({ transaction: () => Promise.reject(new Error('no ids here')) });
    writer = new SqliteWriter(counting, (connection) => new RunnerTransaction('sqlite', connection, nobody, new Map()));
  });
  afterEach(() => database.close());

  const words = (): unknown[] =>
    database
      .prepare('SELECT word FROM word ORDER BY word')
      .all()
      .map((row) => row['word']);
  const write = (word: string, after?: (tx: Transaction) => Promise<unknown>): Promise<string> =>
    writer.transaction(async (tx) => {
      runs.push(word);
      await note(tx, word);
      await after?.(tx);
      return word;
    });
  const fail = (): Promise<never> => Promise.reject(new Error('no'));
  const outcomes = async (works: Promise<unknown>[]): Promise<unknown[]> =>
    (await Promise.allSettled(works)).map((one) =>
      one.status === 'fulfilled' ? one.value : (one.reason as Error).message,
    );

  it('lets those that wait together share a commit', async () => {
    expect(await outcomes([write('a'), write('b'), write('c')])).to.deep.equal(['a', 'b', 'c']);
    expect(commits).to.equal(1);
  });

  it('undoes what failed, and runs its group once more', async () => {
    const works = [write('a'), write('b', fail), write('c'), write('d', fail), write('e')];
    expect(await outcomes(works)).to.deep.equal(['a', 'no', 'c', 'no', 'e']);
    expect(words()).to.deep.equal(['a', 'c', 'e']);
    for (const word of ['a', 'b', 'c', 'd', 'e']) expect(runs.filter((one) => one === word).length).to.be.at.most(2);
  });

  it('takes nobody with it when it had written nothing', async () => {
    const refused = writer.transaction(async (tx) => {
      await tx.all(sql`SELECT word FROM word ORDER BY word`);
      throw new Error('no');
    });
    expect(await outcomes([write('a'), refused, write('b')])).to.deep.equal(['a', 'no', 'b']);
    expect(runs).to.deep.equal(['a', 'b']);
    expect(commits).to.equal(1);
  });

  it('does not run once more what lacks ids, which its caller has to fetch', async () => {
    const lacking = write('b', () => Promise.reject(new IdBlockExhausted('word', 1, 1)));
    const works = [lacking, write('a')];
    expect((await Promise.allSettled(works)).map(({ status }) => status)).to.deep.equal(['rejected', 'fulfilled']);
    expect(runs).to.deep.equal(['b', 'a']);
  });

  it('keeps what runs again apart: a second failure there concerns itself alone', async () => {
    let turn = 0;
    const again = (): Promise<void> => (++turn === 2 ? fail() : Promise.resolve());
    expect(await outcomes([write('a'), write('b', again), write('c', fail), write('d')])).to.deep.equal([
      'a',
      'no',
      'no',
      'd',
    ]);
    expect(words()).to.deep.equal(['a', 'd']);
    expect(runs).to.deep.equal(['a', 'b', 'c', 'a', 'b', 'c', 'd']);
  });

  it('tells nobody that he was refused before what refused him is kept', async () => {
    const first = write('a');
    const refused = writer.transaction(async (tx) => {
      if (await tx.one(sql`SELECT word FROM word WHERE word = ${'a'}`)) throw new Error('a is there');
    });
    expect(await refused.catch((error: Error) => [error.message, commits])).to.deep.equal(['a is there', 1]);
    expect(await first).to.equal('a');
  });

  it('tells all of the group when the database ended the transaction by itself', async () => {
    const end = async (tx: Transaction): Promise<never> => {
      await tx.execute(sql`ROLLBACK`);
      throw new Error('disk full');
    };
    const [first, ended] = await Promise.allSettled([write('a'), write('b', end)]);
    expect(first).to.have.property('reason').that.is.instanceOf(TransactionLost);
    expect(ended).to.have.nested.property('reason.message', 'disk full');
    expect(await write('c')).to.equal('c');
    expect(words()).to.deep.equal(['c']);
  });
});
