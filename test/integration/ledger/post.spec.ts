import { expect } from 'chai';
import { DomainError } from '../../../src/kernel';
import {
  balancesFor,
  costOut,
  deviceLife,
  devicesFor,
  findByNumberEnd,
  findByNumbers,
  numberEndsWith,
  type Identifier,
  openItem,
  placeOf,
  post,
  PostingDefect,
  reverse,
  stockBalance,
  stockKeyText,
  verifyLedger,
} from '../../../src/ledger';
import { sql } from '../../../src/platform/database';
import { systemActor } from '../../../src/platform/permissions';
import type { Unit, UnitOfWork } from '../../../src/platform/unit-of-work';
import { forEachDatabase } from '../../support/databases';
import {
  CASE,
  document,
  goods,
  imei,
  move,
  NANJING,
  payment,
  receipt,
  sale,
  salesReturn,
  shelf,
  SUZHOU,
} from '../../support/ledger-documents';

const actor = systemActor('test');

async function refusal(work: Promise<unknown>): Promise<DomainError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

describe('posting', () => {
  forEachDatabase((context) => {
    const run = <T>(uow: UnitOfWork, work: (unit: Unit) => Promise<T>): Promise<T> => uow.run(actor, work);

    /** Two handsets and ten cases in stock. */
    async function stocked(): Promise<{
      uow: UnitOfWork;
      first: number;
      second: number;
      document: ReturnType<typeof document>;
    }> {
      const { uow } = await context.openUow();
      const posting = receipt(
        [
          { number: imei(1), costFen: 500_000 },
          { number: imei(2), costFen: 510_000 },
        ],
        [goods(NANJING, 10, 1_005)],
      );
      const { deviceIds } = await run(uow, (unit) => post(unit, posting));
      const id = (n: number): number => deviceIds.get(imei(n).value) ?? 0;
      return { uow, first: id(1), second: id(2), document: posting.document };
    }

    const sell = (uow: UnitOfWork, id: number) =>
      run(uow, async (unit) => {
        const rows = await devicesFor(unit, [id]);
        return post(unit, sale([...rows.values()], 600_000));
      });

    it('a receipt puts devices, stock, money and the payable on the books', async () => {
      const { uow, first } = await stocked();
      const { read } = uow.database;
      const life = await deviceLife(read, first);
      expect(life?.device).to.include({ state: 'in_stock', costFen: 500_000, stockedOn: '2026-11-22', lastSeq: 1 });
      expect(life?.events.map((event) => [event.event, event.costAfterFen])).to.deep.equal([['received', 500_000]]);
      const balances = await read.find(stockBalance, {});
      expect(
        balances.map(({ skuId, quantity, valueFen, byDevice }) => [skuId, quantity, valueFen, byDevice]),
      ).to.have.deep.members([
        [501, 2, 1_010_000, true],
        [CASE, 10, 1_005, false],
      ]);
      const [item] = await read.find(openItem, {});
      expect(item).to.include({ amountFen: 1_011_005, settledFen: 0, direction: 'payable' });
    });

    it('a sale takes the device and the average cost of the rest; its return puts back the cost that left', async () => {
      const { uow, first } = await stocked();
      const cases = { locationId: NANJING.locationId, skuId: CASE, batchId: null, bucket: 'sellable' as const };
      await run(uow, async (unit) => {
        const rows = await devicesFor(unit, [first]);
        const balance = (await balancesFor(unit, [cases])).get(stockKeyText(cases));
        const costFen = costOut(balance ?? { quantity: 0, valueFen: 0 }, 3);
        expect(costFen).to.equal(302);
        await post(unit, sale([...rows.values()], 610_000, { quantity: 3, costFen }));
      });
      const { read } = uow.database;
      const sold = await deviceLife(read, first);
      expect(sold?.device).to.include({
        state: 'sold',
        storeId: 1,
        bucket: null,
        costFen: 500_000,
        makerWarrantyUntil: '2027-11-22',
      });
      const [left] = await read.find(stockBalance, { skuId: CASE });
      expect(left).to.include({ quantity: 7, valueFen: 703 });
      await run(uow, async (unit) => post(unit, salesReturn([...(await devicesFor(unit, [first])).values()], 600_000)));
      const back = await deviceLife(read, first);
      expect(back?.device).to.include({ state: 'in_stock', costFen: 500_000, makerWarrantyUntil: null });
      expect(back?.events.map((event) => event.event)).to.deep.equal(['received', 'sold', 'sale_returned']);
    });

    it('a move carries the cost to the other store and keeps the age in stock', async () => {
      const { uow, first } = await stocked();
      await run(uow, async (unit) =>
        post(unit, move([...(await devicesFor(unit, [first])).values()], NANJING, SUZHOU)),
      );
      const { read } = uow.database;
      const balances = await read.find(stockBalance, { skuId: 501 });
      expect(balances.map(({ storeId, quantity, valueFen }) => [storeId, quantity, valueFen])).to.have.deep.members([
        [1, 1, 510_000],
        [2, 1, 500_000],
      ]);
    });

    it('refuses a device that somebody else took, naming it and where it is', async () => {
      const { uow, first } = await stocked();
      const before = await run(uow, (unit) => devicesFor(unit, [first]));
      await sell(uow, first);
      const error = await refusal(run(uow, (unit) => post(unit, sale([...before.values()], 1))));
      expect(error.code).to.equal('ledger:error.device_moved');
      expect(error.status).to.equal(409);
      expect(error.details).to.include({ number: imei(1).value, state: 'sold' });
    });

    it('refuses a number that is active on another device, and a number given twice', async () => {
      const { uow, first } = await stocked();
      const again = await refusal(run(uow, (unit) => post(unit, receipt([{ number: imei(1), costFen: 1 }]))));
      expect(again.code).to.equal('ledger:error.number_taken');
      expect(again.details).to.include({ number: imei(1).value, deviceId: first, state: 'in_stock' });
      const posting = receipt([{ number: imei(7), costFen: 5 }]);
      const [device] = posting.devices;
      const twins = { ...posting, devices: [device, { ...device, ref: 'b' }] } as typeof posting;
      expect((await refusal(run(uow, (unit) => post(unit, twins)))).code).to.equal('ledger:error.number_twice');
    });

    it('refuses to go below zero and to post a document twice', async () => {
      const { uow } = await stocked();
      const short = await refusal(run(uow, (unit) => post(unit, sale([], 1, { quantity: 11, costFen: 1_005 }))));
      expect(short.code).to.equal('ledger:error.stock_short');
      expect(short.details).to.include({ available: 10, wanted: 11, skuId: CASE, locationId: 11 });
      const posting = sale([], 200, { quantity: 1, costFen: 101 });
      await run(uow, (unit) => post(unit, posting));
      const twice = await refusal(run(uow, (unit) => post(unit, posting)));
      expect([twice.code, twice.status]).to.deep.equal(['ledger:error.posted', 409]);
      const last = sale([], 200, { quantity: 9, costFen: 904 });
      await run(uow, (unit) => post(unit, last));
      expect((await refusal(run(uow, (unit) => post(unit, last)))).code).to.equal('ledger:error.posted');
    });

    it('throws a defect for a posting that breaks a rule, and writes nothing', async () => {
      const { uow, first } = await stocked();
      const rows = await run(uow, (unit) => devicesFor(unit, [first]));
      const good = sale([...rows.values()], 600_000);
      const bad = [
        { ...good, journal: good.journal.slice(1) },
        { ...good, journal: good.journal.slice(0, 2) },
        { ...receipt([{ number: imei(9), costFen: 100 }]), openItems: [] },
        { ...good, devices: [...good.devices, ...good.devices] },
      ];
      for (const posting of bad) {
        const error = await run(uow, (unit) => post(unit, posting)).catch((caught: unknown) => caught);
        expect(error).to.be.instanceOf(PostingDefect);
      }
      expect((await deviceLife(uow.database.read, first))?.device.state).to.equal('in_stock');
      await sell(uow, first);
    });

    it('settles an open item, never more than it holds', async () => {
      const { uow } = await stocked();
      const [item] = await uow.database.read.find(openItem, {});
      if (!item) throw new Error('no open item');
      await run(uow, (unit) => post(unit, payment(item.id, 1_000_000)));
      const error = await refusal(run(uow, (unit) => post(unit, payment(item.id, 11_006))));
      expect(error.code).to.equal('ledger:error.over_settled');
      await run(uow, (unit) => post(unit, payment(item.id, 11_005)));
      expect((await uow.database.read.get(openItem, item.id))?.settledFen).to.equal(1_011_005);
    });

    it('reversal takes everything back and frees the numbers', async () => {
      const { uow, document: received, first } = await stocked();
      await run(uow, (unit) => reverse(unit, received, { ...received, number: 'R1', businessDate: '2026-11-23' }));
      const { read } = uow.database;
      const life = await deviceLife(read, first);
      expect(life?.device).to.include({ state: 'void', bucket: null, costFen: 0 });
      expect((await read.find(stockBalance, {})).every((row) => row.quantity === 0 && row.valueFen === 0)).to.equal(
        true,
      );
      const [item] = await read.find(openItem, {});
      expect(item?.settledFen).to.equal(item?.amountFen);
      expect((await findByNumbers(read, [imei(1).value])).map((found) => found.active)).to.deep.equal([false]);
      const again = await refusal(run(uow, (unit) => reverse(unit, received, { ...document('x.y'), number: 'R2' })));
      expect(again.code).to.equal('ledger:error.reversed');
      await run(uow, (unit) => post(unit, receipt([{ number: imei(1), costFen: 7 }])));
      expect((await findByNumbers(read, [imei(1).value])).map((found) => found.active)).to.deep.equal([true, false]);
    });

    it('reversal of a sale puts the facts back as they were', async () => {
      const { uow, first } = await stocked();
      const rows = await run(uow, (unit) => devicesFor(unit, [first]));
      const sold = sale(
        [...rows.values()],
        600_000,
        { quantity: 1, costFen: 101 },
        NANJING,
        document('sales.sale', NANJING, '2026-11-25'),
      );
      await run(uow, (unit) => post(unit, sold));
      await run(uow, (unit) =>
        reverse(unit, sold.document, { ...sold.document, number: 'R1', businessDate: '2026-11-26' }),
      );
      const life = await deviceLife(uow.database.read, first);
      expect(life?.device).to.include({
        state: 'in_stock',
        bucket: 'sellable',
        stockedOn: '2026-11-22',
        makerWarrantyUntil: null,
      });
      expect(life?.events.at(-1)).to.include({ event: 'reversed', postingKind: 'reversal' });
    });

    it('reversal is refused while something depends on it, with the documents that do', async () => {
      const { uow, document: received, first } = await stocked();
      const rows = await run(uow, (unit) => devicesFor(unit, [first]));
      const sold = sale([...rows.values()], 600_000);
      await run(uow, (unit) => post(unit, sold));
      const [item] = await uow.database.read.find(openItem, {});
      const paid = payment(item?.id ?? 0, 5);
      await run(uow, (unit) => post(unit, paid));
      const target = { ...received, number: 'R1' };
      const error = await refusal(run(uow, (unit) => reverse(unit, received, target)));
      expect(error.code).to.equal('ledger:error.has_dependents');
      expect(error.details['list']).to.equal(`${sold.document.number}、${paid.document.number}`);
      await run(uow, (unit) => reverse(unit, sold.document, { ...sold.document, number: 'R2' }));
      await run(uow, (unit) => reverse(unit, paid.document, { ...paid.document, number: 'R3' }));
      // What built on it is reversed: now it can go, and the device with it.
      await run(uow, (unit) => reverse(unit, received, target));
      expect((await deviceLife(uow.database.read, first))?.device.state).to.equal('void');
      const gone = receipt([], [goods(NANJING, 5, 600, 602)]);
      await run(uow, (unit) => post(unit, gone));
      await run(uow, (unit) =>
        post(unit, {
          ...sale([], 1),
          stock: [goods(NANJING, -1, -120, 602)],
          journal: [
            { account: 'cost_of_sales', debitFen: 120, storeId: 1 },
            { account: 'inventory', creditFen: 120, storeId: 1 },
          ],
        }),
      );
      const short = await refusal(run(uow, (unit) => reverse(unit, gone.document, { ...gone.document, number: 'R4' })));
      expect(short.code).to.equal('ledger:error.reversal_stock');
    });

    it('numbers can be exchanged, between two devices as well; the old ones still find them, a reversal puts them back', async () => {
      const { uow, first, second } = await stocked();
      const { read } = uow.database;
      const swap = async (pairs: readonly [number, Identifier, Identifier][]) => {
        const doc = document('inventory.identifier_swap');
        await run(uow, async (unit) => {
          const rows = await devicesFor(
            unit,
            pairs.map(([id]) => id),
          );
          const devices = pairs.flatMap(([deviceId, end, add]) => {
            const row = rows.get(deviceId);
            if (!row) return [];
            const place = placeOf(row);
            const numbers = { end: [end], add: [add] };
            return [{ kind: 'move' as const, deviceId, from: place, to: place, event: 'identifier_swapped', numbers }];
          });
          return post(unit, { document: doc, devices, stock: [], journal: [], openItems: [] });
        });
        return doc;
      };
      const owners = async (n: number) =>
        (await findByNumbers(read, [imei(n).value])).map(({ deviceId, active }) => [deviceId, active]);
      await swap([[first, imei(1), imei(3)]]);
      expect(await owners(3)).to.deep.equal([[first, true]]);
      expect(await owners(1)).to.deep.equal([[first, false]]);
      const mixed = await swap([
        [first, imei(3), imei(2)],
        [second, imei(2), imei(3)],
      ]);
      expect(await owners(2)).to.deep.equal([
        [first, true],
        [second, false],
      ]);
      const taken = await refusal(swap([[first, imei(2), imei(3)]]));
      expect([taken.code, taken.details['deviceId']]).to.deep.equal(['ledger:error.number_taken', second]);
      expect((await refusal(swap([[first, imei(1), imei(8)]]))).code).to.equal('errors:stale');
      await run(uow, (unit) => reverse(unit, mixed, { ...mixed, number: 'R1' }));
      expect((await owners(3))[0]).to.deep.equal([first, true]);
      expect((await owners(2))[0]).to.deep.equal([second, true]);
      expect((await verifyLedger(read)).ok).to.equal(true);
    });

    it('finds a device by the end of its number', async () => {
      const { uow, second } = await stocked();
      const end = imei(2).value.slice(-5);
      const hits = await findByNumberEnd(uow.database.read, end, 5);
      expect(hits.map((hit) => hit.deviceId)).to.deep.equal([second]);
      expect(shelf(NANJING).state).to.equal(hits[0]?.state);
      expect(await findByNumberEnd(uow.database.read, `9${end}`, 5)).to.deep.equal([]);
      if (uow.database.dialect !== 'sqlite') return;
      const plan = await uow.database.read.all<{ detail: string }>(
        sql`EXPLAIN QUERY PLAN SELECT i.id FROM device_identifier i WHERE ${numberEndsWith('i.tail', end)}`,
      );
      expect(plan.map((step) => step.detail).join()).to.include('ix_identifier_tail');
    });
  });
});
