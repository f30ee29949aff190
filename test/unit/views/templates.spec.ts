import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import ejs from 'ejs';
import { ICON_NAMES } from '../../../src/platform/views/icon-names';
import { templateOptions } from '../../../src/platform/views/render';
import { viewsFolder } from '../../support/style-guide-page';

const templates = globSync('views/**/*.ejs').map((file) => ({ file, source: readFileSync(file, 'utf8') }));
/** The template without what EJS prints and does. */
const markupOf = (source: string): string => source.replace(/<%[\s\S]*?%>/g, '');
/** The markup with printed values as a plain word, so that attributes stay whole. */
const outlineOf = (source: string): string =>
  source.replace(/<%[-=][\s\S]*?%>/g, 'x').replace(/<%[\s\S]*?%>/g, '');

describe('templates', () => {
  it('exist', () => expect(templates.length).to.be.greaterThan(40));

  for (const { file, source } of templates) {
    it(`${file} compiles in strict mode`, () => {
      const filename = path.resolve(file);
      expect(ejs.compile(source, templateOptions(viewsFolder, filename, false))).to.be.a('function');
    });
  }

  it('include only templates that exist', () => {
    const missing = templates.flatMap(({ file, source }) =>
      [...source.matchAll(/include\('(\/?[\w./-]+)'/g)]
        .map(([, name = '']) => (name.startsWith('/') ? `views${name}.ejs` : path.join(path.dirname(file), `${name}.ejs`)))
        .filter((wanted) => !templates.some((template) => template.file === wanted))
        .map((wanted) => `${file} → ${wanted}`),
    );
    expect(missing).to.deep.equal([]);
  });

  it('name only icons that are in the sprite', () => {
    const known = new Set<string>(ICON_NAMES);
    const unknown = templates.flatMap(({ file, source }) =>
      [...source.matchAll(/icon\('([\w-]+)'|icon: '([\w-]+)'/g)]
        .map((match) => match[1] ?? match[2] ?? '')
        .filter((name) => !known.has(name))
        .map((name) => `${file}: ${name}`),
    );
    expect(unknown).to.deep.equal([]);
  });

  it('hold no inline script, style or event handler, and no outside address', () => {
    const inline = templates.filter(({ source }) =>
      /<style|\sstyle=|\son\w+=["']|<script(?![^>]*\ssrc=)|(?:src|href)="(?:https?:)?\/\//.test(outlineOf(source)),
    );
    expect(inline.map(({ file }) => file)).to.deep.equal([]);
  });

  it('hold no words of their own: texts come from locales/', () => {
    // A language's own name is the same for every reader.
    const wordy = templates.filter(({ source }) => /\p{Script=Han}/u.test(markupOf(source).replaceAll('中文', '')));
    expect(wordy.map(({ file }) => file)).to.deep.equal([]);
  });

  it('print values unescaped only where the value is markup', () => {
    const allowed = /^(?:include\(|page\.icon\(|page\.body$|copyIcon$)/;
    const raw = templates.flatMap(({ file, source }) =>
      [...source.matchAll(/<%-([\s\S]*?)-?%>/g)]
        .map((match) => (match[1] ?? '').trim())
        .filter((expression) => !allowed.test(expression))
        .map((expression) => `${file}: ${expression}`),
    );
    // A chapter of the manual, release notes: made from our own files, with HTML in them shown as text (manual.spec.ts).
    expect(raw).to.have.members(['views/system/help-chapter.ejs: model.html', 'views/upgrade/about.ejs: model.html']);
  });
});
