import { invalid } from './errors';

// IMEI: 3GPP TS 23.003 §6.2 — 8 digits type allocation code, 6 digits serial number, 1 Luhn check digit (annex B).
// IMEISV: the check digit is replaced by two digits of software version. MEID: 3GPP2 S.R0048 — 14 hexadecimal digits.

/** The Luhn digit over the first 14 digits. */
export function imeiCheckDigit(body14: string): string {
  return luhn(body14, 10);
}

/** 15 digits, check digit right, not a placeholder such as fifteen zeros. */
export function isValidImei(value: string): boolean {
  return /^\d{15}$/.test(value) && !isPlaceholder(value) && imeiCheckDigit(value.slice(0, 14)) === value[14];
}

/** 14 digits become 15. Throws errors:imei.length for anything else. */
export function completeImei(body14: string): string {
  if (!/^\d{14}$/.test(body14))
    throw invalid('errors:imei.length', { text: body14.slice(0, 40), length: body14.length });
  return body14 + imeiCheckDigit(body14);
}

/** The same digit repeated: what a tool writes into a phone without a number. */
export function isPlaceholder(value: string): boolean {
  return /^(\d)\1*$/.test(value.slice(0, 14));
}

/** Type allocation code: tells the model. */
export function tacOf(imei: string): string {
  return imei.slice(0, 8);
}

/** Grouped 2-6-6-1 ("35 209900 176148 1"); other lengths come back as they are. */
export function formatImei(value: string): string {
  const match = /^(\d{2})(\d{6})(\d{6})(\d?)$/.exec(value);
  return match ? match.slice(1).filter(Boolean).join(' ') : value;
}

const MEID = /^[0-9A-F]{14}$/;

/** 14 hexadecimal digits with a letter among them, in a range given to MEIDs (A0–FF, and 99 shared with IMEIs). */
export function isMeid(value: string): boolean {
  return MEID.test(value) && /[A-F]/.test(value) && /^(?:[A-F]|99)/.test(value);
}

/** The check digit printed behind some MEIDs: Luhn over base 16; for one written in decimal digits only, base 10. */
export function meidCheckDigit(body14: string): string {
  return luhn(body14, /[A-F]/.test(body14) ? 16 : 10);
}

function luhn(body: string, base: 10 | 16): string {
  let total = 0;
  [...body].forEach((character, index) => {
    const digit = Number.parseInt(character, base);
    // From the right, every second digit beginning with the last of the body counts double, its digits summed.
    const doubled = (body.length - index) % 2 === 1;
    total += doubled ? Math.floor((digit * 2) / base) + ((digit * 2) % base) : digit;
  });
  return ((base - (total % base)) % base).toString(base).toUpperCase();
}
