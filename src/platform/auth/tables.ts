import { col, defineTable } from '../database';

/** Someone who may sign in. `staffId` is the employee in the organization module; no key, because that lies above. */
export const userAccount = defineTable(
  'user_account',
  {
    id: col.id().primary(),
    /** Normalised (normaliseCode): compared byte by byte. */
    login: col.code(40),
    name: col.text(40),
    staffId: col.id().nullable(),
    /** argon2id in PHC form; null until the first password is set by link. */
    passwordHash: col.code(200).nullable(),
    passwordSetAt: col.instant().nullable(),
    /** The right password only leads to choosing a new one. */
    mustSetPassword: col.bool(),
    locale: col.code<'zh-CN' | 'en'>(10),
    active: col.bool(),
    /** Encrypted base32 secret; null: no second factor. */
    totpSecret: col.code(200).nullable(),
    /** The last 30-second step that was used, so that a code works once. */
    totpLastStep: col.int().nullable(),
    lastSignInAt: col.instant().nullable(),
    createdAt: col.instant(),
    version: col.int(),
  },
  {
    indexes: [
      { name: 'ux_user_login', columns: ['login'], unique: true },
      { name: 'ix_user_staff', columns: ['staffId'] },
    ],
  },
);

/** A bundle of permissions. Ready-made ones follow the manifests and cannot be edited, only copied. */
export const role = defineTable(
  'role',
  {
    id: col.id().primary(),
    code: col.code(40),
    /** Of custom roles; ready-made ones take their words from the locale files. */
    name: col.text(40).nullable(),
    readyMade: col.bool(),
    /** Raised with every change of the permissions: processes keep them by (id, version). */
    version: col.int(),
    /** Who has the role must sign in with a second factor. */
    needsSecondFactor: col.bool().default(0),
  },
  { indexes: [{ name: 'ux_role_code', columns: ['code'], unique: true }] },
);

export const rolePermission = defineTable(
  'role_permission',
  { id: col.id().primary(), roleId: col.id().references('role'), permission: col.code(80) },
  { indexes: [{ name: 'ux_role_permission', columns: ['roleId', 'permission'], unique: true }] },
);

/**
 * A role of a user in one store, or in all (`storeId` null). One with a beginning or an end counts from the one and until the
 * other by itself, with every request and on every node; what has ended is taken away and noted by a job.
 */
export const userRole = defineTable(
  'user_role',
  {
    id: col.id().primary(),
    userId: col.id().references('user_account'),
    roleId: col.id().references('role'),
    storeId: col.id().nullable(),
    startsAt: col.instant().nullable(),
    /** Does not count any more at this moment. */
    endsAt: col.instant().nullable(),
  },
  {
    indexes: [
      { name: 'ix_user_role_user', columns: ['userId'] },
      { name: 'ix_user_role_role', columns: ['roleId'] },
    ],
  },
);

/** Kept by the SHA-256 of the session id, so that reading the table opens no session. */
export const session = defineTable(
  'session',
  {
    sidHash: col.code(64).primary(),
    userId: col.id().references('user_account').nullable(),
    createdAt: col.instant(),
    seenAt: col.instant(),
    expiresAt: col.instant(),
    address: col.code(64).nullable(),
    userAgent: col.text(200).nullable(),
    data: col.json<Record<string, unknown>>(),
  },
  {
    indexes: [
      { name: 'ix_session_user', columns: ['userId'] },
      { name: 'ix_session_expires', columns: ['expiresAt'] },
    ],
  },
);

/**
 * Failures in a row of one login or one address. Logins that do not exist are counted alike, so that a lockout tells
 * nobody which ones do; they are kept as keyed hashes, because people type passwords into the wrong field.
 */
export const signInAttempt = defineTable(
  'sign_in_attempt',
  {
    subject: col.code(100).primary(),
    failures: col.int(),
    lastFailedAt: col.instant(),
    lockedUntil: col.instant().nullable(),
  },
  { indexes: [{ name: 'ix_sign_in_failed', columns: ['lastFailedAt'] }] },
);

/** A secret address that works once; only its SHA-256 is kept. */
export const oneTimeLink = defineTable(
  'one_time_link',
  {
    tokenHash: col.code(64).primary(),
    purpose: col.code<'set_password'>(20),
    userId: col.id().references('user_account'),
    createdAt: col.instant(),
    expiresAt: col.instant(),
    usedAt: col.instant().nullable(),
  },
  { indexes: [{ name: 'ix_one_time_user', columns: ['userId'] }] },
);

/** Ways in without the telephone; each works once. */
export const recoveryCode = defineTable(
  'recovery_code',
  {
    id: col.id().primary(),
    userId: col.id().references('user_account'),
    codeHash: col.code(64),
    usedAt: col.instant().nullable(),
  },
  { indexes: [{ name: 'ix_recovery_user', columns: ['userId'] }] },
);

/** Passwords that a user had before, so that one is not chosen again; as many as the rules ask for. */
export const passwordHistory = defineTable(
  'password_history',
  {
    id: col.id().primary(),
    userId: col.id().references('user_account'),
    passwordHash: col.code(200),
    setAt: col.instant(),
  },
  { indexes: [{ name: 'ix_password_history_user', columns: ['userId'] }] },
);

export const authTables = [
  userAccount,
  passwordHistory,
  role,
  rolePermission,
  userRole,
  session,
  signInAttempt,
  oneTimeLink,
  recoveryCode,
] as const;
