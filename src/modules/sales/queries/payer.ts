import type { KeyRing } from '../../../platform/crypto';
import type { Reader } from '../../../platform/database';
import { customersByIds } from '../../crm';
import { partnerText } from './consignment-page';

/** Name and masked number of a customer; null: there is none with this id. */
export async function payerOf(read: Reader, keys: KeyRing, customerId: number): Promise<string | null> {
  const card = (await customersByIds(read, keys, [customerId])).get(customerId);
  return card ? partnerText(card) : null;
}
