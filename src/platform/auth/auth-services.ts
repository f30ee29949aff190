import type { RequestOrigin } from '../http';
import { type Actor, systemActor } from '../permissions';
import type { Services } from '../services';
import type { LockoutRule } from './lockout';
import { signInRules } from './sign-in-rules';

/** What sign-in and accounts work with. */
export type AuthServices = Pick<Services, 'uow' | 'database' | 'keys' | 'config' | 'clock'>;

export async function lockoutRule(services: Pick<Services, 'database' | 'config' | 'clock'>): Promise<LockoutRule> {
  const { lockoutAttempts, lockoutMinutes } = await signInRules(services);
  return { attempts: lockoutAttempts, lockMs: lockoutMinutes * 60_000 };
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
