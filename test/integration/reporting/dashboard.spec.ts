import { expect } from 'chai';
import { addDays, businessDate } from '../../../src/kernel';
import {
  ageingByBrand,
  type DashboardFilter,
  daySums,
  marginByDay,
  salesByBrand,
  salesByHour,
  weekAgo,
} from '../../../src/modules/reporting/queries/dashboard';
import { postSale, returnSale, reverseSale, sale, type SaleCommand, saleLine } from '../../../src/modules/sales';
import { type Database, sql } from '../../../src/platform/database';
import { systemActor } from '../../../src/platform/permissions';
import { createUnitOfWork, type UnitOfWork } from '../../../src/platform/unit-of-work';
import { databaseContext, type DatabaseContext, forEachDatabase } from '../../support/databases';
import { sampleShop, type SampleShop } from '../../support/sample-shop';

const actor = systemActor('李婷');
const HOUR = 3_600_000;

/** The day of an instant where the company is, told by the platform's calendar and not by the product's own. */
const dayIn = (timeZone: string, epochMs: number): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(epochMs);
const hourIn = (timeZone: string, epochMs: number): number =>
  Number(new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', hourCycle: 'h23' }).format(epochMs));
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** `midnight`: of 22 November 2026 where the company is. */
function figures(context: DatabaseContext, timeZone: string, midnight: number): void {
  const today = businessDate('2026-11-22');
  let database: Database;
  let uow: UnitOfWork;
  let shop: SampleShop;
  let now: number;

  const sell = async (at: number, lines: SaleCommand['lines'], amountFen: number) => {
    now = at;
    return postSale(uow, actor, {
      registerId: shop.registerId,
      lines,
      tenders: [{ kind: 'cash', amountFen }],
    });
  };
  const phone = (index: number) => ({
    skuId: shop.phoneSkuIds[0],
    deviceId: shop.devices[index]?.id ?? 0,
    quantity: 1,
    discountFen: 0,
  });
  const chargers = (quantity: number) => ({ skuId: shop.chargerSkuId, quantity, discountFen: 0 });

  beforeEach(async function () {
    this.timeout(90_000);
    now = midnight - 8 * 24 * HOUR;
    database = await context.open();
    uow = createUnitOfWork(database, { timeZone, clock: () => now });
    shop = await sampleShop(uow);
    await sell(midnight - 7 * 24 * HOUR + 9 * HOUR, [chargers(1)], 14_900); // same weekday, before the time of day
    await sell(midnight - 7 * 24 * HOUR + 20 * HOUR, [phone(0)], 449_900); // same weekday, after it
    await sell(midnight - 60_000, [phone(1)], 449_900); // the last minute of yesterday
    await sell(midnight, [phone(2), chargers(2)], 479_700); // the first of today
    const undone = await sell(midnight + 11 * HOUR, [chargers(1)], 14_900);
    const back = await sell(midnight + 12.5 * HOUR, [phone(3)], 449_900);
    now = midnight + 13 * HOUR;
    await reverseSale(uow, actor, { saleId: undone.saleId, reason: '扫错' });
    const [line] = await database.read.find(saleLine, { saleId: back.saleId });
    await returnSale(uow, actor, {
      originalSaleId: back.saleId,
      registerId: shop.registerId,
      lines: [{ lineId: line?.id ?? 0, quantity: 1 }],
      bucket: 'sellable',
      refunds: [{ kind: 'cash', amountFen: 449_900 }],
    });
    now = midnight + 14 * HOUR;
  });
  const filter = (changes: Partial<DashboardFilter> = {}): DashboardFilter => ({
    scope: 'all',
    storeId: null,
    today,
    now,
    timeZone,
    ...changes,
  });
  const posted = async () => (await database.read.find(sale, {})).filter(({ state }) => state === 'posted');

  it('equal sums over the sales themselves, day by day from midnight to midnight', async () => {
    const rows = await posted();
    const ofDay = (date: string) => rows.filter(({ soldAt }) => dayIn(timeZone, soldAt) === date);
    const sums = await daySums(database.read, filter(), today, now);
    expect(sums).to.deep.equal({
      grossFen: sum(ofDay(today).map(({ grossFen }) => grossFen)),
      netFen: sum(ofDay(today).map(({ netFen }) => netFen)),
      costFen: sum(ofDay(today).map(({ costFen }) => costFen)),
      sales: ofDay(today).filter(({ kind }) => kind === 'sale').length,
      devices: 1,
      withDevice: sums.withDevice,
      withMore: 1,
    });
    expect(sums.grossFen, 'a reversed sale and one that was returned are worth nothing').to.equal(479_700);
    expect(sums.sales).to.equal(2);
    const last = weekAgo(filter());
    expect((await daySums(database.read, filter(), last.date, last.until)).grossFen, 'until this time of day').to.equal(
      14_900,
    );
    expect((await daySums(database.read, filter(), addDays(today, -1), now)).grossFen).to.equal(449_900);
    for (const day of await marginByDay(database.read, filter())) {
      const own = ofDay(day.date);
      expect(day, day.date).to.deep.equal({
        date: day.date,
        grossFen: sum(own.map(({ grossFen }) => grossFen)),
        netFen: sum(own.map(({ netFen }) => netFen)),
        costFen: sum(own.map(({ costFen }) => costFen)),
      });
    }
  });

  it('by hour: each sale in the hour that the clock on the wall showed', async () => {
    const rows = await posted();
    const expected = (date: string, hour: number): number =>
      sum(
        rows
          .filter(({ soldAt }) => dayIn(timeZone, soldAt) === date && hourIn(timeZone, soldAt) === hour)
          .map(({ grossFen }) => grossFen),
      );
    const hours = await salesByHour(database.read, filter());
    expect(hours[0]?.hour).to.equal(0);
    for (const row of hours)
      expect(row, String(row.hour)).to.deep.equal({
        hour: row.hour,
        todayFen: expected(today, row.hour),
        weekAgoFen: expected(addDays(today, -7), row.hour),
        state: row.hour < 14 ? 'past' : row.hour === 14 ? 'now' : 'future',
      });
  });

  it('by brand and age, and none of a store outside the scope', async () => {
    const brands = await salesByBrand(database.read, filter());
    expect(brands.map(({ brand, grossFen, beforeFen }) => [brand, grossFen, beforeFen])).to.deep.equal([
      ['小米', 449_900 * 2, 449_900],
      ['', 29_800, 14_900],
    ]);
    const [ageing] = await ageingByBrand(database.read, filter());
    const inStock = await database.read.one<{ n: number }>(
      sql`SELECT COUNT(*) AS n FROM device WHERE state = ${'in_stock'}`,
    );
    expect(ageing?.bands).to.deep.equal([Number(inStock?.n), 0, 0, 0]);
    const later = filter({ today: addDays(today, 61) });
    expect((await ageingByBrand(database.read, later))[0]?.bands.slice(0, 2)).to.deep.equal([0, 0]);
    const other = filter({ scope: [shop.otherStoreId] });
    expect((await daySums(database.read, other, today, now)).grossFen).to.equal(0);
    expect(await salesByBrand(database.read, other)).to.deep.equal([]);
    expect((await ageingByBrand(database.read, other))[0]?.bands).to.deep.equal([1, 0, 0, 0]);
    expect(await ageingByBrand(database.read, filter({ scope: [] }))).to.deep.equal([]);
    const chosen = filter({ scope: [shop.otherStoreId], storeId: shop.storeId });
    expect((await daySums(database.read, chosen, today, now)).sales, 'choosing a foreign store shows nothing').to.equal(
      0,
    );
  });
}

describe('figures of the home page', () => {
  forEachDatabase((context) => figures(context, 'Asia/Shanghai', Date.UTC(2026, 10, 21, 16)));
  describe('of a company elsewhere', () =>
    figures(databaseContext('sqlite'), 'America/New_York', Date.UTC(2026, 10, 22, 5)));
});
