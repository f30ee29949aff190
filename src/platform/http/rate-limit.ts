import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { HttpFault } from './faults';

const WINDOW_MS = 5 * 60_000;

/**
 * Failed posts to pages that need no session (sign-in, one-time links) from one address. Successful ones do not count, so a
 * whole shop behind one address can sign in at nine; the lock on the account itself is the sign-in's part.
 */
export function signInLimit(failuresPerWindow: number): RequestHandler {
  return rateLimit({
    windowMs: WINDOW_MS,
    limit: failuresPerWindow,
    skipSuccessfulRequests: true,
    standardHeaders: false,
    legacyHeaders: false,
    // Whether X-Forwarded-For is believed is the administrator's setting, documented in the configuration.
    validate: { xForwardedForHeader: false, trustProxy: false },
    handler: () => {
      throw new HttpFault(429, 'too-many', { seconds: WINDOW_MS / 1000 });
    },
  });
}
