import type { Request, RequestHandler } from 'express';
import session, { type Store } from 'express-session';

declare module 'express-session' {
  interface SessionData {
    /** Who is signed in; absent while somebody is only on the way in. */
    userId: number;
    /** Epoch milliseconds. */
    signedInAt: number;
    /** The store chosen in the top bar; null: all; absent: not chosen yet. */
    storeId: number | null;
    /** The language chosen while signed in. */
    locale: 'zh-CN' | 'en';
    /** What the sign-in page keeps between its steps. */
    signIn: Record<string, string | number | boolean | null>;
  }
}

export interface SessionOptions {
  secret: string;
  store: Store;
  /** Whether the server itself sees that a request came by HTTPS: own certificate, or a proxy that is believed. */
  https: boolean;
}

/** A cookie that ends with the browser; the store ends the session after the idle and the absolute limit. */
export function sessionMiddleware({ secret, store, https }: SessionOptions): RequestHandler {
  return session({
    name: https ? '__Host-erp_session' : 'erp_session',
    secret,
    store,
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure: https ? true : 'auto', path: '/' },
  });
}

type SignedInData = Pick<session.SessionData, 'userId'> & Partial<session.SessionData>;

/** Signs a user in under a new session id, so that an id known from before is worth nothing. */
export async function startSession(request: Request, data: SignedInData): Promise<void> {
  await regenerate(request);
  Object.assign(request.session, { signedInAt: Date.now(), ...data });
  await new Promise<void>((resolve, reject) =>
    request.session.save((error) => (error ? reject(error as Error) : resolve())),
  );
}

export function endSession(request: Request): Promise<void> {
  return new Promise((resolve, reject) =>
    request.session.destroy((error) => (error ? reject(error as Error) : resolve())),
  );
}

function regenerate(request: Request): Promise<void> {
  return new Promise((resolve, reject) =>
    request.session.regenerate((error) => (error ? reject(error as Error) : resolve())),
  );
}
