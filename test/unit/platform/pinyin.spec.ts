import { expect } from 'chai';
import fc from 'fast-check';
import { SEARCH_KEY_LENGTH, searchKey, searchTerms } from '../../../src/platform/text-search';

const finds = (query: string, name: string, kind?: 'person'): boolean =>
  searchTerms(query).every((term) => searchKey(name, kind).includes(term));

describe('search by pinyin', () => {
  const found: [string, string][] = [
    ['华为', '华为 Mate 70 Pro'],
    ['HUAWEI', '华为 Mate 70 Pro'],
    ['hw', '华为 Mate 70 Pro'],
    ['hwm70p', '华为 Mate 70 Pro'],
    ['hwmate70', '华为 Mate 70 Pro'],
    ['hw mate', '华为 Mate 70 Pro'],
    ['mate70', '华为 Mate 70 Pro'],
    ['mate 70', '华为Mate70Pro'],
    ['huaweim', '华为 Mate 70 Pro'],
    ['ＭＡＴＥ', '华为 Mate 70 Pro'],
    ['cq', '重庆门店'],
    ['chongqing', '重庆门店'],
    ['rysjk', '荣耀手机壳'],
    ['lvse', '绿色手机壳'],
    ['12+512', '一加 12 (12+512)'],
    ['yj12', '一加 12 (12+512)'],
    ['findx8', 'OPPO Find X8'],
    ['ofx8', 'OPPO Find X8'],
  ];
  for (const [query, name] of found) it(`${query} finds ${name}`, () => expect(finds(query, name)).to.equal(true));

  it('does not find what is not there', () => {
    expect(finds('xm', '华为 Mate 70 Pro')).to.equal(false);
    expect(finds('hw x200', '华为 Mate 70 Pro')).to.equal(false);
  });

  it('reads a surname as a surname', () => {
    expect(finds('zengwei', '曾伟', 'person')).to.equal(true);
    expect(finds('shan', '单雄信', 'person')).to.equal(true);
    expect(finds('dan', '单反相机')).to.equal(true);
  });

  it('is empty for nothing, and takes at most eight words of a query', () => {
    expect(searchKey('')).to.equal('');
    expect(searchTerms('  ')).to.deep.equal([]);
    expect(searchTerms('a b c d e f g h i j')).to.have.length(8);
  });

  it('fits its column, is well-formed and finds the name itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 500 }), (text) => {
        const key = searchKey(text);
        expect(key.length).to.be.at.most(SEARCH_KEY_LENGTH);
        expect(key).not.to.match(/\p{Surrogate}/u);
        expect(key).to.equal(key.toLowerCase());
      }),
    );
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'华为小米荣耀手机壳 Mate70Pro+'), minLength: 1, maxLength: 60 }),
        (name) => {
          expect(finds(name, name)).to.equal(true);
        },
      ),
    );
  });
});
