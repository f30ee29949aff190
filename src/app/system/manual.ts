import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Marked, type Tokens } from 'marked';
import type { Locale } from '../../platform/i18n';
import { resourcePath } from '../../platform/resources';

/** One file of docs/manual/<language>: `03-catalog.md` is the chapter `catalog`, in the order of the numbers. */
export interface Chapter {
  slug: string;
  title: string;
  /** Plain text of the first paragraph. */
  summary: string;
  sections: Section[];
  /** Markup made from our own file; HTML in it is shown as text. */
  html: string;
}

export interface Section {
  /** Address within the chapter, the same in both languages: `s1`, `s2` … */
  anchor: string;
  title: string;
  text: string;
}

const FILE_NAME = /^\d\d-([a-z-]+)\.md$/;
const LINK = /^(\d\d-)?([a-z-]+)\.md(#s\d+)?$/;

const read = new Map<Locale, Chapter[]>();

/** All chapters of a language; read and rendered once. */
export function manual(locale: Locale): Chapter[] {
  const known = read.get(locale) ?? readManual(resourcePath('docs', 'manual', locale));
  read.set(locale, known);
  return known;
}

export function readManual(folder: string): Chapter[] {
  return readdirSync(folder)
    .filter((name) => FILE_NAME.test(name))
    .sort()
    .map((name) => chapterOf(FILE_NAME.exec(name)?.[1] ?? name, readFileSync(path.join(folder, name), 'utf8')));
}

const escape = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

export function chapterOf(slug: string, markdown: string): Chapter {
  const sections: Section[] = [];
  const chapter: Chapter = { slug, title: slug, summary: '', sections, html: '' };
  let printed = 0;
  const marked = new Marked({
    renderer: {
      heading(token: Tokens.Heading) {
        const inner = this.parser.parseInline(token.tokens);
        if (token.depth === 1) return '';
        if (token.depth > 2) return `<h3>${inner}</h3>\n`;
        printed += 1;
        return `<h2 id="s${printed}">${inner}</h2>\n`;
      },
      link(token: Tokens.Link) {
        const inside = LINK.exec(token.href);
        const href = inside ? `/help/${inside[2]}${inside[3] ?? ''}` : token.href;
        return `<a href="${escape(href)}">${this.parser.parseInline(token.tokens)}</a>`;
      },
      html: (token) => escape(token.text),
      table(token: Tokens.Table) {
        const line = (row: Tokens.TableCell[], open: string, close: string): string =>
          `<tr>${row.map((cell) => `${open}${this.parser.parseInline(cell.tokens)}${close}`).join('')}</tr>`;
        const head = line(token.header, '<th scope="col">', '</th>');
        const rows = token.rows.map((row) => line(row, '<td>', '</td>'));
        return `<table class="table"><thead>${head}</thead>\n<tbody>${rows.join('\n')}</tbody></table>\n`;
      },
    },
  });
  const tokens = marked.lexer(markdown);
  for (const token of tokens) {
    if (token.type === 'heading' && token['depth'] === 1) chapter.title = String(token['text']);
    else if (token.type === 'heading' && token['depth'] === 2)
      sections.push({ anchor: `s${sections.length + 1}`, title: String(token['text']), text: '' });
    else if (sections.length > 0) (sections.at(-1) as Section).text += ` ${plain(token.raw)}`;
    else if (token.type === 'paragraph' && chapter.summary === '') chapter.summary = plain(token.raw);
  }
  chapter.html = marked.parser(tokens);
  return chapter;
}

/** Words without marks, for the search and the table of contents. */
const plain = (markdown: string): string =>
  markdown
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*`|#>]|^\s*-+\s/gm, ' ')
    .replace(/-{3,}/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

export interface Found {
  href: string;
  chapter: string;
  title: string;
  /** Some words round the first hit. */
  excerpt: string;
}

const AROUND = 40;

/** Sections that hold every word of the question, those with it in the title first. */
export function searchManual(chapters: readonly Chapter[], question: string): Found[] {
  const words = question.toLowerCase().split(/\s+/).filter(Boolean).slice(0, 8);
  if (words.length === 0) return [];
  const found: (Found & { inTitle: boolean })[] = [];
  for (const { slug, title, summary, sections } of chapters)
    for (const section of [{ anchor: '', title, text: summary }, ...sections]) {
      const all = `${section.title} ${section.text}`.toLowerCase();
      if (!words.every((word) => all.includes(word))) continue;
      const at = Math.max(0, section.text.toLowerCase().indexOf(words[0] ?? '') - AROUND);
      found.push({
        href: `/help/${slug}${section.anchor ? `#${section.anchor}` : ''}`,
        chapter: title,
        title: section.title,
        excerpt: `${at > 0 ? '…' : ''}${section.text.slice(at, at + 4 * AROUND).trim()}${section.text.length > at + 4 * AROUND ? '…' : ''}`,
        inTitle: words.every((word) => section.title.toLowerCase().includes(word)),
      });
    }
  return found
    .sort((a, b) => Number(b.inTitle) - Number(a.inTitle))
    .slice(0, 20)
    .map(({ inTitle: _, ...rest }) => rest);
}
