import { invalid } from '../../../kernel';
import { type AuthServices, loadActor, signIn, signInWithCode } from '../../../platform/auth';
import { type Actor, authorise } from '../../../platform/permissions';

export interface ApprovalCommand {
  login: string;
  password: string;
  /** Of the authenticator app, for those who have one. */
  code?: string | undefined;
}

/**
 * Checks the sign-in of who allows a price below the floor; counted, locked out and audited like any other sign-in. No
 * session begins. 422 sales:error.approval_wrong, sales:error.approval_code, sales:error.approval_factor
 * (the role asks for a second factor and there is none); 403 without the right in this store.
 */
export async function approverOf(
  services: AuthServices,
  requester: Actor,
  { login, password, code }: ApprovalCommand,
  storeId: number,
): Promise<Actor> {
  const origin = { address: requester.address ?? 'till', requestId: requester.requestId ?? 'till' };
  let outcome = await signIn(services, origin, { login, password });
  if (outcome.kind === 'code-needed') {
    if (!code) throw refused('code', 'sales:error.approval_code');
    outcome = await signInWithCode(services, origin, { userId: outcome.userId, code });
    if (outcome.kind === 'wrong') throw refused('code', 'sales:error.approval_code');
  }
  if (outcome.kind === 'locked') throw refused('login', 'sales:error.approval_locked');
  if (outcome.kind !== 'signed-in') throw refused('password', 'sales:error.approval_wrong');
  const loaded = await loadActor(services.database.read, outcome.userId, services.clock(), origin);
  if (!loaded) throw refused('login', 'sales:error.approval_wrong');
  if (loaded.secondFactorDue) throw refused('login', 'sales:error.approval_factor');
  authorise(loaded.actor, 'sales.discount.approve', storeId);
  return loaded.actor;
}

const refused = (field: 'login' | 'password' | 'code', code: string) =>
  invalid(code, {}, [{ path: `approval.${field}`, code }]);
