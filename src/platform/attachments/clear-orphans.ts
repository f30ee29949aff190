import { sql } from '../database';
import type { Services } from '../services';
import { openFileStore } from './file-store';

/**
 * Removes contents that belong to no record: the upload was cut off before its row was written, or the file was taken off its
 * record, before an instant (epoch milliseconds). Until then they stay for the backups' sake.
 */
export async function clearOrphans(
  { database, config }: Pick<Services, 'database' | 'config'>,
  before: number,
): Promise<number> {
  const files = openFileStore(config.dataDir, undefined);
  let removed = 0;
  for await (const sha256 of files.olderThan(before)) {
    const wanted = await database.read.one<{ found: number }>(
      sql`SELECT COUNT(*) AS found FROM attachment
          WHERE sha256 = ${sha256} AND (removed_at IS NULL OR removed_at >= ${before})`,
    );
    if (Number(wanted?.found ?? 1) === 0 && (await files.remove(sha256, before))) removed += 1;
  }
  return removed;
}
