import { notFound } from '../../../kernel';
import type { KeyRing } from '../../../platform/crypto';
import { type Actor, authorise } from '../../../platform/permissions';
import type { UnitOfWork } from '../../../platform/unit-of-work';
import { openPhone } from '../store/customer-phone';
import { customer } from '../store/customer.table';

/** The whole phone number of a customer, or null when there is none. That it was looked at is kept in the audit log. */
export async function revealPhone(uow: UnitOfWork, actor: Actor, keys: KeyRing, id: number): Promise<string | null> {
  authorise(actor, 'crm.phone.view');
  const sealed = await uow.run(actor, async (unit) => {
    const row = await unit.get(customer, id);
    if (!row) throw notFound('crm.customer', id);
    if (row.phoneCipher !== null)
      await unit.audit({ action: 'crm.customer.reveal', subjectType: 'crm.customer', subjectId: id });
    return row.phoneCipher;
  });
  return openPhone(keys, sealed);
}
