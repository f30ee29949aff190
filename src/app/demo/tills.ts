import { openShift, closeShift, postSale, returnSale, type SaleCommand, shift } from '../../modules/sales';
import { sql } from '../../platform/database';
import type { Actor } from '../../platform/permissions';
import type { DemoStore } from './company';
import type { Market } from './shelf';

const HOUR = 3_600_000;
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

export interface TradingDay {
  midnight: number;
  /** Where the day breaks off, epoch milliseconds. */
  now: number;
  isToday: boolean;
}

/** The tills of the stores; `tradingDay` answers how many sales there were. */
export function demoTills(market: Market, salesPerDay: number) {
  const { database, company, shelfOf, at } = market;
  const returns: { saleId: number; storeId: number; seller: Actor; amountFen: number }[] = [];

  async function tradingDay(store: DemoStore, { midnight, now, isToday }: TradingDay): Promise<number> {
    const { random } = shelfOf(store);
    const opened = await openShift(at(midnight + 9.5 * HOUR), store.manager, {
      registerId: store.registerId,
      openingFloatFen: 50_000,
    });
    const weekday = new Date(midnight + 12 * HOUR).getUTCDay();
    const busy = (weekday === 0 || weekday === 6 ? 1.5 : 1) * (store.weight / 7) * (0.8 + random.next() * 0.4);
    const planned = Array.from(
      { length: Math.max(1, Math.round(salesPerDay * busy)) },
      () => midnight + random.weighted(HOURS) * HOUR + random.int(0, 3599) * 1000,
    )
      .filter((instant) => instant < now)
      .sort((a, b) => a - b)
      .map((instant) => ({ instant, command: plan(store) }));
    // One after another, as at one till: document numbers follow the time.
    for (const { instant, command } of planned) {
      const seller = random.pick(store.sellers);
      const { saleId, grossFen } = await postSale(at(instant), seller, command);
      if (random.chance(2)) returns.push({ saleId, storeId: store.id, seller, amountFen: grossFen });
    }
    if (!isToday) {
      await takeBack(store, midnight + 21.8 * HOUR);
      await countTill(store, opened.shiftId, midnight + 22 * HOUR);
    }
    return planned.length;
  }

  /** A phone with things for it, or things alone; now and then a discount within the floor. */
  function plan(store: DemoStore): SaleCommand {
    const shelf = shelfOf(store);
    const { random } = shelf;
    const lines: { skuId: number; deviceId?: number; quantity: number; discountFen: number }[] = [];
    let dueFen = 0;
    const held = [...company.phones, ...company.usedPhones].filter(
      ({ skuId }) => (shelf.devices.get(skuId) ?? []).length > 0,
    );
    if (held.length > 0 && random.chance(62)) {
      const phone = random.weighted(held.map((one) => [one, one.model.weight] as const));
      const device = shelf.devices.get(phone.skuId)?.shift();
      if (device !== undefined) {
        const discounted = random.chance(35);
        const offFen = Math.min(random.int(1, 4) * 5000, Math.floor((phone.priceFen * 3) / 10_000) * 100);
        // A price of its own is the last word.
        const discountFen = discounted && device.priceFen === null ? offFen : 0;
        lines.push({ skuId: phone.skuId, deviceId: device.id, quantity: 1, discountFen });
        dueFen += (device.priceFen ?? phone.priceFen) - discountFen;
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

  /** Sales of earlier days that came back today: regretted, or not as they should be. */
  async function takeBack(store: DemoStore, instant: number): Promise<void> {
    const { random } = shelfOf(store);
    const mine = returns.filter(({ storeId }) => storeId === store.id);
    for (const back of mine) {
      returns.splice(returns.indexOf(back), 1);
      const broken = random.chance(30);
      const lines = await database.read.all<{ id: number; quantity: number }>(
        sql`SELECT id, quantity FROM sale_line WHERE sale_id = ${back.saleId} ORDER BY id`,
      );
      await returnSale(at(instant), back.seller, {
        originalSaleId: back.saleId,
        registerId: store.registerId,
        lines: lines.map(({ id, quantity }) => ({ lineId: id, quantity })),
        bucket: broken ? 'defective' : 'sellable',
        refunds: [{ kind: 'wallet_wechat', amountFen: null }],
        reason: broken ? '质量问题' : '七天无理由',
      });
    }
  }

  /** Counts what lies in the drawer: what should, or a note too little now and then. */
  async function countTill(store: DemoStore, shiftId: number, instant: number): Promise<void> {
    const { random } = shelfOf(store);
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

  return { tradingDay };
}
