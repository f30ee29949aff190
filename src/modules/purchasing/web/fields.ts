import { randomUUID } from 'node:crypto';
import { isDomainError, parseBusinessDate, parseMoney, parseQuantity } from '../../../kernel';
import { z } from 'zod';

/** What makes a repeated submit of this form do its work once. */
export const newOperationKey = (): string => randomUUID();

export const text = (max: number) =>
  z
    .string()
    .max(max * 4, 'errors:field.invalid')
    .optional()
    .default('');
export const id = z
  .string()
  .regex(/^[1-9]\d{0,15}$/, 'errors:field.required')
  .transform(Number);
export const version = z
  .string()
  .regex(/^\d{1,9}$/, 'errors:field.invalid')
  .transform(Number);
export const operationKey = z
  .string()
  .regex(/^[\w.:-]{8,100}$/, 'errors:operation_key')
  .optional();
export const checkbox = z
  .string()
  .optional()
  .transform((value) => value === '1' || value === 'on');

/** A typed value read by one of the kernel's functions, its refusal as a message beside the field. */
function typed<T>(read: (text: string) => T, empty: T | undefined) {
  return z
    .string()
    .max(100, 'errors:field.invalid')
    .optional()
    .default('')
    .transform((value, context): T => {
      if (value.trim() === '' && empty !== undefined) return empty;
      if (value.trim() === '') {
        context.addIssue({ code: 'custom', message: 'errors:field.required' });
        return z.NEVER;
      }
      try {
        return read(value);
      } catch (error) {
        if (!isDomainError(error)) throw error;
        // zod carries a message only; the words with the typed text in them are those of the use case.
        context.addIssue({ code: 'custom', message: MESSAGES[error.code] ?? 'errors:field.invalid' });
        return z.NEVER;
      }
    });
}

const MESSAGES: Readonly<Record<string, string>> = {
  'errors:money.format': 'purchasing:error.money_format',
  'errors:money.too_many_decimals': 'purchasing:error.money_decimals',
  'errors:quantity.format': 'purchasing:error.quantity',
  'errors:quantity.not_whole': 'purchasing:error.quantity',
  'errors:date.format': 'purchasing:error.date',
};

/** Fen; null when nothing was typed. */
export const optionalMoney = typed<number | null>(parseMoney, null);
/** Whole pieces; null when nothing was typed. */
export const optionalQuantity = typed<number | null>(parseQuantity, null);
export const date = typed<string>(parseBusinessDate, undefined);
/** YYYY-MM-DD; null when nothing was typed. */
export const optionalDate = typed<string | null>(parseBusinessDate, null);
