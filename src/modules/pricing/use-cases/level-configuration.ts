import { recordSet } from '../../../platform/configuration';
import { sql } from '../../../platform/database';
import { LEVELS } from '../queries/levels';

/** Member levels. One that customers have, or a price list is for, stays on. */
export const levelConfiguration = recordSet({
  module: 'pricing',
  id: 'levels',
  values: LEVELS,
  inUse: async (read, records) => {
    const used = await read.all<{ levelId: number; n: number }>(
      sql`SELECT level_id, COUNT(*) AS n FROM price_list WHERE level_id IS NOT NULL AND active = ${1} GROUP BY level_id`,
    );
    const asked = new Set(records.map(({ id }) => id));
    return new Map(
      used.flatMap(({ levelId, n }) => (asked.has(Number(levelId)) ? [[Number(levelId), Number(n)]] : [])),
    );
  },
});
