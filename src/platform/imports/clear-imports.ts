import { sql } from '../database';
import type { Actor } from '../permissions';
import type { Services } from '../services';
import { removeFilesBefore } from './import-files';
import { isWorking } from './running';

/**
 * Removes the uploaded files of imports that began before an instant, with the lists of their problems. What was imported
 * stays, and so does the entry of the import; one that never came to its end is cancelled.
 */
export async function clearImports(services: Services, actor: Actor, before: number): Promise<number> {
  const open = await services.database.read.all<{ id: number }>(
    sql`SELECT id FROM import_run WHERE created_at < ${before} AND state NOT IN ('done', 'failed', 'cancelled') ORDER BY id`,
  );
  const ids = open.map(({ id }) => Number(id));
  if (ids.some((id) => isWorking({ id }))) return 0;
  await services.uow.run(actor, async (unit) => {
    for (const id of ids) await unit.execute(sql`UPDATE import_run SET state = 'cancelled' WHERE id = ${id}`);
  });
  return removeFilesBefore(services, before);
}
