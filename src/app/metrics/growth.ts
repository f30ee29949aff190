import { statSync } from 'node:fs';
import { hostFacts, type HostFacts } from '../../platform/checks';
import { embeddedFile, type Reader, sql } from '../../platform/database';
import type { Job } from '../../platform/modules';
import type { Actor } from '../../platform/permissions';
import type { Services } from '../../platform/services';
import { growthSample } from '../support/growth-sample.table';

const DAY_MS = 86_400_000;
const KEPT_MS = 400 * DAY_MS;
/** Older growth says little about the next weeks. */
const LOOKED_BACK_MS = 30 * DAY_MS;
const LEAST_SAMPLES = 4;
const LEAST_SPAN_MS = 3 * DAY_MS;

export const measureGrowthJob: Job = {
  id: 'system.measure-growth',
  schedule: '50 4 * * *',
  run: (services, actor) => measureGrowth(services, actor),
};

/** Notes how much is stored and how much room is left, and forgets what is older than a year. */
export async function measureGrowth(
  { uow, config }: Pick<Services, 'uow' | 'config'>,
  actor: Actor,
  facts: HostFacts = hostFacts,
): Promise<void> {
  const { freeBytes, totalBytes } = await facts.disk(config.dataDir);
  const databaseBytes = sizeOf(config.database.url);
  await uow.run(actor, async (unit) => {
    const row = { id: unit.takeIds(growthSample), takenAt: unit.now, databaseBytes, freeBytes, totalBytes };
    await unit.insert(growthSample, [row]);
    await unit.execute(sql`DELETE FROM growth_sample WHERE taken_at < ${unit.now - KEPT_MS}`);
  });
}

/** The embedded database with its journal; null for a server's. */
function sizeOf(url: string): number | null {
  const file = embeddedFile(url);
  if (file === undefined) return null;
  return [file, `${file}-wal`].reduce((sum, name) => sum + (statSync(name, { throwIfNoEntry: false })?.size ?? 0), 0);
}

export interface Sample {
  takenAt: number;
  databaseBytes: number | null;
  freeBytes: number;
}

export async function recentGrowth(read: Reader, now: number): Promise<Sample[]> {
  const found = await read.all<Sample>(
    sql`SELECT taken_at, database_bytes, free_bytes FROM growth_sample
        WHERE taken_at > ${now - LOOKED_BACK_MS} ORDER BY taken_at`,
  );
  return found.map(({ takenAt, databaseBytes, freeBytes }) => ({
    takenAt: Number(takenAt),
    databaseBytes: databaseBytes === null ? null : Number(databaseBytes),
    freeBytes: Number(freeBytes),
  }));
}

export interface Forecast {
  /** Bytes by which the room shrinks a day; negative when it grows. */
  perDay: number;
  /** Whole days until nothing is left; null when it does not shrink. */
  fullInDays: number | null;
}

/** A straight line through the last month, by least squares. Undefined while there is too little to go by. */
export function forecast(samples: readonly Sample[], now: number): Forecast | undefined {
  const [first] = samples;
  const last = samples.at(-1);
  if (!first || !last || samples.length < LEAST_SAMPLES || last.takenAt - first.takenAt < LEAST_SPAN_MS)
    return undefined;
  const days = samples.map(({ takenAt }) => (takenAt - first.takenAt) / DAY_MS);
  const mean = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
  const meanDay = mean(days);
  const meanFree = mean(samples.map(({ freeBytes }) => freeBytes));
  const above = samples.reduce(
    (sum, { freeBytes }, at) => sum + ((days[at] ?? 0) - meanDay) * (freeBytes - meanFree),
    0,
  );
  const below = days.reduce((sum, day) => sum + (day - meanDay) ** 2, 0);
  const perDay = -above / below;
  if (perDay <= 0) return { perDay, fullInDays: null };
  const elapsed = (now - last.takenAt) / DAY_MS;
  return { perDay, fullInDays: Math.max(0, Math.floor(last.freeBytes / perDay - elapsed)) };
}
