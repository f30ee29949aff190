import path from 'node:path';
import { expect } from 'chai';
import { helpChapters, helpHref } from '../../src/app/help-chapters';
import { chapterOf, readManual, searchManual } from '../../src/app/system/manual';

const folder = path.resolve(import.meta.dirname, '../../docs/manual');
const [chinese, english] = ['zh-CN', 'en'].map((locale) => readManual(path.join(folder, locale)));

describe('manual', () => {
  it('has the same chapters and sections in both languages', () => {
    const shape = (chapters: typeof chinese) => chapters?.map(({ slug, sections }) => `${slug} ${sections.length}`);
    expect(shape(english)).to.eql(shape(chinese));
    expect(chinese).to.have.length.greaterThan(9);
  });

  for (const [language, chapters] of Object.entries({ chinese, english }))
    it(`is complete in ${language}: titles, summaries, links that lead somewhere`, () => {
      for (const { slug, title, summary, sections, html } of chapters ?? []) {
        expect(title, slug).to.not.equal(slug);
        expect(summary, slug).to.not.equal('');
        expect(sections.length, slug).to.be.greaterThan(1);
        for (const [, href = ''] of html.matchAll(/href="([^"]*)"/g)) {
          const [, target, anchor] = /^\/help\/([a-z-]+)(?:#(s\d+))?$/.exec(href) ?? [];
          const chapter = chapters?.find((one) => one.slug === target);
          expect(chapter, `${slug}: ${href}`).to.not.equal(undefined);
          if (anchor) expect(chapter?.sections.some((section) => section.anchor === anchor)).to.equal(true);
        }
      }
    });

  it('every ? button opens a chapter that is there', () => {
    const slugs = (chinese ?? []).map(({ slug }) => slug);
    expect(helpChapters().filter((chapter) => !slugs.includes(chapter))).to.eql([]);
    expect(helpHref('/sales/till')).to.equal('/help/till');
    expect(helpHref('/sales/sales/17/return')).to.equal('/help/returns');
    expect(helpHref('/salesman')).to.equal('/help');
    expect(helpHref('/')).to.equal('/help');
  });

  it('finds sections by words, titles first', () => {
    expect(searchManual(english ?? [], 'close shift')[0]).to.include({
      chapter: 'Till and shifts',
      title: 'Close a shift',
    });
    expect(searchManual(chinese ?? [], '8.6E+14')).to.have.length.greaterThan(1);
    expect(searchManual(english ?? [], 'zebra')).to.eql([]);
    expect(searchManual(english ?? [], '  ')).to.eql([]);
  });

  it('shows markup of its files as text and keeps addresses in order', () => {
    const { html, sections } = chapterOf(
      'x',
      '# T\n\nS\n\n## A <b>\n\n<script>1</script>\n\n[l](05-till.md#s2) `a<b`\n\n## A <b>\n',
    );
    expect(html).to.not.include('<script>').and.not.include('<b>');
    expect(html).to.include('href="/help/till#s2"').and.include('a&lt;b');
    expect(html).to.include('id="s1"').and.include('id="s2"');
    expect(sections.map(({ anchor }) => anchor)).to.eql(['s1', 's2']);
  });
});
