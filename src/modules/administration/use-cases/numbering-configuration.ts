import { z } from 'zod';
import { invalid } from '../../../kernel';
import { recordSet } from '../../../platform/configuration';
import { DATE_PARTS } from '../../../platform/unit-of-work';

/**
 * How the numbers of documents are made: a rule for each type, named by its letters (XS, RK …). With the longest of every part
 * and the longest code of a store a number has 36 characters; documents keep 40.
 */
export const numberingConfiguration = recordSet({
  module: 'administration',
  id: 'numbering',
  fixed: true,
  values: z.object({
    prefix: z.string().regex(/^[A-Z][A-Z0-9]{0,5}$/),
    datePart: z.enum(DATE_PARTS),
    storePart: z.boolean(),
    digits: z.int().min(3).max(8),
  }),
  check: (rules) => {
    const other = rules.find((rule, index) => rules.findIndex(({ prefix }) => prefix === rule.prefix) !== index);
    // Numbers would still differ, but nobody could tell a sale from a receipt by its number.
    if (other)
      throw invalid('administration:error.prefixTaken', { prefix: other.prefix }, [
        { path: 'prefix', code: 'administration:error.prefixTaken', details: { prefix: other.prefix } },
      ]);
  },
});
