import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { post, stockBalance } from '../../../src/ledger';
import { openDatabase, sql } from '../../../src/platform/database';
import { systemActor } from '../../../src/platform/permissions';
import { createUnitOfWork } from '../../../src/platform/unit-of-work';
import { databaseContext } from '../../support/databases';
import { imei, receipt } from '../../support/ledger-documents';

interface Printed {
  ok: boolean;
  checks: { id: string; ok: boolean; count: number; findings: string[] }[];
}

function verify(...args: string[]): { status: number | null; out: string } {
  const done = spawnSync(process.execPath, ['--import', 'tsx', 'src/main.ts', 'ledger', 'verify', ...args], {
    encoding: 'utf8',
  });
  return { status: done.status, out: done.stdout };
}

describe('erp ledger verify', () => {
  const context = databaseContext('sqlite');

  it('prints each check and says by its exit code whether the books are right', async () => {
    const url = await context.freshUrl();
    const database = await openDatabase(url);
    const uow = createUnitOfWork(database, { timeZone: 'Asia/Shanghai' });
    await uow.run(systemActor('test'), (unit) => post(unit, receipt([{ number: imei(1), costFen: 7 }])));
    const sound = verify('--json', '--database', url);
    expect(sound.status).to.equal(0);
    expect((JSON.parse(sound.out) as Printed).ok).to.equal(true);
    const [balance] = await database.read.find(stockBalance, {});
    await database.transaction((tx) =>
      tx.execute(sql`UPDATE stock_balance SET value_fen = 8 WHERE id = ${balance?.id ?? 0}`),
    );
    await database.close();
    const wrong = verify('--json', '--database', url);
    expect(wrong.status).to.equal(1);
    const failed = (JSON.parse(wrong.out) as Printed).checks.filter((check) => !check.ok);
    expect(failed.map(({ id, count }) => [id, count])).to.deep.equal([
      ['stock.balance', 1],
      ['stock.devices', 1],
    ]);
    expect(failed[0]?.findings[0]).to.include(`balance ${balance?.id}`).and.include('8 fen');
    expect(verify('--database', url).out).to.match(/^FAIL {2}stock\.balance/m);
  });

  it('refuses a database that is not there, instead of making one', () => {
    expect(verify('--database', 'sqlite:/tmp/there-is-none/erp.sqlite').status).to.equal(3);
  });
});
