import { col, defineTable } from '../database';

/** Next values of ids and document numbers; one row per table or number series. */
export const counter = defineTable('counter', { name: col.code(60).primary(), nextValue: col.id() });

/** Finished operations by the key the caller gave, so that a repeated request gets the first one's result. */
export const operation = defineTable(
  'operation',
  {
    operationKey: col.code(100).primary(),
    actorId: col.id().nullable(),
    result: col.json<unknown>().nullable(),
    createdAt: col.instant(),
  },
  { indexes: [{ name: 'ix_operation_created', columns: ['createdAt'] }] },
);

/** Who did what, when, from where. Append-only; the hash chain over it is in audit_seal. */
export const auditLog = defineTable(
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
    detail: col.json<Record<string, unknown>>().nullable(),
  },
  {
    indexes: [
      { name: 'ix_audit_subject', columns: ['subjectType', 'subjectId'] },
      { name: 'ix_audit_at', columns: ['at'] },
      { name: 'ix_audit_actor', columns: ['actorId', 'at'] },
    ],
  },
);

/** News for other modules, written with the change itself and delivered afterwards, at least once. */
export const outboxEvent = defineTable(
  'outbox_event',
  {
    id: col.id().primary(),
    name: col.code(80),
    payload: col.json<Record<string, unknown>>(),
    createdAt: col.instant(),
    dueAt: col.instant(),
    deliveredAt: col.instant().nullable(),
    attempts: col.int(),
    lastError: col.text(400).nullable(),
  },
  { indexes: [{ name: 'ix_outbox_due', columns: ['deliveredAt', 'dueAt'] }] },
);
