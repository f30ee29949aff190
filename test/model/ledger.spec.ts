import { expect } from 'chai';
import { isDomainError } from '../../src/kernel';
import {
  balancesFor,
  costOut,
  device,
  type DeviceOnBooks,
  devicesFor,
  openItem,
  post,
  reverse,
  stockKeyText,
  type DevicePlace,
  type Posting,
  type PostResult,
  verifyLedger,
} from '../../src/ledger';
import {
  type CarriedDevice,
  type CarriedGoods,
  endPosting,
  sendPosting,
} from '../../src/modules/inventory/domain/transfer-posting';
import { sql } from '../../src/platform/database';
import { systemActor } from '../../src/platform/permissions';
import type { Unit, UnitOfWork } from '../../src/platform/unit-of-work';
import { forEachDatabase } from '../support/databases';
import {
  CASE,
  document,
  goods,
  imei,
  NANJING,
  payment,
  receipt,
  sale,
  salesReturn,
  shelf,
  type Shop,
  soldBy,
  SUZHOU,
} from '../support/ledger-documents';
import { random, type Random } from '../support/random';
import { type ModelDevice, ShopModel } from '../support/shop-model';

// Longer by environment: ERP_TEST_MODEL_STEPS=2000 ERP_TEST_SEED=17 npm test -- model
const STEPS = Number(process.env.ERP_TEST_MODEL_STEPS ?? 40);
const SEED = Number(process.env.ERP_TEST_SEED ?? Math.floor(Math.random() * 1_000_000));
const ACTORS = ['till 1', 'till 2', 'warehouse', 'office'].map(systemActor);
const SHOPS = [NANJING, SUZHOU] as const;

/** What somebody tries: with what code the ledger must refuse it when nothing else happens meanwhile, and what it does. */
interface Attempt {
  what: string;
  refusal?: string | undefined;
  work: (unit: Unit) => Promise<() => void>;
}

const newDevice = (id: number, n: number): ModelDevice => ({
  id,
  imei: n,
  state: 'void',
  storeId: null,
  costFen: 0,
  documents: [],
});
const nothing = { devices: [], cases: null, cashFen: 0, item: null, paid: null };

class Play {
  readonly model = new ShopModel();
  private nextImei = 1;
  constructor(private readonly chance: Random) {}

  attempt(): Attempt {
    const kinds = [
      this.receive,
      this.receive,
      this.sell,
      this.sell,
      this.sell,
      this.takeBack,
      this.send,
      this.send,
      this.arrive,
      this.arrive,
      this.pay,
      this.undo,
    ];
    const kind = this.chance.pick(kinds) ?? this.receive;
    return kind.call(this);
  }

  private shop = (): Shop => this.chance.pick(SHOPS) ?? NANJING;

  private receive(): Attempt {
    const { chance, model } = this;
    const shop = this.shop();
    const again = chance.chance(15) ? chance.pick(model.devices) : undefined;
    const numbers = again ? [again.imei] : Array.from({ length: chance.between(0, 4) }, () => this.nextImei++);
    const lines = numbers.map((n) => ({ number: imei(n), costFen: chance.between(1, 500_000) }));
    const quantity = chance.between(lines.length === 0 ? 1 : 0, 20);
    const valueFen = quantity > 0 ? chance.between(0, 10_000) : 0;
    const doc = document('purchasing.receipt', shop);
    const taken = numbers.some((n) => model.devices.some((one) => one.imei === n && one.state !== 'void'));
    return {
      what: `receive ${numbers.join(' ')} and ${quantity} cases worth ${valueFen} at ${shop.storeId}`,
      refusal: taken ? 'number_taken' : undefined,
      work: async (unit) => {
        const posting = receipt(lines, quantity > 0 ? [goods(shop, quantity, valueFen)] : [], shop, doc);
        const { postingId, deviceIds }: PostResult = await post(unit, posting);
        const [item] = await unit.find(openItem, { postingId });
        return () =>
          model.apply({
            ...nothing,
            ...doc,
            devices: lines.map(({ number, costFen }, index) => ({
              device: newDevice(deviceIds.get(number.value) ?? 0, numbers[index] ?? 0),
              after: { state: 'in_stock', storeId: shop.storeId, costFen },
            })),
            cases: quantity > 0 ? { storeId: shop.storeId, quantity, valueFen } : null,
            item: item ? { id: item.id, amountFen: item.amountFen, settledFen: 0 } : null,
          });
      },
    };
  }

  /** Sometimes a device of another shop, or more cases than there are: the ledger must refuse by itself. */
  private sell(): Attempt {
    const { chance, model } = this;
    const shop = this.shop();
    const devices = chance.some(model.at(shop), chance.between(0, 2));
    const stale = chance.chance(10) ? chance.pick(model.devices.filter((one) => one.state === 'sold')) : undefined;
    const quantity = chance.between(devices.length === 0 ? 1 : 0, 6);
    const priceFen = chance.between(1, 900_000);
    const doc = document('sales.sale', shop);
    const held = model.casesAt(shop.storeId).quantity;
    const short = quantity > held;
    const wanted = stale ? [...devices, stale] : devices;
    return {
      what: `sell ${wanted.map((one) => one.id).join(' ')} and ${quantity} cases at ${shop.storeId}`,
      refusal: short ? 'stock_short' : stale ? 'device_moved' : undefined,
      work: async (unit) => {
        const rows = await devicesFor(
          unit,
          wanted.map((one) => one.id),
        );
        const key = { locationId: shop.locationId, skuId: CASE, batchId: null, bucket: 'sellable' as const };
        const balance = (await balancesFor(unit, [key])).get(stockKeyText(key)) ?? { quantity: 0, valueFen: 0 };
        const costFen = costOut(balance, quantity);
        const posting = sale([...rows.values()], priceFen, { quantity, costFen }, shop, doc);
        await post(unit, seenAt(shelf(shop), posting));
        return () =>
          model.apply({
            ...nothing,
            ...doc,
            devices: wanted.map((one) => ({
              device: one,
              after: { state: 'sold', storeId: shop.storeId, costFen: one.costFen },
            })),
            cases: quantity > 0 ? { storeId: shop.storeId, quantity: -quantity, valueFen: -costFen } : null,
            cashFen: priceFen,
          });
      },
    };
  }

  private takeBack(): Attempt {
    const { chance, model } = this;
    const one = chance.pick(model.devices.filter((candidate) => candidate.state === 'sold'));
    if (!one) return this.receive();
    const shop = this.shop();
    const doc = document('sales.return', shop);
    const place = soldBy(one.storeId === SUZHOU.storeId ? SUZHOU : NANJING);
    const priceFen = chance.between(1, 900_000);
    return {
      what: `take back ${one.id} at ${shop.storeId}`,
      work: async (unit) => {
        const rows = await devicesFor(unit, [one.id]);
        await post(unit, seenAt(place, salesReturn([...rows.values()], priceFen, shop, doc)));
        return () =>
          model.apply({
            ...nothing,
            ...doc,
            devices: [{ device: one, after: { state: 'in_stock', storeId: shop.storeId, costFen: one.costFen } }],
            cashFen: -priceFen,
          });
      },
    };
  }

  /** Devices and cases leave for the other shop: by the document's own pure function. */
  private send(): Attempt {
    const { chance, model } = this;
    const from = this.shop();
    const to = otherShop(from);
    const devices = chance.some(model.at(from), 3);
    const quantity = chance.between(devices.length === 0 ? 1 : 0, 5);
    const doc = document('inventory.transfer_step', from);
    return {
      what: `send ${devices.map((one) => one.id).join(' ')} and ${quantity} cases from ${from.storeId}`,
      refusal: quantity > model.casesAt(from.storeId).quantity ? 'stock_short' : undefined,
      work: async (unit) => {
        const rows = await devicesFor(
          unit,
          devices.map((one) => one.id),
        );
        const key = { locationId: from.locationId, skuId: CASE, batchId: null, bucket: 'sellable' as const };
        const balance = (await balancesFor(unit, [key])).get(stockKeyText(key)) ?? { quantity: 0, valueFen: 0 };
        const valueFen = costOut(balance, quantity);
        await post(unit, sendPosting(doc, { from, to }, carried(rows, shelf(from)), cases(quantity, valueFen)));
        return () =>
          model.apply({
            ...nothing,
            ...doc,
            devices: devices.map((one) => ({
              device: one,
              after: { state: 'in_transit', storeId: to.storeId, costFen: one.costFen },
            })),
            cases: quantity > 0 ? { storeId: from.storeId, quantity: -quantity, valueFen: -valueFen } : null,
            otherCases: quantity > 0 ? { storeId: to.storeId, onTheWay: true, quantity, valueFen } : null,
          });
      },
    };
  }

  /** What is on the way is received, or goes back to where it came from. */
  private arrive(): Attempt {
    const { chance, model } = this;
    const to = this.shop();
    const from = otherShop(to);
    const devices = chance.some(model.comingTo(to), 3);
    const coming = model.casesAt(to.storeId, true).quantity;
    const quantity = chance.between(0, Math.min(5, coming));
    if (devices.length + quantity === 0) return this.send();
    const kind = chance.chance(30) ? 'return' : 'receive';
    const place = kind === 'return' ? from : to;
    const doc = document('inventory.transfer_step', place);
    return {
      what: `${kind} ${devices.map((one) => one.id).join(' ')} and ${quantity} cases on the way to ${to.storeId}`,
      work: async (unit) => {
        const rows = await devicesFor(
          unit,
          devices.map((one) => one.id),
        );
        const key = { locationId: to.locationId, skuId: CASE, batchId: null, bucket: 'in_transit' as const };
        const balance = (await balancesFor(unit, [key])).get(stockKeyText(key)) ?? { quantity: 0, valueFen: 0 };
        const valueFen = costOut(balance, quantity);
        const way: DevicePlace = { ...shelf(to), state: 'in_transit', bucket: 'in_transit' };
        const posting = endPosting(doc, kind, { from, to }, carried(rows, way), cases(quantity, valueFen), to.storeId);
        await post(unit, posting);
        return () =>
          model.apply({
            ...nothing,
            ...doc,
            devices: devices.map((one) => ({
              device: one,
              after: { state: 'in_stock', storeId: place.storeId, costFen: one.costFen },
            })),
            cases:
              quantity > 0 ? { storeId: to.storeId, onTheWay: true, quantity: -quantity, valueFen: -valueFen } : null,
            otherCases: quantity > 0 ? { storeId: place.storeId, quantity, valueFen } : null,
          });
      },
    };
  }

  private pay(): Attempt {
    const { chance, model } = this;
    const item = chance.pick(model.items);
    if (!item) return this.receive();
    const amountFen = chance.between(1, item.amountFen);
    const doc = document('finance.payment', NANJING);
    return {
      what: `pay ${amountFen} of item ${item.id}`,
      refusal: item.settledFen + amountFen > item.amountFen ? 'over_settled' : undefined,
      work: async (unit) => {
        await post(unit, payment(item.id, amountFen, NANJING, doc));
        return () => model.apply({ ...nothing, ...doc, paid: { item, amountFen } });
      },
    };
  }

  private undo(): Attempt {
    const { chance, model } = this;
    // The newest have fewest dependents.
    const one = chance.chance(60) ? model.documents.at(-1) : chance.pick(model.documents);
    if (!one) return this.receive();
    const { type, id, storeId } = one;
    return {
      what: `reverse ${type} ${id}`,
      refusal: model.whyNotReverse(one),
      work: async (unit) => {
        await reverse(unit, { type, id }, { type, id, storeId, number: `${one.number}R`, businessDate: '2026-11-22' });
        return () => model.reverse(one);
      },
    };
  }
}

const otherShop = (shop: Shop): Shop => SHOPS.find((one) => one !== shop) ?? SUZHOU;

/** As the page that is being posted shows them: where they were scanned. */
const carried = (rows: ReadonlyMap<number, DeviceOnBooks>, place: DevicePlace): CarriedDevice[] =>
  [...rows.values()].map((row) => ({
    deviceId: row.id,
    place,
    costFen: row.costFen,
    bucket: 'sellable',
  }));

const cases = (quantity: number, valueFen: number): CarriedGoods[] =>
  quantity > 0 ? [{ skuId: CASE, batchId: null, bucket: 'sellable', quantity, valueFen }] : [];

/** As a page shows the devices before somebody else takes them: the document goes by what it saw. */
const seenAt = (from: DevicePlace, posting: Posting): Posting => ({
  ...posting,
  devices: posting.devices.map((one) => (one.kind === 'move' ? { ...one, from } : one)),
});

/** Runs attempts at the same moment; tells the code of each refusal, undefined for what was done. */
async function runAll(uow: UnitOfWork, attempts: readonly Attempt[]): Promise<(string | undefined)[]> {
  return Promise.all(
    attempts.map(async ({ work }, index) => {
      try {
        const done = await uow.run(ACTORS[index % ACTORS.length] ?? systemActor('x'), work);
        done();
        return undefined;
      } catch (error) {
        if (isDomainError(error)) return error.code.replace('ledger:error.', '');
        throw error;
      }
    }),
  );
}

async function compare(uow: UnitOfWork, model: ShopModel): Promise<void> {
  const { read } = uow.database;
  const rows = await read.find(device, {});
  expect(rows.map(({ id, state, storeId, costFen }) => ({ id, state, storeId, costFen }))).to.have.deep.members(
    model.devices.map(({ id, state, storeId, costFen }) => ({ id, state, storeId, costFen })),
  );
  const balances = await read.all<{ storeId: number; bucket: string; quantity: number; valueFen: number }>(
    sql`SELECT store_id, bucket, quantity, value_fen FROM stock_balance
      WHERE by_device = 0 AND quantity <> 0 ORDER BY store_id, bucket`,
  );
  expect(balances).to.have.deep.members([...model.cases.values()].filter((held) => held.quantity !== 0));
  const cash = await read.one<{ fen: number | null }>(
    sql`SELECT SUM(l.debit_fen) - SUM(l.credit_fen) AS fen FROM journal_line l JOIN account a ON a.id = l.account_id WHERE a.code = '1001'`,
  );
  expect(Number(cash?.fen ?? 0)).to.equal(model.cashFen);
  const items = await read.find(openItem, {});
  expect(items.map(({ id, settledFen }) => [id, settledFen])).to.have.deep.members(
    model.items.map(({ id, settledFen }) => [id, settledFen]),
  );
  const verdict = await verifyLedger(read);
  expect(verdict.checks.filter((check) => !check.ok)).to.deep.equal([]);
}

describe('the ledger against a model of the shop', () => {
  forEachDatabase((context) => {
    it(`random documents one after another, ${STEPS} steps, seed ${SEED}`, async function () {
      this.timeout(60_000 + STEPS * 1000);
      const { uow } = await context.openUow();
      const play = new Play(random(SEED));
      const log: string[] = [];
      for (let step = 0; step < STEPS; step++) {
        const attempt = play.attempt();
        const [refused] = await runAll(uow, [attempt]);
        log.push(`${step} ${attempt.what}: ${refused ?? 'done'}`);
        const story = (): string => `seed ${SEED}\n${log.slice(-12).join('\n')}`;
        expect(refused, story()).to.equal(attempt.refusal);
        await compare(uow, play.model).catch((error: unknown) => {
          throw new Error(story(), { cause: error });
        });
      }
      expect(log.filter((line) => line.endsWith('done')).length).to.be.greaterThan(STEPS / 3);
    });

    it(`several at the same moment, seed ${SEED}`, async function () {
      this.timeout(60_000 + STEPS * 1000);
      const { uow } = await context.openUow();
      const play = new Play(random(SEED + 1));
      for (let step = 0; step < STEPS / 4; step++) {
        const attempts = Array.from({ length: 4 }, () => play.attempt());
        const refused = await runAll(uow, attempts);
        const story = `seed ${SEED} step ${step}\n${attempts.map((one, index) => `${one.what}: ${refused[index] ?? 'done'}`).join('\n')}`;
        await compare(uow, play.model).catch((error: unknown) => {
          throw new Error(story, { cause: error });
        });
      }
      expect(play.model.documents.length).to.be.greaterThan(0);
    });
  });
});
