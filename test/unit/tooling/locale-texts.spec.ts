import { expect } from 'chai';
import { compareTexts, hasKey, repeatedKeys, usedBeginnings, usedKeys } from '../../../scripts/check/locale-texts';

const texts = (entries: Record<string, string>) => new Map(Object.entries(entries));
const compare = (one: Record<string, string>, other: Record<string, string>) =>
  compareTexts(texts(one), texts(other), ['zh', 'en']);

describe('locale check', () => {
  it('is content with equal keys and placeholders, in any order', () => {
    expect(compare({ 'a:x': '{{n}} 台，{{ store }}' }, { 'a:x': '{{store}}: {{n, number}} pieces' })).to.deep.equal([]);
  });

  it('takes the number forms of a language for one key', () => {
    expect(
      compare({ 'a:n_other': '{{count}} 台' }, { 'a:n_one': 'one piece', 'a:n_other': '{{count}} pieces' }),
    ).to.deep.equal([]);
  });

  it('finds a missing key, a different placeholder and an empty text', () => {
    expect(compare({ 'a:x': '甲', 'a:y': '{{n}}', 'a:z': '' }, { 'a:y': '{{m}}', 'a:z': 'z' })).to.deep.equal([
      'a:x is missing in en',
      'a:y has the placeholders n in zh, m in en',
      'a:z is empty in zh',
    ]);
  });

  it('finds a key that stands twice', () => {
    expect(repeatedKeys('a.json', '{\n  "x": { "y": "1" },\n  "z": "2",\n  "x": { "w": "3" }\n}')).to.deep.equal([
      'a.json:4: the key stands twice',
    ]);
    expect(repeatedKeys('a.json', '{ "x": { "y": "1" }, "y": "\\u4e2d: # \\"" }')).to.deep.equal([]);
  });

  it('finds keys wherever they are written', () => {
    const source = `t('sales:till.title');\nnew DomainError("sales:sold", {});\nconst row = { code: \`crm:phone\` };\nimport 'node:fs';`;
    expect(usedKeys('a.ts', source).map(({ key, line }) => `${line} ${key}`)).to.include.members([
      '1 sales:till.title',
      '2 sales:sold',
      '3 crm:phone',
    ]);
    expect(usedBeginnings('t(`sales:state.${state}`) + "crm:level."')).to.deep.equal(['sales:state.', 'crm:level.']);
  });

  it('accepts a key that has number forms or stands for a group', () => {
    const known = texts({ 'a:n_one': '', 'a:n_other': '', 'a:group.x': '' });
    expect([hasKey(known, 'a:n'), hasKey(known, 'a:group'), hasKey(known, 'a:g')]).to.deep.equal([true, true, false]);
  });
});
