import { authorise, type Actor } from '../../../platform/permissions';
import type { UnitOfWork } from '../../../platform/unit-of-work';
import { CONNECTION_PERMISSION, type ConnectionFigures, NOTED } from '../queries/connections';

/** Keeps what a browser measured where the doctor and the page find it: in the audit log, with who and from which address. */
export async function noteConnection(uow: UnitOfWork, actor: Actor, figures: ConnectionFigures): Promise<void> {
  authorise(actor, CONNECTION_PERMISSION);
  await uow.run(actor, (unit) => unit.audit({ action: NOTED, detail: { ...figures } }));
}
