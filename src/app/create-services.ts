import type { Config } from '../platform/config';
import { openKeyRing } from '../platform/crypto';
import { openDatabase } from '../platform/database';
import type { Logger } from '../platform/logging';
import type { Services } from '../platform/services';
import { createUnitOfWork, type UnitOfWorkOptions } from '../platform/unit-of-work';

export interface ServicesOptions {
  log: Logger;
  /** Epoch milliseconds. */
  clock?: () => number;
  beforeCommit?: UnitOfWorkOptions['beforeCommit'];
  /** For a rehearsal on a copy: nothing leaves it. */
  neutralised?: boolean;
}

export interface OpenServices {
  services: Services;
  close: () => Promise<void>;
}

/** Opens what a server or a command works with. The schema is not looked at: see schema-state. */
export async function openServices(
  config: Config,
  { log, clock = Date.now, beforeCommit, neutralised = false }: ServicesOptions,
): Promise<OpenServices> {
  const { timeZone } = config;
  const keys = openKeyRing(config.security.keyFile);
  const database = await openDatabase(config.database.url, { poolSize: config.database.poolSize });
  const uow = createUnitOfWork(database, { timeZone, clock, ...(beforeCommit ? { beforeCommit } : {}) });
  database.watch.slowMs = config.metrics.slowStatementMs;
  return {
    services: { config, database, uow, log, keys, clock, timeZone, neutralised },
    close: () => database.close(),
  };
}
