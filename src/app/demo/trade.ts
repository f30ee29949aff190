import { addDays, type BusinessDate, startOfDay } from '../../kernel';
import type { Services } from '../../platform/services';
import type { DemoCompany } from './company';
import { demoOrders } from './orders';
import { doPaperwork } from './paperwork';
import type { Random } from './random';
import { openMarket, readShelves } from './shelf';
import { stockUp } from './stock-up';
import { demoStories } from './stories';
import { demoTills } from './tills';
import { demoTransfers } from './transfers';

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
const REFILLED_EVERY = 4;

/**
 * Months of a chain of phone shops. In the morning goods come in, are moved, counted and written off, and papers are done;
 * then the stores sell until they count their tills.
 */
export async function trade(
  { database, timeZone, keys }: Services,
  company: DemoCompany,
  random: Random,
  options: TradeOptions,
): Promise<void> {
  const market = openMarket({ database, company, random, timeZone, keys });
  const { at } = market;
  const morningOf = [demoOrders(company, market.newNumbers), demoTransfers(), ...demoStories()];
  const tills = demoTills(market, options.salesPerDay);
  const first = addDays(options.today, -options.days);
  let sales = 0;

  for (let day = 0; day <= options.days; day++) {
    const date = addDays(first, day);
    const midnight = startOfDay(date, timeZone);
    const isToday = day === options.days;
    const now = isToday ? options.until : midnight + 24 * HOUR;
    if (isToday && now < midnight + 10 * HOUR) break;
    await readShelves(market, date);
    if (day % REFILLED_EVERY === 0 && !(isToday && day > 0)) {
      for (const store of company.stores)
        await stockUp(market, at(midnight + (day === 0 ? 8 : 9) * HOUR), {
          businessDate: date,
          store,
          usualDevices: options.openingDevices,
          goodsEach: day === 0 ? 12 : 6,
          oldUntil: day === 0 ? options.today : null,
        });
      await readShelves(market, date);
    }
    const uow = at(midnight + 9.2 * HOUR);
    for (const story of morningOf) await story({ market, uow, date, midnight, day, daysLeft: options.days - day });
    await doPaperwork(at(midnight + 9.4 * HOUR), company, date, { day, daysLeft: options.days - day });
    await readShelves(market, date);
    const sold = await Promise.all(company.stores.map((store) => tills.tradingDay(store, { midnight, now, isToday })));
    sales += sold.reduce((sum, one) => sum + one, 0);
    await options.onDay({ date, done: day, total: options.days, sales });
  }
}
