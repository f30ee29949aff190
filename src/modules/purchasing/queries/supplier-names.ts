import { chunked, type Reader, sql } from '../../../platform/database';

/** Names by id; unknown ids are absent. */
export async function supplierNames(read: Reader, ids: readonly number[]): Promise<Map<number, string>> {
  const names = new Map<number, string>();
  for (const chunk of chunked([...new Set(ids)]))
    for (const { id, name } of await read.all<{ id: number; name: string }>(
      sql`SELECT id, name FROM supplier WHERE id IN (${sql.list(chunk)})`,
    ))
      names.set(id, name);
  return names;
}
