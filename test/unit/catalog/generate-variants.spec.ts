import { expect } from 'chai';
import fc from 'fast-check';
import { generateVariants, MAX_VARIANTS } from '../../../src/modules/catalog/domain/generate-variants';
import { skuName, variantKey } from '../../../src/modules/catalog/domain/variant';
import { refusal } from '../../support/refusal';

const none = { memories: '', colours: '', networks: '', codePrefix: '' };

describe('generateVariants', () => {
  it('pairs every memory with every colour and network, each once', () => {
    const made = generateVariants({
      ...none,
      memories: '12+256G，12+512G、 12 + 256g',
      colours: '雪山粉;\n曜石黑',
      codePrefix: 'mi17',
    });
    expect(made.map((one) => [one.code, skuName('小米 17', one)])).to.deep.equal([
      ['MI17-01', '小米 17 12 + 256g 雪山粉'],
      ['MI17-02', '小米 17 12 + 256g 曜石黑'],
      ['MI17-03', '小米 17 12+512G 雪山粉'],
      ['MI17-04', '小米 17 12+512G 曜石黑'],
    ]);
  });

  it('makes one without attributes when nothing is given', () => {
    expect(generateVariants(none)).to.deep.equal([{ memory: null, colour: null, network: null }]);
  });

  it('skips what exists and codes that are taken', () => {
    const existing = [{ variantKey: variantKey({ memory: '8+128G', colour: '黑' }), code: 'A-01' }];
    const made = generateVariants({ ...none, memories: '8+128G', colours: '黑,白', codePrefix: 'A' }, existing);
    expect(made).to.deep.equal([{ memory: '8+128G', colour: '白', network: null, code: 'A-02' }]);
  });

  it('refuses too many, too long words and a prefix that no label takes', async () => {
    const many = Array.from({ length: 15 }, (_, index) => `c${index}`).join(',');
    const problem = async (lists: Partial<typeof none>) =>
      (await refusal(() => generateVariants({ ...none, ...lists }))).fields[0]?.path;
    expect(await problem({ memories: many, colours: many })).to.equal('colours');
    expect(await problem({ networks: 'x'.repeat(31) })).to.equal('networks');
    expect(await problem({ codePrefix: '小米' })).to.equal('codePrefix');
  });

  it('never makes two alike, whatever was typed', () => {
    const words = fc
      .array(fc.constantFrom('12+256G', '12 + 256g', '１２+256G', '黑', '白', 'X', 'x'), { maxLength: 6 })
      .map((list) => list.join('，'));
    fc.assert(
      fc.property(words, words, words, (memories, colours, networks) => {
        const made = generateVariants({ memories, colours, networks, codePrefix: 'P' });
        expect(made.length).to.be.within(1, MAX_VARIANTS);
        expect(new Set(made.map(variantKey)).size).to.equal(made.length);
        expect(new Set(made.map((one) => one.code)).size).to.equal(made.length);
      }),
    );
  });
});
