import { appendOnly, col, createTable, migration } from '../src/platform/database/portable';

export default migration('0004-accounts', [
  ...createTable(
    'user_account',
    {
      id: col.id().primary(),
      login: col.code(40),
      name: col.text(40),
      staffId: col.id().nullable(),
      passwordHash: col.code(200).nullable(),
      passwordSetAt: col.instant().nullable(),
      mustSetPassword: col.bool(),
      locale: col.code(10),
      active: col.bool(),
      totpSecret: col.code(200).nullable(),
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
  ),
  ...createTable(
    'role',
    {
      id: col.id().primary(),
      code: col.code(40),
      name: col.text(40).nullable(),
      readyMade: col.bool(),
      version: col.int(),
    },
    { indexes: [{ name: 'ux_role_code', columns: ['code'], unique: true }] },
  ),
  ...createTable(
    'role_permission',
    { id: col.id().primary(), roleId: col.id().references('role'), permission: col.code(80) },
    { indexes: [{ name: 'ux_role_permission', columns: ['roleId', 'permission'], unique: true }] },
  ),
  ...createTable(
    'user_role',
    {
      id: col.id().primary(),
      userId: col.id().references('user_account'),
      roleId: col.id().references('role'),
      storeId: col.id().nullable(),
    },
    {
      indexes: [
        { name: 'ix_user_role_user', columns: ['userId'] },
        { name: 'ix_user_role_role', columns: ['roleId'] },
      ],
    },
  ),
  ...createTable(
    'session',
    {
      sidHash: col.code(64).primary(),
      userId: col.id().references('user_account').nullable(),
      createdAt: col.instant(),
      seenAt: col.instant(),
      expiresAt: col.instant(),
      address: col.code(64).nullable(),
      userAgent: col.text(200).nullable(),
      data: col.json(),
    },
    {
      indexes: [
        { name: 'ix_session_user', columns: ['userId'] },
        { name: 'ix_session_expires', columns: ['expiresAt'] },
      ],
    },
  ),
  ...createTable(
    'sign_in_attempt',
    {
      subject: col.code(100).primary(),
      failures: col.int(),
      lastFailedAt: col.instant(),
      lockedUntil: col.instant().nullable(),
    },
    { indexes: [{ name: 'ix_sign_in_failed', columns: ['lastFailedAt'] }] },
  ),
  ...createTable(
    'one_time_link',
    {
      tokenHash: col.code(64).primary(),
      purpose: col.code(20),
      userId: col.id().references('user_account'),
      createdAt: col.instant(),
      expiresAt: col.instant(),
      usedAt: col.instant().nullable(),
    },
    { indexes: [{ name: 'ix_one_time_user', columns: ['userId'] }] },
  ),
  ...createTable(
    'recovery_code',
    {
      id: col.id().primary(),
      userId: col.id().references('user_account'),
      codeHash: col.code(64),
      usedAt: col.instant().nullable(),
    },
    { indexes: [{ name: 'ix_recovery_user', columns: ['userId'] }] },
  ),
  ...createTable(
    'audit_seal',
    {
      seq: col.id().primary(),
      auditId: col.id(),
      previousHash: col.code(64),
      hash: col.code(64),
      sealedAt: col.instant(),
    },
    { indexes: [{ name: 'ux_audit_seal_audit', columns: ['auditId'], unique: true }] },
  ),
  ...appendOnly('audit_seal'),
  ...createTable('job_lease', {
    jobId: col.code(80).primary(),
    owner: col.code(80).nullable(),
    leasedUntil: col.instant(),
    lastDueAt: col.instant(),
  }),
  ...createTable(
    'job_run',
    {
      id: col.id().primary(),
      jobId: col.code(80),
      node: col.code(80),
      dueAt: col.instant(),
      startedAt: col.instant(),
      finishedAt: col.instant().nullable(),
      outcome: col.code(10),
      error: col.text(400).nullable(),
    },
    {
      indexes: [
        { name: 'ix_job_run_job', columns: ['jobId', 'startedAt'] },
        { name: 'ix_job_run_started', columns: ['startedAt'] },
      ],
    },
  ),
  ...createTable(
    'attachment',
    {
      id: col.id().primary(),
      sha256: col.code(64),
      name: col.text(120),
      contentType: col.code(80),
      sizeBytes: col.quantity(),
      subjectType: col.code(40),
      subjectId: col.id(),
      createdBy: col.id().nullable(),
      createdAt: col.instant(),
      removedAt: col.instant().nullable(),
    },
    {
      indexes: [
        { name: 'ix_attachment_subject', columns: ['subjectType', 'subjectId'] },
        { name: 'ix_attachment_sha256', columns: ['sha256'] },
      ],
    },
  ),
  ...createTable('parameter', {
    name: col.code(80).primary(),
    value: col.json().nullable(),
    changedAt: col.instant(),
    changedBy: col.id().nullable(),
    version: col.int(),
  }),
]);
