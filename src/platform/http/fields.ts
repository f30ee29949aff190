import { z } from 'zod';
import { invalid, isDomainError, type Money, parseId, parseMoney, parseQuantity } from '../../kernel';

// Form fields arrive as text and may be missing: an unticked box, a field that the page does not show.

const text = z.preprocess((value) => (typeof value === 'string' ? value : ''), z.string());

function notEmpty(typed: string): string {
  if (typed.trim() === '') throw invalid('errors:field.required');
  return typed;
}

/** Runs a kernel parser; its DomainError becomes the message beside the field. */
function parsed<T>(parse: (typed: string) => T) {
  return text.transform((typed, context): T => {
    try {
      return parse(typed);
    } catch (error) {
      if (!isDomainError(error)) throw error;
      context.addIssue({ code: 'custom', message: error.code, params: error.details });
      return z.NEVER;
    }
  });
}

const required = text.refine((typed) => typed.trim() !== '', { message: 'errors:field.required' });

/** The schemas of form fields; what each gives is in its type. */
export const fields = {
  /** As typed; '' when missing. */
  text,
  required,
  /** A chosen record; empty is refused. */
  id: required.transform((typed, context): number => {
    const id = parseId(typed.trim());
    if (id !== null) return id;
    context.addIssue({ code: 'custom', message: 'errors:field.invalid' });
    return z.NEVER;
  }),
  /** A chosen record or none. */
  optionalId: text.transform((typed, context): number | null => {
    const id = parseId(typed.trim());
    if (id !== null || typed.trim() === '') return id;
    context.addIssue({ code: 'custom', message: 'errors:field.invalid' });
    return z.NEVER;
  }),
  checkbox: text.transform((typed) => typed !== ''),
  /** The version of the record as it was when the page was shown. */
  version: text.transform((typed) => (/^\d{1,9}$/.test(typed) ? Number(typed) : -1)),
  operationKey: text.transform((typed) => typed || undefined),
  /** Yuan as typed; empty is refused. */
  money: parsed((typed) => parseMoney(notEmpty(typed))),
  optionalMoney: parsed((typed): Money | null => (typed.trim() === '' ? null : parseMoney(typed))),
  wholeNumber: parsed((typed) => parseQuantity(notEmpty(typed))),
  /** "13", "13%", "0.5" → basis points, at most two decimals. */
  percent: text.transform((typed, context): number => {
    const match = /^(\d{1,3})(?:\.(\d{1,2}))?\s*[%％]?$/.exec(typed.normalize('NFKC').trim());
    if (match) return Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
    context.addIssue({ code: 'custom', message: 'errors:field.percent' });
    return z.NEVER;
  }),
};

/** 1300 → "13", 50 → "0.5": a rate as a form field shows it. */
export function percentText(rateBp: number): string {
  return String(rateBp / 100);
}
