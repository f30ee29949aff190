import type { Logger } from 'pino';
import type { Config } from '../config';
import type { Database } from '../database';
import type { UnitOfWork } from '../unit-of-work';

/** What the composition root makes once and every route, job and command is given. */
export interface Services {
  readonly config: Config;
  readonly database: Database;
  readonly uow: UnitOfWork;
  readonly log: Logger;
  /** Epoch milliseconds; replaced in tests and by the sample company. */
  readonly clock: () => number;
  /** Where the company is: business dates and the clock on pages. */
  readonly timeZone: string;
}
