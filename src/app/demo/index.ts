import { addDays, fromInstant, startOfDay } from '../../kernel';
import type { Services } from '../../platform/services';
import { createUnitOfWork } from '../../platform/unit-of-work';
import { foundCompany } from './company';
import { createRandom } from './random';
import { trade } from './trade';

export type DemoScale = 'small' | 'medium' | 'large';
export const DEMO_SCALES: readonly DemoScale[] = ['small', 'medium', 'large'];

/** Days before today, sales a day and store, handsets a store, customers. */
const SIZES: Record<DemoScale, { days: number; salesPerDay: number; openingDevices: number; customers: number }> = {
  small: { days: 90, salesPerDay: 6, openingDevices: 180, customers: 200 },
  medium: { days: 180, salesPerDay: 25, openingDevices: 600, customers: 2000 },
  large: { days: 365, salesPerDay: 80, openingDevices: 2000, customers: 10_000 },
};

export interface DemoOptions {
  scale: DemoScale;
  /** The same seed on the same day makes the same company. */
  seed: number;
  say: (text: string) => void;
}

/** Fills an empty database with a company that has traded for months, every document through its use case. */
export async function fillDemo(services: Services, { scale, seed, say }: DemoOptions): Promise<void> {
  const size = SIZES[scale];
  const { database, timeZone } = services;
  const random = createRandom(seed);
  const today = fromInstant(services.clock(), timeZone);
  const founded = startOfDay(addDays(today, -size.days - 1), timeZone);
  const company = await foundCompany(
    services,
    createUnitOfWork(database, { timeZone, clock: () => founded }),
    random,
    size.customers,
  );
  // Nothing is lost that cannot be made again, so the embedded database need not wait for the disk at each commit.
  const hurry = async (mode: 'OFF' | 'FULL'): Promise<void> => {
    if (database.dialect === 'sqlite')
      await database
        .transaction(() => Promise.resolve())
        .then(() => database.dataSource.query(`PRAGMA synchronous = ${mode}`));
  };
  await hurry('OFF');
  await trade(services, company, random, {
    today,
    days: size.days,
    salesPerDay: size.salesPerDay,
    openingDevices: size.openingDevices,
    say,
  });
  await hurry('FULL');
}
