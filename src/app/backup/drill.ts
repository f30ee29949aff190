import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { verifyAuditChain } from '../../platform/audit';
import type { Opening } from '../../platform/backup';
import { openKeyRing } from '../../platform/crypto';
import { openDatabase } from '../../platform/database';
import { type RestoredBackup, restoreBackup, type RestoreProgress } from './restore-backup';
import type { FoundBackup } from './sources';

export interface DrillReport {
  ok: boolean;
  name: string;
  createdAt: string;
  rows: number;
  seconds: number;
  books: RestoredBackup['books'];
  attachments: RestoredBackup['attachments'];
  /** The seals of the audit log, checked with the key of the backup; null where the backup holds no key. */
  audit: { ok: boolean; sealed: number; count: number } | null;
}

/**
 * Restores a backup into an embedded database of its own, compares everything and throws the database away. Nothing of the
 * installation is touched. Throws what `restoreBackup` throws.
 */
export async function drill(
  backup: FoundBackup,
  opening: Opening,
  onProgress?: (progress: RestoreProgress) => void,
): Promise<DrillReport> {
  const startedAt = performance.now();
  const folder = mkdtempSync(path.join(tmpdir(), 'phone-erp-drill-'));
  // However the process ends.
  const tidy = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', tidy);
  try {
    const url = `sqlite:${path.join(folder, 'drill.sqlite')}`;
    const keyFile = path.join(folder, 'secret.key');
    const file = await backup.open();
    const restored = await restoreBackup({ file, opening, url, place: { keyFile }, onProgress });
    const audit = await checkAudit(url, keyFile);
    return {
      ok: audit?.ok ?? true,
      name: backup.name,
      createdAt: restored.head.createdAt,
      rows: restored.rows,
      seconds: Math.round((performance.now() - startedAt) / 100) / 10,
      books: restored.books,
      attachments: restored.attachments,
      audit,
    };
  } finally {
    process.off('exit', tidy);
    tidy();
  }
}

async function checkAudit(url: string, keyFile: string): Promise<DrillReport['audit']> {
  if (!existsSync(keyFile) || readFileSync(keyFile).length === 0) return null;
  const database = await openDatabase(url, { readOnly: true });
  try {
    const { ok, sealed, count } = await verifyAuditChain(database.read, openKeyRing(keyFile));
    return { ok, sealed, count };
  } finally {
    await database.close();
  }
}
