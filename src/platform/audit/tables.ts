import { col, defineTable } from '../database';

/**
 * The hash chain over audit_log, in an order of its own: rows are sealed as they are found, so one that was committed
 * late with a lower id does not break the chain. Append-only.
 */
export const auditSeal = defineTable(
  'audit_seal',
  {
    /** 1, 2, 3 … without gaps. */
    seq: col.id().primary(),
    auditId: col.id(),
    previousHash: col.code(64),
    hash: col.code(64),
    sealedAt: col.instant(),
  },
  { indexes: [{ name: 'ux_audit_seal_audit', columns: ['auditId'], unique: true }] },
);
