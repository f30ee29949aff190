import { decodeRow, type Reader, type Row, sql } from '../database';
import type { KeyRing } from '../crypto';
import { systemActor } from '../permissions';
import type { Services } from '../services';
import { auditLog } from '../unit-of-work';
import { auditSeal } from './tables';

/** The hash before the first one. */
export const CHAIN_START = '0';

const BATCH = 500;
/** Ids are handed out in blocks per process: a row may come with an id this much lower than the highest sealed one. */
const ID_WINDOW = 300_000;

/** The seal of one row: HMAC-SHA256 over the hash before it and every column, with the key of the key file. */
export function sealOf(keys: KeyRing, previousHash: string, row: Row<typeof auditLog>): string {
  const content = auditLog.specs.map(({ property }) => row[property as keyof typeof row] ?? null);
  return keys.hash(`${previousHash}\n${JSON.stringify(content)}`, 'audit.seal');
}

/**
 * Appends the audit rows without a seal to the chain and returns how many. `full` looks at the whole log instead of the ids
 * near the last sealed one; run it nightly.
 */
export async function sealAudit(
  services: Pick<Services, 'uow' | 'keys' | 'log'>,
  { full = false } = {},
): Promise<number> {
  const { uow, keys, log } = services;
  for (let sealed = 0; ;) {
    const batch = await uow.run(systemActor('audit-seal'), async (unit) => {
      const last = await lastSeal(unit);
      const rows = await unsealed(unit, full ? 0 : (await highestSealed(unit)) - ID_WINDOW);
      let { seq, hash } = last;
      const seals = rows.map((row) => {
        const previousHash = hash;
        hash = sealOf(keys, previousHash, row);
        seq += 1;
        return { seq, auditId: row.id, previousHash, hash, sealedAt: unit.now };
      });
      await unit.insert(auditSeal, seals);
      return { count: seals.length, seq, hash };
    });
    sealed += batch.count;
    // The log is kept elsewhere than the database: with this line a chain that was cut off at its end is noticed.
    if (batch.count < BATCH) {
      if (sealed > 0) log.info({ seq: batch.seq, hash: batch.hash }, 'audit log sealed');
      return sealed;
    }
  }
}

export async function lastSeal(read: Reader): Promise<{ seq: number; hash: string }> {
  const row = await read.one<{ seq: number; hash: string }>(
    sql`SELECT seq, hash FROM audit_seal ORDER BY seq DESC ${sql.limit(1)}`,
  );
  return row ? { seq: Number(row.seq), hash: row.hash } : { seq: 0, hash: CHAIN_START };
}

async function highestSealed(read: Reader): Promise<number> {
  const row = await read.one<{ highest: number | null }>(sql`SELECT MAX(audit_id) AS highest FROM audit_seal`);
  return Number(row?.highest ?? 0);
}

async function unsealed(read: Reader, above: number): Promise<Row<typeof auditLog>[]> {
  const rows = await read.all<Record<string, unknown>>(
    sql`SELECT a.* FROM audit_log a LEFT JOIN audit_seal s ON s.audit_id = a.id
        WHERE s.audit_id IS NULL AND a.id > ${above} ORDER BY a.id ${sql.limit(BATCH)}`,
  );
  return rows.map((row) => decodeRow(auditLog, row));
}
