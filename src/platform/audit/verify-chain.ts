import { decodeRow, type Reader, sql } from '../database';
import type { KeyRing } from '../crypto';
import { auditLog } from '../unit-of-work';
import { CHAIN_START, lastSeal, sealOf } from './seal-audit';

export interface ChainFinding {
  /** changed: the row is not what was sealed; missing: the row is gone; broken: seals are gone or do not follow; cut: the end is gone. */
  kind: 'changed' | 'missing' | 'broken' | 'cut';
  seq: number;
  auditId: number | null;
}

export interface ChainReport {
  ok: boolean;
  sealed: number;
  /** Rows written since the last sealing. */
  unsealed: number;
  head: { seq: number; hash: string };
  /** Findings in all; `findings` holds the first hundred. */
  count: number;
  findings: ChainFinding[];
}

const BATCH = 1000;
const MOST_FINDINGS = 100;

interface SealRow extends Record<string, unknown> {
  sealSeq: number;
  sealAuditId: number;
  sealPrevious: string;
  sealHash: string;
  id: number | null;
}

export interface VerifyOptions {
  /** A head noted earlier (from the server's log): it must still be there. */
  expected?: { seq: number; hash: string } | undefined;
  onProgress?: (done: number, total: number) => Promise<void>;
}

/** Reads the whole chain, flat in memory. */
export async function verifyAuditChain(
  read: Reader,
  keys: KeyRing,
  { expected, onProgress }: VerifyOptions = {},
): Promise<ChainReport> {
  const total = (await lastSeal(read)).seq;
  const findings: ChainFinding[] = [];
  let count = 0;
  const find = (kind: ChainFinding['kind'], seq: number, auditId: number | null): void => {
    count += 1;
    if (findings.length < MOST_FINDINGS) findings.push({ kind, seq, auditId });
  };
  let seq = 0;
  let hash = CHAIN_START;
  let sealed = 0;
  let expectedFound = expected === undefined;
  for (;;) {
    const rows = await sealsAfter(read, seq);
    for (const row of rows) {
      const auditId = Number(row.sealAuditId);
      if (Number(row.sealSeq) !== seq + 1 || row.sealPrevious !== hash) find('broken', Number(row.sealSeq), null);
      if (row.id === null) find('missing', Number(row.sealSeq), auditId);
      else if (sealOf(keys, row.sealPrevious, decodeRow(auditLog, row)) !== row.sealHash)
        find('changed', Number(row.sealSeq), auditId);
      seq = Number(row.sealSeq);
      hash = row.sealHash;
      sealed += 1;
      if (expected?.seq === seq && expected.hash === hash) expectedFound = true;
    }
    await onProgress?.(sealed, Math.max(total, sealed));
    if (rows.length < BATCH) break;
  }
  if (!expectedFound && expected) find('cut', expected.seq, null);
  return { ok: count === 0, sealed, unsealed: await countUnsealed(read), head: await lastSeal(read), count, findings };
}

function sealsAfter(read: Reader, seq: number): Promise<SealRow[]> {
  return read.all<SealRow>(
    sql`SELECT s.seq AS seal_seq, s.audit_id AS seal_audit_id, s.previous_hash AS seal_previous, s.hash AS seal_hash, a.*
        FROM audit_seal s LEFT JOIN audit_log a ON a.id = s.audit_id
        WHERE s.seq > ${seq} ORDER BY s.seq ${sql.limit(BATCH)}`,
  );
}

async function countUnsealed(read: Reader): Promise<number> {
  const row = await read.one<{ unsealed: number }>(
    sql`SELECT COUNT(*) AS unsealed FROM audit_log a LEFT JOIN audit_seal s ON s.audit_id = a.id WHERE s.audit_id IS NULL`,
  );
  return Number(row?.unsealed ?? 0);
}
