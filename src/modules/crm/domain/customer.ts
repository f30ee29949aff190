import { emptyToNull, invalidField, isBusinessDate, normaliseName, normalisePhone } from '../../../kernel';

export const GENDERS = ['female', 'male'] as const;
export type Gender = (typeof GENDERS)[number];

export interface CustomerWords {
  name?: string | null | undefined;
  phone?: string | null | undefined;
  gender?: Gender | null | undefined;
  /** YYYY-MM-DD */
  birthOn?: string | null | undefined;
  note?: string | null | undefined;
}

export interface CheckedCustomer {
  name: string | null;
  phone: string | null;
  gender: Gender | null;
  birthOn: string | null;
  note: string | null;
}

/** Cleans what was typed; a customer has a name, a phone number (`keepsPhone`: had one) or both. Throws 422 at the field. */
export function checkCustomer(words: CustomerWords, today: string, keepsPhone = false): CheckedCustomer {
  const name = limited(words.name, 'name', 60);
  const phone = checkPhone(words.phone);
  if (!name && !phone && !keepsPhone) throw invalidField('phone', 'crm:error.name_or_phone');
  const birthOn = emptyToNull(words.birthOn);
  if (birthOn && (!isBusinessDate(birthOn) || birthOn > today)) throw invalidField('birthOn', 'crm:error.birth_date');
  return { name, phone, gender: words.gender ?? null, birthOn, note: limited(words.note, 'note', 400) };
}

/** One spelling per number; null when empty. */
export function checkPhone(text: string | null | undefined): string | null {
  if (!emptyToNull(text)) return null;
  const phone = normalisePhone(text ?? '');
  if (!phone) throw invalidField('phone', 'crm:error.phone');
  return phone;
}

function limited(text: string | null | undefined, field: string, max: number): string | null {
  const words = emptyToNull(normaliseName(text ?? ''));
  if (words && words.length > max) throw invalidField(field, 'errors:field.too_long', { max });
  return words;
}
