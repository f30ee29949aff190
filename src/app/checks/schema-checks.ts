import { type Check, type CheckResult, text } from '../../platform/checks';
import { sql } from '../../platform/database';
import { schemaState } from '../schema-state';
import type { ProductContext } from './product-context';

const state: Check<ProductContext> = {
  id: 'schema.state',
  category: 'schema',
  title: text('checks:schema.state.title'),
  required: text('checks:schema.state.required'),
  run: async (context): Promise<CheckResult> => {
    const found = await schemaState(context.database);
    context.schemaIsCurrent = found.state === 'current';
    if (found.state === 'current') return { status: 'ok', found: text('checks:schema.state.current') };
    if (found.state === 'older')
      return {
        status: 'fail',
        found: text('checks:schema.state.older', { steps: found.pending }),
        remedy: [text('checks:schema.state.migrate')],
      };
    return {
      status: 'fail',
      found: text('checks:schema.state.newer', { step: found.unknown[0] ?? '' }),
      remedy: [text('checks:schema.state.upgrade')],
    };
  },
};

/** The schema as it lies there against the definitions in the program: somebody may have changed it by hand. */
const difference: Check<ProductContext> = {
  id: 'schema.difference',
  category: 'schema',
  title: text('checks:schema.difference.title'),
  required: text('checks:schema.difference.required'),
  run: async ({ database, schemaIsCurrent }): Promise<CheckResult> => {
    if (!schemaIsCurrent) return { status: 'skipped', found: text('checks:schema.skipped') };
    const { upQueries } = await database.dataSource.driver.createSchemaBuilder().log();
    if (upQueries.length === 0) return { status: 'ok', found: text('checks:schema.difference.none') };
    return {
      status: 'warn',
      found: text('checks:schema.difference.found', { count: upQueries.length }),
      evidence: upQueries
        .slice(0, 5)
        .map(({ query }) => query)
        .join('; '),
      remedy: [text('checks:schema.difference.remedy')],
    };
  },
};

const integrity: Check<ProductContext> = {
  id: 'database.integrity',
  category: 'database',
  title: text('checks:schema.integrity.title'),
  required: text('checks:schema.integrity.required'),
  run: async ({ database }): Promise<CheckResult> => {
    if (database.dialect !== 'sqlite') return { status: 'skipped', found: text('checks:schema.integrity.server') };
    const rows = await database.read.all<Record<string, unknown>>(sql`PRAGMA quick_check(5)`);
    const words = rows.map((row) => String(Object.values(row)[0]));
    if (words.length === 1 && words[0] === 'ok') return { status: 'ok', found: text('checks:schema.integrity.ok') };
    return {
      status: 'fail',
      found: text('checks:schema.integrity.broken'),
      evidence: words.join('; '),
      remedy: [text('checks:schema.integrity.remedy')],
    };
  },
};

export const schemaChecks: readonly Check<ProductContext>[] = [integrity, state, difference];
