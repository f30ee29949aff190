import { type FieldProblem, invalid, normaliseName, normalisePhone } from '../../../kernel';
import type { KeyRing } from '../../../platform/crypto';
import { type Actor, can } from '../../../platform/permissions';
import type { Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { type CustomerCard, ensureCustomer, findCustomerByPhone, searchCustomers } from '../../crm';

const MOST_NAMED = 8;

/**
 * The customer who is the partner: by the whole phone number, or by name or customer number for who may see customers. An unknown
 * number with a name becomes a customer. The answer is a problem of the field `partner` where it is not one customer.
 */
export async function findPartner(
  unit: Unit,
  keys: KeyRing,
  { partner, partnerName, storeId }: { partner: string; partnerName: string; storeId: number },
): Promise<CustomerCard | FieldProblem> {
  const text = normaliseName(partner);
  const problem = (code: string, details: Record<string, unknown> = {}): FieldProblem => ({
    path: 'partner',
    code,
    details: { text, ...details },
  });
  if (text === '') return problem('errors:field.required');
  if (normalisePhone(text)) {
    const known = await findCustomerByPhone(unit, keys, text);
    const name = normaliseName(partnerName);
    if (known) return known;
    return name === ''
      ? problem('sales:error.partner_new')
      : ensureCustomer(unit, keys, { phone: text, name, storeId });
  }
  if (!can(unit.actor, 'crm.customer.view')) return problem('sales:error.partner_phone');
  const found = await searchCustomers(unit, keys, text, MOST_NAMED);
  const exact = found.filter(({ name, code }) => name === text || code === text.toUpperCase());
  const [one] = exact.length === 1 ? exact : found;
  if (!one) return problem('sales:error.partner_unknown');
  if (exact.length !== 1 && found.length > 1) {
    const list = found.map(({ code, name, phoneMasked }) => [code, name, phoneMasked].filter(Boolean).join(' '));
    return problem('sales:error.partner_several', { list: list.join('、') });
  }
  return one;
}

/** The customer who pays, found in the same way; never made. Throws 422 at `partner`. */
export async function findPayer(
  { uow, keys }: { uow: UnitOfWork; keys: KeyRing },
  actor: Actor,
  partner: string,
): Promise<number> {
  const found = await uow.run(actor, (unit) => findPartner(unit, keys, { partner, partnerName: '', storeId: 0 }));
  if ('path' in found) throw invalid('errors:form', {}, [found]);
  return found.id;
}
