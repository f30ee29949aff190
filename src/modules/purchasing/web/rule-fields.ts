import { z } from 'zod';
import { fields } from '../../../platform/http';

/** Whole numbers; nothing typed: the wider rule holds. */
const wholeNumber = fields.text.transform((typed, context): number | null => {
  const plain = typed.normalize('NFKC').replace(/[\s,]/g, '');
  if (plain === '') return null;
  if (/^\d{1,6}$/.test(plain)) return Number(plain);
  context.addIssue({ code: 'custom', message: 'purchasing:error.rule_number' });
  return z.NEVER;
});

export const ruleNumbers = {
  minimum: wholeNumber,
  maximum: wholeNumber,
  coverDays: wholeNumber,
  leadDays: wholeNumber,
  packSize: wholeNumber,
};
