import { retryEvent as retry } from '../../../platform/outbox';
import { type Actor, authoriseEverywhere } from '../../../platform/permissions';
import type { UnitOfWork } from '../../../platform/unit-of-work';

/** Delivers a given-up event again. */
export async function retryEvent(uow: UnitOfWork, actor: Actor, eventId: number): Promise<void> {
  authoriseEverywhere(actor, 'administration.job.manage');
  await retry(uow, actor, eventId);
}
