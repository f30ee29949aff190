import { z } from 'zod';
import { invalidField } from '../../../kernel';
import { saveRecord } from '../../../platform/configuration';
import type { ConfigurationSet } from '../../../platform/modules';
import {
  allSupplierCategories,
  listReceivingRules,
  RECEIVING_RULES,
  STORED_RECEIVING_RULE,
} from '../queries/receiving-rules';

const values = z.object({
  /** By its name; null: all suppliers. */
  category: z.string().min(1).max(40).nullable().default(null),
  overBp: z.int().min(0).max(10_000).default(0),
  blind: z.boolean().default(false),
});
const SET = { ...RECEIVING_RULES, values: STORED_RECEIVING_RULE };

/** How goods are received against orders: how much more than ordered, and whether the counter knows what was ordered. */
export const receivingRuleConfiguration: ConfigurationSet = {
  id: SET.id,
  changedBy: 'system.record.',
  values,
  refersTo: ['purchasing.supplierCategories'],
  choices: async (read) => ({
    category: {
      set: 'purchasing.supplierCategories',
      names: (await allSupplierCategories(read)).map(({ name }) => name),
    },
  }),
  read: async (read) => {
    const categories = await allSupplierCategories(read);
    return (await listReceivingRules(read)).map(({ id, name, active, categoryId, overBp, blind }) => ({
      id,
      name,
      active,
      values: { category: categories.find((one) => one.id === categoryId)?.name ?? null, overBp, blind },
    }));
  },
  inUse: () => Promise.resolve(new Map<number, number>()),
  save: async (unit, records, reason) => {
    const categories = await allSupplierCategories(unit);
    for (const record of records) {
      const { category, ...rest } = values.parse(record.values);
      const found = categories.find(({ name }) => name === category);
      if (category !== null && !found)
        throw invalidField('category', 'purchasing:error.receiving_category', { name: category });
      await saveRecord(unit, SET, { ...record, values: { ...rest, categoryId: found?.id ?? null } }, reason);
    }
    const active = (await listReceivingRules(unit)).filter((rule) => rule.active);
    if (new Set(active.map(({ categoryId }) => categoryId)).size < active.length)
      throw invalidField('category', 'purchasing:error.receiving_twice');
  },
};
