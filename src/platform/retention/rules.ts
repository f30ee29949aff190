import { z } from 'zod';
import type { Reader } from '../database';
import { parameter, writeParameter } from '../parameters';
import type { Unit } from '../unit-of-work';

const NAME = 'system.retention';

/** How many days (years for customers) each kind of data is kept; what is not listed is kept for ever or has a rule of its own. */
export const retentionSchema = z.object({
  /** Results of finished operations, for requests that are repeated. A form left open over a long holiday still finds its own. */
  operations: z.int().min(7).max(365).default(30),
  /** Delivered events. */
  events: z.int().min(7).max(365).default(30),
  /** Runs of background jobs; sealing the audit log alone leaves 1,440 a day. */
  jobs: z.int().min(3).max(90).default(14),
  /** Messages that were sent or given up. */
  notifications: z.int().min(30).max(1095).default(90),
  /** History of backups, rotations, checks. Six months at least: 网络安全法 art. 21 (3) for logs. */
  runs: z.int().min(180).max(3650).default(730),
  /** Sales on hold that nobody came back for. */
  drafts: z.int().min(1).max(365).default(30),
  /** Years without a purchase, after which a customer is erased; 0: never. Three at least: 电子商务法 art. 31 for sales. */
  customers: z
    .int()
    .max(30)
    .refine((years) => years === 0 || years >= 3)
    .default(0),
});

export type RetentionRules = z.output<typeof retentionSchema>;

/** The rules with the version that a form carries; 0: never saved. */
export async function retentionRules(read: Reader): Promise<{ rules: RetentionRules; version: number }> {
  const [row] = await read.find(parameter, { name: NAME });
  const saved = retentionSchema.safeParse(row?.value ?? {});
  return { rules: saved.success ? saved.data : retentionSchema.parse({}), version: row?.version ?? 0 };
}

/** The caller checks the right. 409 errors:stale for a stale version. */
export async function saveRetention(unit: Unit, rules: RetentionRules, version: number): Promise<void> {
  const { rules: before } = await retentionRules(unit);
  await writeParameter(unit, NAME, rules, version);
  const changed = (Object.keys(rules) as (keyof RetentionRules)[]).filter((key) => before[key] !== rules[key]);
  await unit.audit({
    action: 'system.retention.change',
    detail: Object.fromEntries(changed.map((key) => [key, { from: before[key], to: rules[key] }])),
  });
}
