import { addDays, type BusinessDate, completeImei, startOfDay } from '../../kernel';
import { receiveGoods, type ReceivedLine } from '../../modules/purchasing';
import { openShift, closeShift, postSale, returnSale, type SaleCommand, shift } from '../../modules/sales';
import { chunked, sql } from '../../platform/database';
import type { Actor } from '../../platform/permissions';
import type { Services } from '../../platform/services';
import { createUnitOfWork, type UnitOfWork } from '../../platform/unit-of-work';
import type { DemoCompany, DemoPhone, DemoStore } from './company';
import { demoOrders } from './orders';
import { doPaperwork } from './paperwork';
import { createRandom, type Random } from './random';
import { askForGoods, receiveGoods as takeIn, sendGoods } from './transfers';

export interface TradeOptions {
  /** The last day. */
  today: BusinessDate;
  /** Where the last day breaks off, epoch milliseconds. */
  until: number;
  /** Days before today. */
  days: number;
  /** Sales a day and store, about. */
  salesPerDay: number;
  /** Handsets that each store begins with. */
  openingDevices: number;
  /** Called after each day. */
  onDay: (day: { date: BusinessDate; done: number; total: number; sales: number }) => Promise<void>;
}

const HOUR = 3_600_000;
/** Days between two transfers, and before the end from which not all of one is found. */
const CARRIED_EVERY = 4;
const LAST_DAYS = 6;
/** How the day's sales spread over the opening hours from 10:00. */
const HOURS: readonly (readonly [hour: number, weight: number])[] = [
  [10, 5],
  [11, 7],
  [12, 8],
  [13, 9],
  [14, 12],
  [15, 12],
  [16, 11],
  [17, 10],
  [18, 12],
  [19, 15],
  [20, 13],
  [21, 6],
];
const TENDERS = [
  ['wallet_wechat', 48],
  ['wallet_alipay', 27],
  ['cash', 13],
  ['card', 12],
] as const;

/** What a store has to sell, as the simulation knows it; the books decide. */
interface Shelf {
  /**
   * The store's own: what happens there must not depend on how the stores, which trade at the same time, happen to come to
   * their turn.
   */
  random: Random;
  devices: Map<number, number[]>;
  goods: Map<number, number>;
}

/** Months of a chain of phone shops: goods come in, are sold, sometimes come back; every day ends with counted tills. */
export async function trade(
  services: Services,
  company: DemoCompany,
  random: Random,
  options: TradeOptions,
): Promise<void> {
  const { database, timeZone } = services;
  const at = (instant: number): UnitOfWork => createUnitOfWork(database, { timeZone, clock: () => instant });
  const serials = new Map<string, number>();
  const shelves = new Map<number, Shelf>(
    company.stores.map(({ id }) => [
      id,
      { random: createRandom(random.int(0, 2 ** 31)), devices: new Map(), goods: new Map() },
    ]),
  );
  const first = addDays(options.today, -options.days);
  const orders = demoOrders(company, newNumbers);
  let sales = 0;
  const onTheWay: {
    id: number;
    day: number;
    to: DemoStore;
    deviceIds: readonly number[];
    goods: { skuId: number; quantity: number } | null;
  }[] = [];
  const returns: { saleId: number; storeId: number; seller: Actor; amountFen: number }[] = [];

  for (let day = 0; day <= options.days; day++) {
    const date = addDays(first, day);
    const midnight = startOfDay(date, timeZone);
    const isToday = day === options.days;
    const now = isToday ? options.until : midnight + 24 * HOUR;
    if (isToday && now < midnight + 10 * HOUR) break;
    for (const store of company.stores) {
      const shelf = shelves.get(store.id) as Shelf;
      if (day === 0) await stockUp(at(midnight + 8 * HOUR), date, store, shelf, 12);
      else if (day % 4 === 0 && !isToday) await stockUp(at(midnight + 9 * HOUR), date, store, shelf, 6);
    }
    for (const { store, goods, pieces } of await orders.onDay(at(midnight + 9.2 * HOUR), date, options.days - day)) {
      const shelf = shelves.get(store.id) as Shelf;
      for (const { skuId } of goods) shelf.goods.set(skuId, (shelf.goods.get(skuId) ?? 0) + pieces);
      await readDevices(store, shelf);
    }
    await carry(date, day, midnight);
    await doPaperwork(at(midnight + 9.6 * HOUR), company, date, { day, daysLeft: options.days - day });
    await Promise.all(company.stores.map((store) => tradingDay(store, midnight, now, isToday)));
    await options.onDay({ date, done: day, total: options.days, sales });
  }

  /**
   * Every few days what one store has several of goes to the next one, which receives it the day after. In the last days one
   * handset is not found, and a store asks for goods: what the pages of transfers are for.
   */
  async function carry(date: BusinessDate, day: number, midnight: number): Promise<void> {
    const { stores, buyer } = company;
    for (const one of onTheWay.splice(0)) {
      const found = one.day >= options.days - LAST_DAYS ? one.deviceIds.slice(1) : one.deviceIds;
      if (found.length > 0) await takeIn(database, at(midnight + 9.2 * HOUR), buyer, one.id, found);
      await readDevices(one.to, shelves.get(one.to.id) as Shelf);
      const { goods } = shelves.get(one.to.id) as Shelf;
      if (one.goods) goods.set(one.goods.skuId, (goods.get(one.goods.skuId) ?? 0) + one.goods.quantity);
    }
    const from = stores[day % stores.length];
    const to = stores[(day + 1) % stores.length];
    if (day === 0 || !from || !to || from === to) return;
    const shelf = shelves.get(from.id) as Shelf;
    const held = [...shelf.goods].filter(([, pieces]) => pieces >= 6);
    const [skuId] = held[day % Math.max(1, held.length)] ?? [];
    const goods = skuId === undefined ? null : { skuId, quantity: 2 };
    const expectedOn = addDays(date, 2);
    if (day === options.days) {
      await askForGoods(database, at(midnight + 9.3 * HOUR), buyer, { from, to, deviceIds: [], goods, expectedOn });
      return;
    }
    if (day % CARRIED_EVERY !== 1) return;
    const many = [...shelf.devices.values()].filter((ids) => ids.length > 1);
    const deviceIds = many.slice(0, 2).map((ids) => ids.at(-1) as number);
    if (deviceIds.length === 0) return;
    const id = await sendGoods(database, at(midnight + 9.4 * HOUR), buyer, { from, to, deviceIds, goods, expectedOn });
    onTheWay.push({ id, day, to, deviceIds, goods });
    await readDevices(from, shelf);
    if (goods) shelf.goods.set(goods.skuId, (shelf.goods.get(goods.skuId) ?? 0) - goods.quantity);
  }

  /** Fills a store up to its usual number of handsets: a receipt per supplier, goods with it. */
  async function stockUp(
    uow: UnitOfWork,
    businessDate: BusinessDate,
    store: DemoStore,
    shelf: Shelf,
    goodsEach: number,
  ): Promise<void> {
    const held = [...shelf.devices.values()].reduce((sum, ids) => sum + ids.length, 0);
    const wanted = Math.max(0, options.openingDevices - held);
    for (const supplier of company.suppliers) {
      const phones = company.phones.filter(({ model }) => supplier.brands.includes(model.brand));
      const share =
        phones.reduce((sum, { model }) => sum + model.weight / model.variants.length, 0) /
        company.phones.reduce((sum, { model }) => sum + model.weight / model.variants.length, 0);
      const bought = new Map<DemoPhone, string[]>();
      for (let n = 0; phones.length > 0 && n < Math.round(wanted * share); n++) {
        const phone = random.weighted(phones.map((one) => [one, one.model.weight] as const));
        bought.set(phone, [...(bought.get(phone) ?? []), newNumbers(phone.model.tac)]);
      }
      const goods = company.goods.filter(
        ({ brand, skuId }) => supplier.brands.includes(brand) && (shelf.goods.get(skuId) ?? 0) < 4,
      );
      const lines: ReceivedLine[] = [
        ...[...bought].map(([{ skuId, costFen }, devices]) => ({
          skuId,
          quantity: devices.length,
          unitPriceFen: costFen - random.int(0, 3) * 1000,
          devices,
        })),
        ...goods.map(({ skuId, costFen }) => ({ skuId, quantity: goodsEach, unitPriceFen: costFen })),
      ];
      for (const part of chunked(lines, 80)) {
        await receiveGoods(uow, company.buyer, {
          supplierId: supplier.id,
          storeId: store.id,
          locationId: store.locationId,
          businessDate,
          deliveryNote: `HS-${random.int(1000, 9999)}`,
          withInvoice: random.chance(50),
          note: null,
          lines: part,
        });
      }
      for (const { skuId } of goods) shelf.goods.set(skuId, (shelf.goods.get(skuId) ?? 0) + goodsEach);
    }
    await readDevices(store, shelf);
  }

  async function readDevices(store: DemoStore, shelf: Shelf): Promise<void> {
    const rows = await database.read.all<{ id: number; skuId: number }>(
      sql`SELECT id, sku_id FROM device WHERE store_id = ${store.id} AND state = 'in_stock' AND bucket = 'sellable' ORDER BY id`,
    );
    shelf.devices.clear();
    for (const { id, skuId } of rows) shelf.devices.set(skuId, [...(shelf.devices.get(skuId) ?? []), id]);
  }

  async function tradingDay(store: DemoStore, midnight: number, now: number, isToday: boolean): Promise<void> {
    const shelf = shelves.get(store.id) as Shelf;
    const { random } = shelf;
    const opened = await openShift(at(midnight + 9.5 * HOUR), store.manager, {
      registerId: store.registerId,
      openingFloatFen: 50_000,
    });
    const weekday = new Date(midnight + 12 * HOUR).getUTCDay();
    const busy = (weekday === 0 || weekday === 6 ? 1.5 : 1) * (store.weight / 7) * (0.8 + random.next() * 0.4);
    const planned = Array.from(
      { length: Math.max(1, Math.round(options.salesPerDay * busy)) },
      () => midnight + random.weighted(HOURS) * HOUR + random.int(0, 3599) * 1000,
    )
      .filter((instant) => instant < now)
      .sort((a, b) => a - b)
      .map((instant) => ({ instant, command: plan(store, shelf) }));
    // One after another, as at one till: document numbers follow the time.
    for (const { instant, command } of planned) {
      const seller = random.pick(store.sellers);
      const { saleId, grossFen } = await postSale(at(instant), seller, command);
      sales += 1;
      if (random.chance(2)) returns.push({ saleId, storeId: store.id, seller, amountFen: grossFen });
    }
    if (!isToday) {
      await takeBack(store, midnight + 21.8 * HOUR);
      await countTill(store, opened.shiftId, midnight + 22 * HOUR);
    }
  }

  /** A phone with things for it, or things alone; now and then a discount within the floor. */
  function plan(store: DemoStore, shelf: Shelf): SaleCommand {
    const { random } = shelf;
    const lines: { skuId: number; deviceId?: number; quantity: number; discountFen: number }[] = [];
    let dueFen = 0;
    const held = company.phones.filter(({ skuId }) => (shelf.devices.get(skuId) ?? []).length > 0);
    if (held.length > 0 && random.chance(62)) {
      const phone = random.weighted(held.map((one) => [one, one.model.weight] as const));
      const discountFen = random.chance(35)
        ? Math.min(random.int(1, 4) * 5000, Math.floor((phone.priceFen * 3) / 10_000) * 100)
        : 0;
      const deviceId = shelf.devices.get(phone.skuId)?.shift();
      if (deviceId !== undefined) {
        lines.push({ skuId: phone.skuId, deviceId, quantity: 1, discountFen });
        dueFen += phone.priceFen - discountFen;
        if (random.chance(18)) {
          const service = random.pick(company.services);
          lines.push({ skuId: service.skuId, quantity: 1, discountFen: 0 });
          dueFen += service.priceFen;
        }
      }
    }
    const things = lines.length === 0 ? random.int(1, 2) : random.int(0, 2);
    for (let n = 0; n < things; n++) {
      const item = random.pick(company.goods);
      if ((shelf.goods.get(item.skuId) ?? 0) < 1 || lines.some(({ skuId }) => skuId === item.skuId)) continue;
      shelf.goods.set(item.skuId, (shelf.goods.get(item.skuId) ?? 0) - 1);
      lines.push({ skuId: item.skuId, quantity: 1, discountFen: 0 });
      dueFen += item.priceFen;
    }
    if (lines.length === 0) {
      const service = random.pick(company.services);
      lines.push({ skuId: service.skuId, quantity: 1, discountFen: 0 });
      dueFen += service.priceFen;
    }
    const kind = random.weighted(TENDERS);
    const amountFen = kind === 'cash' ? Math.ceil(dueFen / 10_000) * 10_000 : dueFen;
    return {
      registerId: store.registerId,
      customerId: random.chance(40) ? random.pick(company.customerIds) : null,
      lines,
      tenders: [{ kind, amountFen }],
    };
  }

  /** Sales of earlier days that came back today. */
  async function takeBack(store: DemoStore, instant: number): Promise<void> {
    const mine = returns.filter(({ storeId }) => storeId === store.id);
    for (const back of mine) {
      returns.splice(returns.indexOf(back), 1);
      const lines = await database.read.all<{ id: number; quantity: number }>(
        sql`SELECT id, quantity FROM sale_line WHERE sale_id = ${back.saleId} ORDER BY id`,
      );
      await returnSale(at(instant), back.seller, {
        originalSaleId: back.saleId,
        registerId: store.registerId,
        lines: lines.map(({ id, quantity }) => ({ lineId: id, quantity })),
        bucket: 'sellable',
        refunds: [{ kind: 'wallet_wechat', amountFen: null }],
        reason: '七天无理由',
      });
    }
    if (mine.length > 0) await readDevices(store, shelves.get(store.id) as Shelf);
  }

  /** Counts what lies in the drawer: what should, or a note too little now and then. */
  async function countTill(store: DemoStore, shiftId: number, instant: number): Promise<void> {
    const { random } = shelves.get(store.id) as Shelf;
    const row = await database.read.get(shift, shiftId);
    const taken = await database.read.one<{ fen: number | null }>(
      sql`SELECT SUM(t.amount_fen) AS fen
        FROM sale_tender t JOIN sale s ON s.id = t.sale_id WHERE s.shift_id = ${shiftId} AND t.kind = 'cash'`,
    );
    let restFen = (row?.openingFloatFen ?? 0) + Number(taken?.fen ?? 0) - (random.chance(6) ? 1000 : 0);
    const pieces: Record<string, number> = {};
    for (const note of [10_000, 5000, 2000, 1000, 500, 100]) {
      pieces[String(note)] = Math.max(0, Math.floor(restFen / note));
      restFen -= (pieces[String(note)] ?? 0) * note;
    }
    await closeShift(at(instant), store.manager, { shiftId, version: row?.version ?? 1, pieces, counted: {} });
  }

  function newNumbers(tac: string): string {
    const serial = (serials.get(tac) ?? 0) + 2;
    serials.set(tac, serial);
    const imei = (n: number): string => completeImei(`${tac}${String(n).padStart(6, '0')}`);
    return `${imei(serial)} ${imei(serial + 1)}`;
  }
}
