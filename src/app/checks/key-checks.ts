import { existsSync } from 'node:fs';
import { type Check, type CheckResult, text } from '../../platform/checks';
import { keyStatus } from '../keys/keys';
import type { ProductContext } from './product-context';

const DAY_MS = 86_400_000;
/** How long one key encrypts: two years at most, as NIST SP 800-57 part 1 (5.3.6) advises for keys of stored data. */
const MOST_DAYS = 730;

const skipped: CheckResult = { status: 'skipped', found: text('checks:schema.skipped') };

/** The keys of personal data: whether everything can be read, is encrypted, and under a key that is not too old. */
const keys: Check<ProductContext> = {
  id: 'ledger.keys',
  category: 'ledger',
  title: text('keys:check.title'),
  required: text('keys:check.required', { days: MOST_DAYS }),
  run: async ({ config, database, now, schemaIsCurrent }): Promise<CheckResult> => {
    if (!schemaIsCurrent || !existsSync(config.security.keyFile)) return skipped;
    const status = await keyStatus({ config, database, clock: () => now });
    if (status.lost > 0)
      return {
        status: 'fail',
        found: text('keys:check.lost', { count: status.lost }),
        remedy: [text('keys:check.lostRemedy', { file: status.file })],
      };
    if (status.waiting > 0)
      return {
        status: 'warn',
        found: text('keys:check.waiting', { count: status.waiting, plain: status.plain }),
        remedy: [text('keys:check.waitingRemedy')],
      };
    const current = status.keys.find((key) => key.current);
    const days = Math.floor((now - (current?.madeAt ?? now)) / DAY_MS);
    if (days > MOST_DAYS)
      return { status: 'warn', found: text('keys:check.old', { days }), remedy: [text('keys:check.oldRemedy')] };
    return { status: 'ok', found: text('keys:check.ok', { key: current?.id ?? '', count: current?.used ?? 0 }) };
  },
};

export const keyChecks: readonly Check<ProductContext>[] = [keys];
