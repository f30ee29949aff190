import { expect } from 'chai';
import { isDomainError } from '../../../src/kernel';
import {
  balancesFor,
  closePeriod,
  costOut,
  device,
  devicesFor,
  post,
  posting,
  stockBalance,
  stockKeyText,
  verifyLedger,
} from '../../../src/ledger';
import { systemActor } from '../../../src/platform/permissions';
import { forEachDatabase } from '../../support/databases';
import { CASE, document, goods, imei, move, NANJING, receipt, sale, SUZHOU } from '../../support/ledger-documents';

const actor = systemActor('test');
const cases = { locationId: NANJING.locationId, skuId: CASE, batchId: null, bucket: 'sellable' as const };

/** Codes of the refusals; anything else that went wrong is thrown. */
function refusals(results: PromiseSettledResult<unknown>[]): string[] {
  return results.flatMap((result) => {
    if (result.status === 'fulfilled') return [];
    if (isDomainError(result.reason)) return [result.reason.code];
    throw result.reason;
  });
}

describe('posting at the same moment', () => {
  forEachDatabase((context) => {
    it('of several sales of one device, one wins and the others hear where it is', async () => {
      const { uow, database } = await context.openUow();
      const { deviceIds } = await uow.run(actor, (unit) => post(unit, receipt([{ number: imei(1), costFen: 100 }])));
      const [id = 0] = deviceIds.values();
      const rows = await uow.run(actor, (unit) => devicesFor(unit, [id]));
      const results = await Promise.allSettled(
        Array.from({ length: 6 }, () => uow.run(actor, (unit) => post(unit, sale([...rows.values()], 200)))),
      );
      expect(refusals(results)).to.deep.equal(Array(5).fill('ledger:error.device_moved'));
      expect((await verifyLedger(database.read)).ok).to.equal(true);
    });

    it('a number received twice is taken once', async () => {
      const { uow, database } = await context.openUow();
      const results = await Promise.allSettled(
        Array.from({ length: 4 }, () =>
          uow.run(actor, (unit) => post(unit, receipt([{ number: imei(1), costFen: 100 }]))),
        ),
      );
      expect(refusals(results)).to.deep.equal(Array(3).fill('ledger:error.number_taken'));
      expect((await database.read.find(device, {})).length).to.equal(1);
      expect((await verifyLedger(database.read)).ok).to.equal(true);
    });

    it('the last pieces are sold once, and their cost to the fen', async () => {
      const { uow, database } = await context.openUow();
      await uow.run(actor, (unit) => post(unit, receipt([], [goods(NANJING, 10, 1_003)])));
      const results = await Promise.allSettled(
        Array.from({ length: 14 }, () =>
          uow.run(actor, async (unit) => {
            const balance = (await balancesFor(unit, [cases])).get(stockKeyText(cases)) ?? { quantity: 0, valueFen: 0 };
            return post(unit, sale([], 300, { quantity: 1, costFen: costOut(balance, 1) }));
          }),
        ),
      );
      expect(refusals(results)).to.deep.equal(Array(4).fill('ledger:error.stock_short'));
      const [left] = await database.read.find(stockBalance, { skuId: CASE });
      expect(left).to.include({ quantity: 0, valueFen: 0 });
      expect((await verifyLedger(database.read)).ok).to.equal(true);
    });

    it('one document pressed many times is posted once', async () => {
      const { uow, database } = await context.openUow();
      const pressed = receipt([{ number: imei(1), costFen: 100 }], [goods(NANJING, 1, 10)]);
      const results = await Promise.allSettled(
        Array.from({ length: 5 }, () => uow.run(actor, (unit) => post(unit, pressed))),
      );
      expect(refusals(results)).to.deep.equal(Array(4).fill('ledger:error.posted'));
      const key = 'receipt-pressed-again';
      const other = receipt([{ number: imei(2), costFen: 100 }]);
      const again = await Promise.all(
        Array.from({ length: 5 }, () =>
          uow.run(actor, async (unit) => (await post(unit, other)).postingId, { operationKey: key }),
        ),
      );
      expect(new Set(again).size).to.equal(1);
      expect((await database.read.find(posting, {})).length).to.equal(2);
      expect((await verifyLedger(database.read)).ok).to.equal(true);
    });

    it('first stock of many SKUs at once makes each balance once', async () => {
      const { uow, database } = await context.openUow();
      const skus = [601, 602, 603, 604, 605];
      await Promise.all(
        Array.from({ length: 8 }, (_, n) =>
          uow.run(actor, (unit) => {
            const order = n % 2 === 0 ? skus : [...skus].reverse();
            return post(
              unit,
              receipt(
                [],
                order.map((skuId) => goods(NANJING, 1, 10, skuId)),
              ),
            );
          }),
        ),
      );
      const balances = await database.read.find(stockBalance, {});
      expect(balances.map((row) => row.quantity)).to.deep.equal([8, 8, 8, 8, 8]);
      expect((await verifyLedger(database.read)).ok).to.equal(true);
    });

    it('moves to and fro between two stores all arrive', async () => {
      const { uow, database } = await context.openUow();
      const lines = Array.from({ length: 12 }, (_, n) => ({ number: imei(n + 1), costFen: 100 + n }));
      const half = (from: typeof NANJING, part: typeof lines) =>
        uow.run(actor, (unit) => post(unit, receipt(part, [], from)));
      const here = [...(await half(NANJING, lines.slice(0, 6))).deviceIds.values()];
      const there = [...(await half(SUZHOU, lines.slice(6))).deviceIds.values()];
      const carry = (id: number, from: typeof NANJING, to: typeof NANJING) => {
        const doc = document('inventory.transfer', from);
        return uow.run(actor, async (unit) =>
          post(unit, move([...(await devicesFor(unit, [id])).values()], from, to, doc)),
        );
      };
      await Promise.all([
        ...here.map((id) => carry(id, NANJING, SUZHOU)),
        ...there.map((id) => carry(id, SUZHOU, NANJING)),
      ]);
      const stores = (await database.read.find(device, {})).map((row) => row.storeId);
      expect(stores.filter((id) => id === NANJING.storeId).length).to.equal(6);
      expect((await verifyLedger(database.read)).ok).to.equal(true);
    });

    it('a month closes between postings: none slips in behind it', async () => {
      const { uow, database } = await context.openUow();
      await uow.run(actor, (unit) => post(unit, receipt([], [goods(NANJING, 1, 1)])));
      const results = await Promise.allSettled([
        ...Array.from({ length: 6 }, () => uow.run(actor, (unit) => post(unit, receipt([], [goods(NANJING, 1, 1)])))),
        uow.run(actor, (unit) => closePeriod(unit, '2026-11')),
        ...Array.from({ length: 6 }, () => uow.run(actor, (unit) => post(unit, receipt([], [goods(NANJING, 1, 1)])))),
      ]);
      for (const code of refusals(results)) expect(code).to.equal('ledger:error.period_closed');
      const verdict = await verifyLedger(database.read);
      expect(verdict.checks.filter((check) => !check.ok)).to.deep.equal([]);
      const late = uow.run(actor, (unit) => post(unit, receipt([], [goods(NANJING, 1, 1)])));
      expect(refusals(await Promise.allSettled([late]))).to.deep.equal(['ledger:error.period_closed']);
    });
  });
});
