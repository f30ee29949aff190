import { expect } from 'chai';
import fc from 'fast-check';
import {
  checksumOf,
  type ConfigurationDocument,
  differences,
  readFile,
  writeFile,
} from '../../../src/platform/configuration';

const header = { program: '1.2.3', revision: 7, exportedAt: '2026-11-23T04:00:00.000Z' };
const document: ConfigurationDocument = {
  modules: { sales: true, purchasing: false },
  parameters: { purchasing: { invoiceAtOnce: false, supplierCategories: ['国代', '省代'] } },
  data: {
    'catalog.categories': [
      { id: 1, name: '手机', active: true, values: { taxRateBp: 1300, tracking: 'serial', sortOrder: 10 } },
      { id: 2, name: '手机 / 智能手机', active: true, values: { taxRateBp: 1300, tracking: 'serial', sortOrder: 10 } },
    ],
  },
};

function read(text: string) {
  const result = readFile(text);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.file;
}

function problemsOf(text: string) {
  const result = readFile(text);
  return result.ok ? [] : result.problems.map(({ line, place, code }) => [line, place, code.split('.').at(-1)]);
}

describe('configuration files', () => {
  it('hold all but the ids of this database, and know when they were edited', () => {
    const text = writeFile(document, header);
    expect(text)
      .to.include('name: 手机 / 智能手机')
      .and.include('revision: 7')
      .and.not.match(/^ +id:/m);
    const file = read(text);
    expect(file.checksum).to.equal('matches');
    expect(differences(file.document, document, 'name')).to.deep.equal([]);
    expect(read(text.replace('sales: true', 'sales: false')).checksum).to.equal('changed');
    expect(read(text.replace(/^checksum: .*\n/m, '')).checksum).to.equal('none');
  });

  it('name the line of what is wrong', () => {
    const text = writeFile(document, header);
    expect(problemsOf('a: [1')[0]?.[2]).to.equal('yaml');
    expect(problemsOf('a: 1\n')).to.deep.include([1, 'a', 'unknownKey']);
    expect(problemsOf(text.replace('version: 1', 'version: 2'))).to.deep.equal([[2, 'version', 'newer']]);
    const line = text.split('\n').findIndex((one) => one.includes('sales: true')) + 1;
    expect(problemsOf(text.replace('sales: true', 'sales: maybe'))).to.deep.equal([[line, 'modules.sales', 'type']]);
    expect(problemsOf(text.replace('phone-erp configuration', 'something'))[0]?.[2]).to.equal('format');
  });

  it('do not grow without end from a few lines', () => {
    const bomb = ['a: &a [x, x, x, x]', 'b: &b [*a, *a, *a, *a]', 'c: &c [*b, *b, *b, *b]', 'd: [*c, *c, *c, *c]'].join(
      '\n',
    );
    expect(() => problemsOf(bomb)).not.to.throw();
    expect(problemsOf(bomb)).not.to.deep.equal([]);
  });

  it('come back as they were, whatever the names and values', () => {
    const word = fc
      .string({ minLength: 1, maxLength: 12 })
      .filter((text) => !['__proto__', 'name', 'active'].includes(text));
    const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
    const record = fc.record({
      name: word,
      active: fc.boolean(),
      values: fc.dictionary(word, value, { noNullPrototype: true }),
    });
    const any = fc.record({
      modules: fc.dictionary(word, fc.boolean(), { noNullPrototype: true }),
      parameters: fc.dictionary(word, fc.dictionary(word, value, { noNullPrototype: true }), { noNullPrototype: true }),
      data: fc.dictionary(word, fc.array(record, { maxLength: 4 }), { noNullPrototype: true }),
    });
    fc.assert(
      fc.property(any, (content) => {
        const file = read(writeFile(content, header));
        expect(checksumOf(file.document)).to.equal(checksumOf(content));
        expect(file.checksum).to.equal('matches');
      }),
    );
  });
});

describe('differences of configurations', () => {
  it('follow a renamed record by its id, and are none for the same', () => {
    const [first, second] = document.data['catalog.categories'] ?? [];
    const renamed = {
      ...document,
      data: { 'catalog.categories': [{ ...first, name: '手机类' }, second] },
    } as ConfigurationDocument;
    expect(differences(document, document)).to.deep.equal([]);
    expect(differences(document, renamed)).to.deep.equal([
      { kind: 'field', set: 'catalog.categories', name: '手机', field: 'name', before: '手机', after: '手机类' },
    ]);
    expect(
      differences(document, renamed, 'name').map((change) => change.kind === 'record' && change.change),
    ).to.deep.equal(['added', 'removed']);
  });

  it('say what is only on one side', () => {
    const empty = { modules: {}, parameters: {}, data: {} };
    const added = differences(empty, document);
    expect(added).to.deep.include({ kind: 'module', module: 'sales', after: true });
    expect(added).to.deep.include({ kind: 'parameter', module: 'purchasing', key: 'invoiceAtOnce', after: false });
    expect(differences(document, empty)).to.have.length(added.length);
  });
});
