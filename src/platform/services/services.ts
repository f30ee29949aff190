import type { Logger } from 'pino';
import type { Config } from '../config';
import type { KeyRing } from '../crypto';
import type { Database } from '../database';
import type { UnitOfWork } from '../unit-of-work';

/** What the composition root makes once and every route, job and command is given. */
export interface Services {
  readonly config: Config;
  readonly database: Database;
  readonly uow: UnitOfWork;
  readonly log: Logger;
  /** Encryption of personal data and secrets, keyed hashes: `openKeyRing(config.security.keyFile)`. */
  readonly keys: KeyRing;
  /** Epoch milliseconds; replaced in tests and by the sample company. */
  readonly clock: () => number;
  /** Where the company is: business dates and the clock on pages. */
  readonly timeZone: string;
  /** A rehearsal on a copy: nothing may leave this process (mail, webhooks, connectors). */
  readonly neutralised?: boolean;
}
