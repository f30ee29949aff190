import { emptyToNull, foldDigits, invalidField, normaliseCode, normaliseName, normalisePhone } from '../../../kernel';

/** A required name of a field; throws 422 beside it. */
export function requiredName(text: string, field: string, max: number): string {
  const name = normaliseName(text);
  if (!name) throw invalidField(field, 'errors:field.required');
  if (name.length > max) throw invalidField(field, 'errors:field.too_long', { max });
  return name;
}

export function optionalText(text: string | null | undefined, field: string, max: number): string | null {
  const words = emptyToNull(normaliseName(text ?? ''));
  if (words && words.length > max) throw invalidField(field, 'errors:field.too_long', { max });
  return words;
}

/** One spelling per number; null when left empty. */
export function optionalPhone(text: string | null | undefined, field = 'phone'): string | null {
  if (!emptyToNull(text)) return null;
  const phone = normalisePhone(text ?? '');
  if (!phone) throw invalidField(field, 'organization:error.phone');
  return phone;
}

/** Codes of stores stand in document numbers; those of locations and staff follow the same rule. */
export function checkedCode(text: string, field: string, message: string, max = 12): string {
  const code = normaliseCode(text);
  if (!/^[A-Z0-9]+$/.test(code) || code.length < 2 || code.length > max) throw invalidField(field, message, { max });
  return code;
}

/** A name as it is compared. */
export const nameKey = (name: string): string => foldDigits(name).toLowerCase().replace(/\s+/g, '');
