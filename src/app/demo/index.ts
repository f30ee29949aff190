import { addDays, fromInstant, startOfDay } from '../../kernel';
import type { Services } from '../../platform/services';
import { createUnitOfWork } from '../../platform/unit-of-work';
import { foundCompany } from './company';
import { createRandom } from './random';
import { trade, type TradeOptions } from './trade';

export type DemoScale = 'tiny' | 'small' | 'medium' | 'large';
export const DEMO_SCALES: readonly DemoScale[] = ['tiny', 'small', 'medium', 'large'];

export interface DemoSize {
  /** Before the last day. */
  days: number;
  /** A day and store, about. */
  salesPerDay: number;
  /** Handsets that each store begins with. */
  openingDevices: number;
  /** At most 10,000. */
  customers: number;
}

const SIZES: Record<DemoScale, DemoSize> = {
  /** For a first look: there in some seconds. */
  tiny: { days: 14, salesPerDay: 4, openingDevices: 40, customers: 40 },
  small: { days: 90, salesPerDay: 6, openingDevices: 180, customers: 200 },
  medium: { days: 180, salesPerDay: 25, openingDevices: 600, customers: 2000 },
  large: { days: 365, salesPerDay: 80, openingDevices: 2000, customers: 10_000 },
};

const HOUR_MS = 3_600_000;

export interface DemoOptions {
  size: DemoScale | DemoSize;
  seed: number;
  /** The company trades until this instant, epoch milliseconds; default: the last full hour. */
  until?: number | undefined;
  onDay?: TradeOptions['onDay'] | undefined;
}

/**
 * Fills an empty database with a company that has traded for months, every document through its use case. The same size,
 * seed and `until` make the same documents with the same numbers and amounts on every kind of database; only ids differ.
 */
export async function fillDemo(services: Services, { size, seed, until, onDay }: DemoOptions): Promise<void> {
  const { days, salesPerDay, openingDevices, customers } = typeof size === 'string' ? SIZES[size] : size;
  const { database, timeZone } = services;
  const random = createRandom(seed);
  const end = until ?? Math.floor(services.clock() / HOUR_MS) * HOUR_MS;
  const today = fromInstant(end, timeZone);
  const founded = startOfDay(addDays(today, -days - 1), timeZone);
  const uow = createUnitOfWork(database, { timeZone, clock: () => founded });
  const company = await foundCompany(services, uow, random, customers);
  await trade(services, company, random, {
    today,
    until: end,
    days,
    salesPerDay,
    openingDevices,
    onDay: onDay ?? (() => Promise.resolve()),
  });
}
