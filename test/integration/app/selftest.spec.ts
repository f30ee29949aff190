import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect } from 'chai';
import { selfTest } from '../../../src/app/selftest';
import { flows, type SelfTestFlow } from '../../../src/app/selftest/flows';
import { sql } from '../../../src/platform/database';
import { systemActor } from '../../../src/platform/permissions';

const leftBehind = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('phone-erp-selftest-'));

describe('self-test', function () {
  this.timeout(120_000);

  it('buys, sells, takes back and finds every figure as expected', async () => {
    const report = await selfTest();
    const wrong = report.flows.flatMap(({ steps }) => steps.filter(({ ok }) => !ok));
    expect(wrong).to.deep.equal([]);
    expect(report.ok).to.equal(true);
    expect(report.flows.map(({ id }) => id)).to.include.members(['purchase-in', 'sale-out', 'return', 'permissions']);
  });

  it('reports a balance that was changed behind the books, and a flow that breaks off', async () => {
    const before = leftBehind();
    const sabotage: SelfTestFlow = {
      id: 'sabotage',
      run: ({ services }) =>
        services.uow.run(systemActor('test'), async (unit) => {
          await unit.execute(sql`UPDATE stock_balance SET value_fen = value_fen + 1 WHERE quantity > 5`);
        }),
    };
    const spoilt = await selfTest([...flows.slice(0, -1), sabotage, ...flows.slice(-1)]);
    expect(spoilt.ok).to.equal(false);
    const wrong = spoilt.flows.at(-1)?.steps.filter(({ ok }) => !ok) ?? [];
    expect(wrong.map(({ title }) => title)).to.include('books: stock.balance');
    const broken = await selfTest(flows.slice(3));
    expect(broken).to.deep.include({ ok: false });
    expect(broken.flows).to.have.length(1);
    expect(leftBehind()).to.deep.equal(before);
  });
});
