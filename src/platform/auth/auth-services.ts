import type { RequestOrigin } from '../http';
import { type Actor, systemActor } from '../permissions';
import type { Services } from '../services';
import type { LockoutRule } from './lockout';

/** What sign-in and accounts work with. */
export type AuthServices = Pick<Services, 'uow' | 'database' | 'keys' | 'config' | 'clock'>;

export function lockoutRule({ config }: Pick<Services, 'config'>): LockoutRule {
  return { attempts: config.security.lockoutAttempts, lockMs: config.security.lockoutMinutes * 60_000 };
}

/** Somebody on the way in, as the audit log names them. */
export function visitor(origin: RequestOrigin, user?: { id: number; name: string }): Actor {
  return {
    ...systemActor(user?.name ?? 'sign-in'),
    kind: 'user',
    userId: user?.id ?? null,
    address: origin.address,
    requestId: origin.requestId,
    scope: () => [],
  };
}
