import { col, defineTable } from '../database';

/** Settings that differ from their defaults: `<module>.<key>`, and `modules.enabled`. */
export const parameter = defineTable('parameter', {
  name: col.code(80).primary(),
  /** null stands for ''. */
  value: col.json<unknown>().nullable(),
  changedAt: col.instant(),
  changedBy: col.id().nullable(),
  version: col.int(),
});
