import { expect } from 'chai';
import { z } from 'zod';
import { valueProblem } from '../../../src/app/configuration/value-problem';
import { terminalTexts } from '../../../src/commands/words';

describe('what is wrong with a value of a configuration', () => {
  const schema = z.strictObject({
    on: z.boolean().default(true),
    days: z.int().min(1).max(365).default(1),
    name: z.string().min(2).max(4).default('ab'),
    basis: z.enum(['cost', 'price']).default('cost'),
    list: z.array(z.string()).default([]),
    day: z.iso.date().default('2026-01-01'),
  });
  const said = (values: object): string[] => {
    const t = terminalTexts({ ERP_LOCALE: 'zh-CN' });
    return (schema.safeParse(values).error?.issues ?? []).map((issue) => {
      const { code, details } = valueProblem(issue);
      return t(code, details);
    });
  };

  it('is said in the reader’s language, with the limit', () => {
    expect(said({ on: 'maybe', days: 'many', name: 7, list: 'x' })).to.eql([
      '应为 true（是）或 false（否）。',
      '应为整数。',
      '应为文字。',
      '应为列表。',
    ]);
    expect(said({ days: 0 })).to.eql(['不能小于 1。']);
    expect(said({ days: 366, name: 'abcde' })).to.eql(['不能大于 365。', '太长，最多 4。']);
    expect(said({ days: 1.5 })).to.eql(['应为整数。']);
    expect(said({ name: 'a', basis: 'wish' })).to.eql(['太短，至少 2。', '应为其中之一：cost, price。']);
    expect(said({ other: 1, day: 'x' })).to.have.members(['不认识的项目名。', '值不符合要求。']);
  });
});
