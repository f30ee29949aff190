import { type Sql, sql } from '../database';

/** Of rows `ur` of user_role: those that count at `now` (epoch milliseconds). */
export const inForce = (now: number): Sql =>
  sql`(ur.starts_at IS NULL OR ur.starts_at <= ${now}) AND (ur.ends_at IS NULL OR ur.ends_at > ${now})`;
