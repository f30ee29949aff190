import { type Check, type CheckResult, text } from '../../platform/checks';
import { sql } from '../../platform/database';
import { notificationChannel } from '../../platform/notify';
import { REFUSED } from '../../platform/audit';
import { forecast, recentGrowth } from '../metrics';
import type { ProductContext } from './product-context';

const skipped: CheckResult = { status: 'skipped', found: text('checks:schema.skipped') };
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const WARN_DAYS = 30;
const BAD_DAYS = 7;
const MANY_REFUSALS = 10;
const MOST_READ = 5000;

const ofCurrent = (
  id: string,
  category: Check<ProductContext>['category'],
  run: (context: ProductContext) => Promise<CheckResult>,
): Check<ProductContext> => {
  const name = `checks:${id}`;
  return {
    id,
    category,
    title: text(`${name}.title`),
    required: text(`${name}.required`),
    run: async (context) => (context.schemaIsCurrent ? run(context) : skipped),
  };
};

/** When the disk will be full, from what was noted each day. */
const diskForecast = ofCurrent(
  'performance.forecast',
  'performance',
  async ({ database, now }): Promise<CheckResult> => {
    const seen = forecast(await recentGrowth(database.read, now), now);
    if (!seen) return { status: 'skipped', found: text('checks:performance.forecast.unknown') };
    const { fullInDays } = seen;
    if (fullInDays === null) return { status: 'ok', found: text('checks:performance.forecast.stays') };
    const found = text('checks:performance.forecast.found', { days: fullInDays });
    if (fullInDays >= WARN_DAYS) return { status: 'ok', found };
    return {
      status: fullInDays < BAD_DAYS ? 'fail' : 'warn',
      found,
      remedy: [text('checks:performance.forecast.remedy')],
    };
  },
);

/** Whether anybody would hear of trouble. */
const notifications = ofCurrent('jobs.notifications', 'jobs', async ({ database, now }): Promise<CheckResult> => {
  const active = await database.read.find(notificationChannel, { active: true });
  const remedy = [text('checks:jobs.notifications.remedy')];
  if (active.length === 0) return { status: 'warn', found: text('checks:jobs.notifications.none'), remedy };
  const row = await database.read.one<{ lost: number }>(
    sql`SELECT COUNT(*) AS lost FROM notification WHERE state = ${'failed'} AND created_at > ${now - DAY_MS}`,
  );
  const lost = Number(row?.lost ?? 0);
  if (lost > 0) return { status: 'warn', found: text('checks:jobs.notifications.lost', { count: lost }), remedy };
  return { status: 'ok', found: text('checks:jobs.notifications.found', { count: active.length }) };
});

/** People who run into a wall again and again: they lack a right, or look where they should not. */
const refusals = ofCurrent('permissions.refusals', 'permissions', async ({ database, now }): Promise<CheckResult> => {
  const rows = await database.read.all<{ detail: string }>(
    sql`SELECT detail FROM audit_log WHERE at >= ${now - 7 * DAY_MS} AND action = ${REFUSED}
        ORDER BY at DESC, id DESC ${sql.limit(MOST_READ)}`,
  );
  const byPermission = new Map<string, number>();
  for (const { detail } of rows) {
    const { permission, times } = JSON.parse(detail) as { permission: string; times: number };
    byPermission.set(permission, (byPermission.get(permission) ?? 0) + times);
  }
  const all = [...byPermission].toSorted(([, a], [, b]) => b - a);
  const count = all.reduce((sum, [, times]) => sum + times, 0);
  if (count < MANY_REFUSALS) return { status: 'ok', found: text('checks:permissions.refusals.few', { count }) };
  return {
    status: 'warn',
    found: text('checks:permissions.refusals.found', { count }),
    evidence: all
      .slice(0, 5)
      .map(([permission, times]) => `${permission}: ${times}`)
      .join('; '),
    remedy: [text('checks:permissions.refusals.remedy')],
  };
});

/** Work on a file that stopped: the server ended meanwhile. */
const stuckImports = ofCurrent('imports.stuck', 'imports', async ({ database, now }): Promise<CheckResult> => {
  const stuck = await database.read.all<{ fileName: string }>(
    sql`SELECT file_name FROM import_run
        WHERE state IN (${'checking'}, ${'applying'}) AND created_at < ${now - HOUR_MS} ORDER BY id DESC ${sql.limit(5)}`,
  );
  if (stuck.length === 0) return { status: 'ok', found: text('checks:imports.stuck.none') };
  return {
    status: 'warn',
    found: text('checks:imports.stuck.found', { files: stuck.map(({ fileName }) => fileName).join(', ') }),
    remedy: [text('checks:imports.stuck.remedy')],
  };
});

export const supportChecks: readonly Check<ProductContext>[] = [diskForecast, notifications, refusals, stuckImports];
