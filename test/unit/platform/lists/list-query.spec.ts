import { expect } from 'chai';
import fc from 'fast-check';
import { keyset, listHref, type ListSpec, pageOf, readListQuery, sortLink } from '../../../../src/platform/lists';
import { render } from '../../../../src/platform/database';

const spec: ListSpec = {
  path: '/inventory/devices',
  sorts: {
    age: { expression: 'd.age', type: 'number', direction: 'descending' },
    name: { expression: 's.name', type: 'text', direction: 'ascending' },
  },
  filters: ['state', 'q'],
  id: 'd.id',
  sizes: [3, 10],
};

describe('list query', () => {
  it('reads an address and writes it again without what is default', () => {
    const query = readListQuery(spec, { sort: 'name', size: '10', state: ' sold ', q: '', evil: '1' });
    expect(query).to.deep.include({ sort: 'name', direction: 'ascending', size: 10, filters: { state: 'sold' } });
    expect(listHref(query)).to.equal('/inventory/devices?state=sold&sort=name&size=10');
    expect(listHref(query, { state: null, sort: null, size: null })).to.equal('/inventory/devices');
  });

  it('takes no filter by the name of what every list reads itself: it would be lost with the next page', () => {
    const filters = ['state', 'direction'];
    expect(() => readListQuery({ ...spec, filters }, {})).to.throw('filter named direction');
  });

  it('falls back on whatever is wrong', () => {
    for (const after of ['x', 'W10', Buffer.from('["a",1]').toString('base64url'), 'é'.repeat(900)])
      expect(readListQuery(spec, { sort: 'constructor', direction: 'up', size: '-1', after })).to.deep.include({
        sort: 'age',
        direction: 'descending',
        size: 3,
        after: null,
      });
  });

  it('turns the direction on the second click', () => {
    const query = readListQuery(spec, {});
    expect(sortLink(query, 'age')).to.deep.equal({
      href: '/inventory/devices?direction=ascending',
      direction: 'descending',
    });
    expect(sortLink(query, 'name')).to.deep.equal({ href: '/inventory/devices?sort=name' });
  });

  it('binds the cursor', () => {
    const after = Buffer.from('[7,9]').toString('base64url');
    const { text, values } = render(keyset(readListQuery(spec, { after })).where, 'sqlite');
    expect(text).to.equal('(d.age < ? OR (d.age = ? AND d.id < ?))');
    expect(values).to.deep.equal([7, 7, 9]);
  });

  it('walks through any rows forth and back without losing or doubling one', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 20 }), (ages) => {
        const all = ages
          .map((sortValue, index) => ({ id: index + 1, sortValue }))
          .sort((a, b) => b.sortValue - a.sortValue || b.id - a.id);
        const fetch = (query: ReturnType<typeof readListQuery>) => {
          const cursor = query.before ?? query.after;
          const rows = query.before ? [...all].reverse() : all;
          const from = cursor ? rows.findIndex((row) => row.id === cursor.id) + 1 : 0;
          return pageOf(query, rows.slice(from, from + query.size + 1));
        };
        const follow = (href: string) =>
          fetch(readListQuery(spec, Object.fromEntries(new URL(href, 'http://x').searchParams)));
        let page = fetch(readListQuery(spec, {}));
        const seen = [...page.rows];
        while (page.nextHref) {
          page = follow(page.nextHref);
          seen.push(...page.rows);
        }
        expect(seen).to.deep.equal(all);
        let back = page;
        const reversed = [...page.rows].reverse();
        while (back.previousHref) {
          back = follow(back.previousHref);
          reversed.push(...[...back.rows].reverse());
        }
        expect(reversed.reverse()).to.deep.equal(all);
      }),
    );
  });
});
