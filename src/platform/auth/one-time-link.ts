import { createHash, randomBytes } from 'node:crypto';
import { DomainError } from '../../kernel';
import { type Reader, sql } from '../database';
import type { Unit } from '../unit-of-work';
import { oneTimeLink, userAccount } from './tables';

/** How long a link to a first or new password lasts. */
export const LINK_LASTS_MS = 3 * 24 * 3_600_000;

export const newToken = (): string => randomBytes(32).toString('base64url');
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex');
export const linkPath = (token: string): string => `/set-password/${token}`;

/** Older links of the user end. The token is made by the caller, so that it is in no stored result. */
export async function writeLink(unit: Unit, userId: number, token: string, lastsMs = LINK_LASTS_MS): Promise<void> {
  await unit.execute(sql`UPDATE one_time_link SET used_at = ${unit.now} WHERE user_id = ${userId} AND used_at IS NULL`);
  await unit.insert(oneTimeLink, [
    {
      tokenHash: tokenHash(token),
      purpose: 'set_password',
      userId,
      createdAt: unit.now,
      expiresAt: unit.now + lastsMs,
    },
  ]);
}

export interface OpenLink {
  userId: number;
  login: string;
  name: string;
}

/** Whose link this is; throws 404 auth:link.not_valid when it is unknown, used, too old, or its user was deactivated. */
export async function openLink(read: Reader, token: string, now: number): Promise<OpenLink> {
  const [link] = await read.find(oneTimeLink, { tokenHash: tokenHash(token) });
  const user =
    link && link.usedAt === null && link.expiresAt > now ? await read.get(userAccount, link.userId) : undefined;
  if (!user?.active) throw new DomainError('auth:link.not_valid', { status: 422 });
  return { userId: user.id, login: user.login, name: user.name };
}
