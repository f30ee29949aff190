import { notFound } from '../../kernel';
import { sql } from '../database';
import type { Actor } from '../permissions';
import type { UnitOfWork } from '../unit-of-work';
import { GIVE_UP_AFTER } from './drain-outbox';

/** Lets an event that was given up be delivered again, after its cause was removed. The caller checks the permission. */
export async function retryEvent(uow: UnitOfWork, actor: Actor, eventId: number): Promise<void> {
  await uow.run(actor, async (unit) => {
    const changed = await unit.execute(
      sql`UPDATE outbox_event SET attempts = 0, due_at = ${unit.now}
          WHERE id = ${eventId} AND delivered_at IS NULL AND attempts >= ${GIVE_UP_AFTER}`,
    );
    if (changed === 0) throw notFound('outbox.event', eventId);
    await unit.audit({ action: 'administration.event.retry', subjectType: 'outbox.event', subjectId: eventId });
  });
}
