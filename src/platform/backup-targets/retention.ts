import { addDays, type BusinessDate, fromInstant } from '../../kernel';
import { backupTime } from './target';

export interface Keep {
  daily: number;
  weekly: number;
  monthly: number;
}

export type KeepReason = 'newest' | 'daily' | 'weekly' | 'monthly' | 'foreign';

export interface RetentionPlan {
  /** The newest first. */
  keep: { name: string; reasons: KeepReason[] }[];
  remove: string[];
}

const SERIES = /^(phone-erp-.+)-\d{8}T\d{6}Z-/;

/**
 * Which backups of the series that `name` belongs to stay: the newest one, and the last one of each of so many days, weeks
 * (from Monday) and months that have any. Backups of another installation in the same place are not touched.
 */
export function planRetention(names: readonly string[], series: string, keep: Keep, timeZone: string): RetentionPlan {
  const own = SERIES.exec(series)?.[1];
  const newestFirst = [...names].sort((a, b) => backupTime(b) - backupTime(a) || (a < b ? 1 : -1));
  const periods = [
    { reason: 'daily', most: keep.daily, of: (day: BusinessDate) => day },
    { reason: 'weekly', most: keep.weekly, of: mondayOf },
    { reason: 'monthly', most: keep.monthly, of: (day: BusinessDate) => day.slice(0, 7) },
  ] as const;
  const seen = periods.map(() => new Set<string>());
  const plan: RetentionPlan = { keep: [], remove: [] };
  let newest = true;
  for (const name of newestFirst) {
    if (SERIES.exec(name)?.[1] !== own) {
      plan.keep.push({ name, reasons: ['foreign'] });
      continue;
    }
    const day = fromInstant(backupTime(name), timeZone);
    const reasons: KeepReason[] = newest ? ['newest'] : [];
    newest = false;
    periods.forEach(({ reason, most, of }, at) => {
      const period = of(day);
      const known = seen[at];
      if (!known || known.has(period) || known.size >= most) return;
      known.add(period);
      reasons.push(reason);
    });
    if (reasons.length > 0) plan.keep.push({ name, reasons });
    else plan.remove.push(name);
  }
  return plan;
}

function mondayOf(day: BusinessDate): BusinessDate {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return addDays(day, -((weekday + 6) % 7));
}
