import { appendOnly, col, createTable, migration } from '../src/platform/database/portable';

export default migration('0001-platform', [
  ...createTable('counter', { name: col.code(60).primary(), nextValue: col.id() }),
  ...createTable(
    'operation',
    {
      operationKey: col.code(100).primary(),
      actorId: col.id().nullable(),
      result: col.json().nullable(),
      createdAt: col.instant(),
    },
    { indexes: [{ name: 'ix_operation_created', columns: ['createdAt'] }] },
  ),
  ...createTable(
    'audit_log',
    {
      id: col.id().primary(),
      at: col.instant(),
      actorId: col.id().nullable(),
      actorName: col.text(80),
      address: col.code(64).nullable(),
      requestId: col.code(40).nullable(),
      action: col.code(60),
      subjectType: col.code(40).nullable(),
      subjectId: col.id().nullable(),
      storeId: col.id().nullable(),
      detail: col.json().nullable(),
    },
    {
      indexes: [
        { name: 'ix_audit_subject', columns: ['subjectType', 'subjectId'] },
        { name: 'ix_audit_at', columns: ['at'] },
        { name: 'ix_audit_actor', columns: ['actorId', 'at'] },
      ],
    },
  ),
  ...appendOnly('audit_log'),
  ...createTable(
    'outbox_event',
    {
      id: col.id().primary(),
      name: col.code(80),
      payload: col.json(),
      createdAt: col.instant(),
      dueAt: col.instant(),
      deliveredAt: col.instant().nullable(),
      attempts: col.int(),
      lastError: col.text(400).nullable(),
    },
    { indexes: [{ name: 'ix_outbox_due', columns: ['deliveredAt', 'dueAt'] }] },
  ),
]);
