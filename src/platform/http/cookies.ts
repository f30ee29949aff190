import { createHmac, timingSafeEqual } from 'node:crypto';
import type { CookieOptions, Request, Response } from 'express';

const YEAR_MS = 365 * 86_400_000;

/** The cookies of a request. A name sent twice keeps its first value; a value that does not decode is left as it came. */
export function readCookies(request: Request): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at < 1) continue;
    const name = pair.slice(0, at).trim();
    if (!cookies.has(name)) cookies.set(name, decoded(pair.slice(at + 1).trim()));
  }
  return cookies;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const common = (request: Request): CookieOptions => ({
  httpOnly: true,
  sameSite: 'lax',
  secure: request.secure,
  path: '/',
});

/** Until the browser closes. */
export function setCookie(request: Request, response: Response, name: string, value: string): void {
  response.cookie(name, value, common(request));
}

export function setLastingCookie(request: Request, name: string, value: string): void {
  request.res?.cookie(name, value, { ...common(request), maxAge: YEAR_MS });
}

export function clearCookie(request: Request, response: Response, name: string): void {
  response.clearCookie(name, common(request));
}

/** `text.signature`; the purpose keeps values of different cookies apart. */
export function signed(text: string, purpose: string, secret: string): string {
  return `${text}.${signature(text, purpose, secret)}`;
}

/** The text, or null when it was not signed here for this purpose. */
export function verified(value: string | undefined, purpose: string, secret: string): string | null {
  const at = value?.lastIndexOf('.') ?? -1;
  if (value === undefined || at < 0) return null;
  const text = value.slice(0, at);
  return isSame(value.slice(at + 1), signature(text, purpose, secret)) ? text : null;
}

export function signature(text: string, purpose: string, secret: string): string {
  return createHmac('sha256', secret).update(`${purpose}\n${text}`).digest('base64url');
}

export function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
