import { invalid, normalisePhone } from '../../../kernel';
import type { Actor } from '../../../platform/permissions';
import { authorise } from '../../../platform/permissions';
import type { Services } from '../../../platform/services';
import { type CustomerCard, ensureCustomer, findCustomerByPhone, searchCustomers } from '../../crm';

const MOST_MATCHES = 8;

/** Customers by a part of the name, its pinyin or their number, the newest first; for who may see customers. */
export async function findTillCustomers(
  { database, keys }: Pick<Services, 'database' | 'keys'>,
  actor: Actor,
  text: string,
): Promise<CustomerCard[]> {
  authorise(actor, 'crm.customer.view');
  return searchCustomers(database.read, keys, text, MOST_MATCHES);
}

/**
 * The customer with this phone number; with `create` an unknown one is made, otherwise the answer is null. Selling is right
 * enough. 422 sales:error.phone.
 */
export async function findTillCustomer(
  { database, uow, keys }: Pick<Services, 'database' | 'uow' | 'keys'>,
  actor: Actor,
  { phone, name, create, storeId }: { phone: string; name: string; create: boolean; storeId: number },
): Promise<CustomerCard | null> {
  authorise(actor, 'sales.sale.create', storeId);
  if (normalisePhone(phone) === null)
    throw invalid('sales:error.phone', {}, [{ path: 'phone', code: 'sales:error.phone' }]);
  const known = await findCustomerByPhone(database.read, keys, phone);
  if (known || !create) return known ?? null;
  return uow.run(actor, (unit) => ensureCustomer(unit, keys, { phone, name: name.trim(), storeId }));
}
