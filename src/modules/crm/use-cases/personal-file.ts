import { sql } from '../../../platform/database';
import type { PersonalFile } from '../../../platform/modules';
import { writeTokens } from '../../../platform/sealing';
import { nameTokens } from '../store/customer-name';
import { openPhone } from '../store/customer-phone';
import { openDetails } from '../store/customer-secrets';
import { customer } from '../store/customer.table';

const word = (label: string): { label: string; type: 'text' } => ({ label: `crm:customer.${label}`, type: 'text' });

/** The customer's card. What is left of it after erasing is its number. */
export const customerFile: PersonalFile = {
  collect: async (read, customerId, keys) => {
    const stored = await read.get(customer, customerId);
    if (!stored) return [];
    const row = openDetails(keys, stored);
    return [
      {
        title: 'crm:customer.facts',
        columns: [
          word('code'),
          word('name'),
          word('phone'),
          word('gender'),
          { label: 'crm:customer.birthOn', type: 'date' },
          word('note'),
          { label: 'crm:customer.consentShort', type: 'instant' },
          { label: 'crm:customer.since', type: 'instant' },
          { label: 'crm:customer.updated', type: 'instant' },
        ],
        rows: [
          [
            row.code,
            row.name,
            openPhone(keys, row.phoneCipher),
            row.gender,
            row.birthOn,
            row.note,
            row.consentAt,
            row.createdAt,
            row.updatedAt,
          ],
        ],
      },
    ];
  },
  openWith: () => Promise.resolve([]),
  forget: async (unit, customerId) => {
    await unit.execute(
      sql`UPDATE customer SET name = NULL, name_cipher = NULL, name_index = NULL, phone_cipher = NULL, phone_hash = NULL, phone_hash_alt = NULL, phone_masked = NULL, gender = NULL,
            birth_on = NULL, birth_cipher = NULL, note = NULL, note_cipher = NULL, consent_at = NULL, search_key = NULL,
            active = ${false}, erased_at = ${unit.now}, updated_at = ${unit.now}, version = version + 1
          WHERE id = ${customerId} AND erased_at IS NULL`,
    );
    await writeTokens(unit, nameTokens, [], [customerId]);
  },
};
