import { damagedPart, type Opening, readBackup } from '../../platform/backup';
import type { FoundBackup } from './sources';

export type VerifiedBackup =
  | { ok: true; name: string; bytes: number; sha256: string; rows: number; parts: number; encrypted: boolean }
  | { ok: false; name: string; part: string };

/**
 * Reads a whole backup and checks every part of it. Damage is a result that names the part; a wrong key and the like are thrown
 * as `readBackup` does.
 */
export async function verifyBackup(
  backup: FoundBackup,
  opening: Opening,
  onProgress?: (part: string, rows: number) => void,
): Promise<VerifiedBackup> {
  const { name } = backup;
  try {
    const read = await readBackup(await backup.open(), { opening }, onProgress ? { onProgress } : {});
    const { manifest, bytes, sha256, encrypted } = read;
    const rows = Object.values(manifest.tables).reduce((sum, table) => sum + table.rows, 0);
    return { ok: true, name, bytes, sha256, rows, parts: manifest.parts.length, encrypted };
  } catch (error) {
    const part = damagedPart(error);
    if (part === undefined) throw error;
    return { ok: false, name, part };
  }
}
