import { expect } from 'chai';
import type { Cell, Field, List, Table } from '../../../src/platform/views';
import type { Page } from '../../../src/platform/views/page';
import { createRenderer } from '../../../src/platform/views/render';
import { STYLE_PAGES } from '../../../src/platform/views/style-guide-model';
import { samplePage, sampleStylePage, viewsFolder } from '../../support/style-guide-page';

const render = createRenderer({ viewsFolder });
const part = (name: string, model: object, change: Partial<Page> = {}): string =>
  render(`components/${name}`, { ...samplePage(model), ...change });
const field = (change: Partial<Field>): string => part('field', { name: 'a', label: 'A', ...change });

describe('style page', () => {
  for (const name of STYLE_PAGES) {
    for (const locale of ['zh-CN', 'en'] as const) {
      it(`renders ${name} in ${locale}`, () => {
        const { view, layout, page } = sampleStylePage(name, { locale });
        const html = render(view, page, layout);
        expect(html).to.match(/^\s*<!doctype html>/i);
        expect(html).to.include(`lang="${locale}"`);
        expect(html).not.to.match(/undefined|\[object Object\]|NaN/);
        const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]);
        expect(ids).to.deep.equal([...new Set(ids)], 'ids are unique');
      });
    }
  }
});

describe('field', () => {
  it('binds label, hint and error to the control', () => {
    const html = field({ name: 'lines[0].price', hint: 'H', error: 'E' });
    expect(html).to.include('<label for="f-lines-0-price">A</label>');
    expect(html).to.include('aria-invalid="true"');
    expect(html).to.include('aria-describedby="f-lines-0-price-hint f-lines-0-price-error"');
  });

  it('prints back what was typed, escaped, also in a text area that begins with a line break', () => {
    expect(field({ value: '"><script>' })).to.include('value="&#34;&gt;&lt;script&gt;"');
    expect(field({ type: 'textarea', value: '\n</textarea>' })).to.match(/<textarea[^>]*>\n\n&lt;\/textarea&gt;<\/textarea>/);
  });

  it('never prints a password back', () => {
    expect(field({ type: 'password', value: 'secret' })).not.to.include('secret');
  });

  it('chooses the option whose value is the same text', () => {
    const options = [
      { value: 1, label: 'one' },
      { label: 'more', options: [{ value: 12, label: 'twelve' }] },
    ];
    const html = field({ type: 'select', value: '12', options });
    expect(html.match(/selected/g)).to.have.length(1);
    expect(html).to.include('<option value="12" selected>twelve</option>');
  });

  it('gives every radio button its own label', () => {
    const options = [
      { value: 'a', label: 'one' },
      { value: 'b', label: 'two' },
    ];
    const html = field({ type: 'radio', value: 'b', options });
    expect(html).to.include('<legend>A</legend>');
    expect(html).to.match(/id="f-a-1"[^>]*value="b" checked/);
    expect(html).to.include('for="f-a-1">two');
  });
});

const table = (cells: Cell[], change: Partial<Table> = {}): string =>
  part('table', {
    id: 't',
    caption: 'C',
    columns: cells.map((_cell, index) => ({ key: `k${index}`, label: `L${index}` })),
    rows: [{ id: 7, cells }],
    ...change,
  });

describe('table', () => {
  it('escapes every kind of cell', () => {
    const evil = '<b>&"';
    const html = table([
      evil,
      { text: evil, aside: evil, sub: evil, href: `/x?${evil}`, strong: true },
      { imei: evil },
      { state: { tone: 'ok', text: evil } },
      { actions: [{ label: evil, href: `/y?${evil}` }] },
    ]);
    expect(html).not.to.include('<b>');
    expect(html.match(/&lt;b&gt;&amp;&#34;/g)?.length).to.be.greaterThan(8);
  });

  it('groups an IMEI for the eye and copies plain digits', () => {
    const html = table([{ imei: '352099001761481' }]);
    expect(html).to.include('>35 209900 176148 1</span>');
    expect(html).to.include('data-copy="352099001761481"');
  });

  it('says how it is sorted', () => {
    const columns: Table['columns'] = [{ key: 'a', label: 'A', sort: { href: '?sort=a', direction: 'descending' } }];
    expect(table(['x'], { columns })).to.match(/<th[^>]* aria-sort="descending"><a href="\?sort=a">A/);
  });

  it('leaves the same columns out of head, rows and totals', () => {
    const columns: Table['columns'] = [
      { key: 'a', label: 'A' },
      { key: 'b', label: 'B', optional: true, shown: false },
    ];
    const html = table(['x', 'y'], { columns, totals: ['t', 'u'] });
    expect(html.match(/<t[hd][^>]* hidden/g)).to.have.length(3);
  });
});

describe('list', () => {
  const list = (change: Partial<List>): string =>
    part('list', {
      table: { id: 't', caption: 'C', columns: [{ key: 'a', label: 'A' }], rows: [] },
      empty: { title: 'EMPTY', action: { label: 'START', href: '/start' } },
      pager: { nextHref: '/next' },
      ...change,
    });

  it('shows the empty state in the place of the rows', () => {
    const html = list({});
    expect(html).to.include('EMPTY').and.to.include('href="/start"');
    expect(html).not.to.include('<table');
    expect(html).not.to.include('/next');
  });

  it('offers to clear the filters when they leave nothing', () => {
    const html = list({ filtered: true, clearHref: '/all' });
    expect(html).to.include('清除条件').and.to.include('href="/all"');
    expect(html).not.to.include('EMPTY');
  });
});

describe('forms that components print', () => {
  it('carry the token of the session', () => {
    const post = part('action', { label: 'A', href: '/a', method: 'post' }, { csrfToken: 'secret-token' });
    const confirm = part('confirm', { title: 'T', effects: [], action: '/b', verb: 'V', cancelHref: '/c' }, { csrfToken: 'secret-token' });
    for (const html of [post, confirm]) expect(html).to.include('name="_csrf" value="secret-token"');
  });
});

describe('toast', () => {
  it('is for success only', () => {
    expect(part('toast', { kind: 'ok', text: 'saved' })).to.include('role="status"').and.to.include('saved');
    expect(part('toast', { kind: 'bad', text: 'broken' })).not.to.include('broken');
  });
});

describe('imei', () => {
  it('marks the wrong digit', () => {
    expect(part('imei', { imei: '867421063138410', wrongAt: 13 })).to.include('86 742106 31384<b>1</b> 0');
  });
});
