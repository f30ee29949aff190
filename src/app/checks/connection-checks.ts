import { isGoodEnough, lastConnections, limitsOf } from '../../modules/administration';
import { type Check, type CheckResult, text } from '../../platform/checks';
import type { ProductContext } from './product-context';

const DAYS = 90;
const DAY_MS = 86_400_000;
const LOOKED_AT = 20;

/** What browsers in the shops measured last (Administration › Connection test). */
const browsers: Check<ProductContext> = {
  id: 'performance.browsers',
  category: 'performance',
  title: text('checks:performance.browsers.title'),
  run: async ({ config: { requirements }, database, now, schemaIsCurrent }): Promise<CheckResult> => {
    if (!schemaIsCurrent) return { status: 'skipped', found: text('checks:schema.skipped') };
    const measured = await lastConnections(database.read, LOOKED_AT, now - DAYS * DAY_MS);
    const [last] = measured;
    const required = text('checks:performance.browsers.required', { ...limitsOf(requirements) });
    if (!last) return { status: 'skipped', found: text('checks:performance.browsers.none', { days: DAYS }), required };
    // Of each address the newest: a line that was mended is not held against it.
    const newest = measured.filter((one, at) => measured.findIndex(({ address }) => address === one.address) === at);
    const bad = newest.filter((one) => !isGoodEnough(one, requirements));
    if (bad.length === 0)
      return { status: 'ok', found: text('checks:performance.browsers.ok', { count: newest.length }), required };
    return {
      status: 'warn',
      found: text('checks:performance.browsers.bad', { count: newest.length, bad: bad.length }),
      required,
      evidence: bad
        .map((one) => `${one.address ?? '?'}: ${one.roundTripMs} ms, ↓ ${one.downloadMbit}, ↑ ${one.uploadMbit} Mbit/s`)
        .join('; '),
      remedy: [text('checks:performance.browsers.remedy')],
    };
  },
};

export const connectionChecks: readonly Check<ProductContext>[] = [browsers];
