import type { Request, Response } from 'express';
import { clearCookie, readCookies, setCookie, signed, verified } from './cookies';
import type { Flash } from './reply';

/** A cookie and not the session, so that a redirect costs no write to the database. Signed: its words appear on the next page. */
const COOKIE = 'erp_flash';
/** Browsers drop cookies above 4 KB. */
const LONGEST_TEXT = 600;

export function putFlash(request: Request, response: Response, flash: Flash, secret: string): void {
  const kept: Flash = { ...flash, text: flash.text.slice(0, LONGEST_TEXT) };
  setCookie(
    request,
    response,
    COOKIE,
    signed(Buffer.from(JSON.stringify(kept)).toString('base64url'), 'flash', secret),
  );
}

/** The message left by the request before, once. */
export function takeFlash(request: Request, response: Response, secret: string): Flash | null {
  const value = readCookies(request).get(COOKIE);
  if (value === undefined) return null;
  clearCookie(request, response, COOKIE);
  const text = verified(value, 'flash', secret);
  return text === null ? null : (JSON.parse(Buffer.from(text, 'base64url').toString()) as Flash);
}
