export type { AuthServices } from './auth-services';
export {
  endGrants,
  grantsOf,
  isInForce,
  lastingScope,
  periodIsPossible,
  permissionsOfRole,
  requireAdministrator,
  type RoleGrant,
  toGrant,
} from './grants';
export { createIdentity, roleName } from './identity';
export { loadActor } from './load-actor';
export { linkPath, type OpenLink, openLink } from './one-time-link';
export { checkPassword } from './password';
export { ensureReadyRoles } from './ready-roles';
export { rolesGiving, rolesWith } from './roles-giving';
export { changeRole, createRole, deleteRole, setRoleSecondFactor, updateRole } from './roles';
export {
  totpSecret,
  beginEnrolment,
  confirmEnrolment,
  disableTotp,
  type Enrolment,
  ENROLMENT_PATH,
  needsSecondFactor,
  ownAccount,
  recoveryCodesLeft,
  resumeEnrolment,
} from './second-factor';
export { DatabaseSessionStore } from './session-store';
export { listSessions, revokeOwnSession, type SessionView } from './sessions';
export { changePassword, setPasswordByLink } from './set-password';
export { loginSubject, signIn, type SignInOutcome, signInWithCode } from './sign-in';
export {
  RULES_MANAGE,
  saveSignInRules,
  type SignInRules,
  signInRules,
  signInRulesSchema,
  storedRules,
} from './sign-in-rules';
export { role, session, userAccount } from './tables';
export {
  addUser,
  changeGrants,
  createUser,
  eraseUser,
  findUserByLogin,
  issueLink,
  setUserActive,
  updateUser,
  type UserCommand,
} from './users';
