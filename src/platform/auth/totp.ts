import { randomInt } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';

const PERIOD_S = 30;
/** A telephone's clock may be half a minute off. */
const WINDOW = 1;

const totp = (secret: string, login = '') =>
  new TOTP({
    issuer: 'Phone ERP',
    label: login,
    algorithm: 'SHA1',
    digits: 6,
    period: PERIOD_S,
    secret: Secret.fromBase32(secret),
  });

/** 160 random bits in base32 (RFC 4226 section 4). */
export const newTotpSecret = (): string => new Secret({ size: 20 }).base32;

/** The otpauth:// address that authenticator apps scan. */
export const totpAddress = (secret: string, login: string): string => totp(secret, login).toString();

/** What an app shows at this moment; for tests and the acceptance test. */
export const totpCode = (secret: string, now: number): string => totp(secret).generate({ timestamp: now });

/** The 30-second step whose code this is, later than `lastStep`; null when the code is wrong or was used before. */
export function totpStep(secret: string, typed: string, now: number, lastStep: number | null): number | null {
  const token = typed.replace(/\s/g, '');
  if (!/^\d{6}$/.test(token)) return null;
  const delta = totp(secret).validate({ token, timestamp: now, window: WINDOW });
  if (delta === null) return null;
  const step = Math.floor(now / 1000 / PERIOD_S) + delta;
  return lastStep !== null && step <= lastStep ? null : step;
}

/** Without letters and digits that look alike. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';

/** Ten codes such as `K7QMD-XW3PB`, about 49 bits each. */
export function newRecoveryCodes(): string[] {
  const letters = (): string => Array.from({ length: 5 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return Array.from({ length: 10 }, () => `${letters()}-${letters()}`);
}

/** The form in which a typed recovery code is compared; null when it cannot be one. */
export function normaliseRecoveryCode(typed: string): string | null {
  const plain = typed.normalize('NFKC').toUpperCase().replace(/[\s-]/g, '');
  return /^[A-Z0-9]{10}$/.test(plain) ? `${plain.slice(0, 5)}-${plain.slice(5)}` : null;
}
