import type { Config } from '../../platform/config';
import type { Database } from '../../platform/database';
import type { HostFacts } from '../../platform/checks';
import type { Metrics } from '../../platform/metrics';

/** What the checks of an installed product look at. The database is open and migrated unless a check before says otherwise. */
export interface ProductContext {
  config: Config;
  facts: HostFacts;
  database: Database;
  /** Epoch milliseconds. */
  now: number;
  /** What only the running server knows of itself. */
  live?: { metrics: Metrics; database: Pick<Database, 'watch' | 'pool'> };
  /** Set by the check of the schema's version: those after it have nothing to look at in a schema of another version. */
  schemaIsCurrent?: boolean;
}
