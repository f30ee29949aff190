import { randomBytes } from 'node:crypto';
import { csrfSync } from 'csrf-sync';
import type { Request, Response } from 'express';
import { readCookies, setCookie, signature } from './cookies';
import { HttpFault } from './faults';

/** A visitor without a session gets the random half of the token as a cookie, so that looking at a form writes nothing. */
const VISITOR_COOKIE = 'erp_visitor';
const MOST_REMEMBERED = 5000;

export interface CsrfGuard {
  /** The token for this request's page. */
  token: (request: Request, response: Response) => string;
  /** Throws 403 'expired' unless the field _csrf or the header x-csrf-token carries the token. The body must be parsed. */
  check: (request: Request, response: Response) => void;
}

/** Tokens follow from the session (or the visitor's cookie) and the server's secret: nothing is stored, and they end with the session. */
export function createCsrfGuard(secret: string): CsrfGuard {
  // A till sends its token with every scan: worked out once for each session.
  const tokens = new Map<string, string>();
  const ofSession = (sid: string): string => {
    let token = tokens.get(sid);
    if (token === undefined) {
      if (tokens.size >= MOST_REMEMBERED) tokens.clear();
      tokens.set(sid, (token = signature(sid, 'csrf', secret)));
    }
    return token;
  };
  const stateOf = (request: Request): string | undefined => {
    if (request.session?.userId !== undefined) return ofSession(request.sessionID);
    const visitor = readCookies(request).get(VISITOR_COOKIE) ?? fresh.get(request);
    return visitor === undefined ? undefined : signature(visitor, 'csrf visitor', secret);
  };
  const fresh = new WeakMap<Request, string>();
  const { csrfSynchronisedProtection } = csrfSync({
    getTokenFromState: stateOf,
    storeTokenInState: () => undefined,
    getTokenFromRequest: (request) => {
      const field: unknown = (request.body as Record<string, unknown> | undefined)?.['_csrf'];
      return typeof field === 'string' ? field : request.get('x-csrf-token');
    },
  });
  return {
    token: (request, response) => {
      const known = stateOf(request);
      if (known !== undefined) return known;
      const visitor = randomBytes(18).toString('base64url');
      fresh.set(request, visitor);
      setCookie(request, response, VISITOR_COOKIE, visitor);
      return signature(visitor, 'csrf visitor', secret);
    },
    check: (request, response) => {
      csrfSynchronisedProtection(request, response, (error?: unknown) => {
        if (error) throw new HttpFault(403, 'expired');
      });
    },
  };
}

/**
 * Refuses writes that a page of another site sent. Browsers name the sender in Origin (all of them with a POST from another
 * site) and newer ones in Sec-Fetch-Site; clients that are no browsers send neither.
 */
export function refuseForeignOrigin(request: Request, publicUrl: string | undefined): void {
  const origin = request.get('origin');
  if (request.get('sec-fetch-site') === 'cross-site') throw new HttpFault(403, 'foreign');
  if (origin === undefined) return;
  const own = [request.host, publicUrl === undefined ? undefined : new URL(publicUrl).host];
  const sender = URL.canParse(origin) ? new URL(origin).host : '';
  if (sender === '' || !own.includes(sender)) throw new HttpFault(403, 'foreign');
}
