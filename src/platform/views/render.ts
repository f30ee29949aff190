/**
 * Renders views/<name>.ejs. Templates run in strict mode and see one local, `page`; a component included with its own
 * `model` sees the rest of the page unchanged. Compiled templates are kept unless `watch` is set.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ejs from 'ejs';
import type { LayoutPage, Page } from './page';

export type LayoutName = 'app' | 'till' | 'plain' | 'print' | 'wizard';
export type ViewRenderer = (view: string, page: Page, layout?: LayoutName) => string;

export interface RendererOptions {
  viewsFolder: string;
  /** Read templates again on each request; for development. */
  watch?: boolean;
}

type Template = (page: object) => string;

/** EJS options shared by the server and the tests that compile every view. */
export function templateOptions(viewsFolder: string, filename: string, watch: boolean): ejs.Options & { async: false } {
  return {
    filename,
    root: viewsFolder,
    strict: true,
    localsName: 'page',
    cache: !watch,
    compileDebug: watch,
    async: false,
    client: false,
    escape: escapeText,
  };
}

const UNSAFE = /[&<>"']/;
const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' };

/** What `<%=` does, as EJS's own does it; most texts need nothing, and a page has a thousand. */
export function escapeText(value?: unknown): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'string' ? value : String(value);
  return UNSAFE.test(text) ? text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character) : text;
}

export function createRenderer({ viewsFolder, watch = false }: RendererOptions): ViewRenderer {
  const compiled = new Map<string, Template>();
  const templateOf = (filename: string): Template => {
    const known = compiled.get(filename);
    if (known) return known;
    const template = compile(filename);
    if (!watch) compiled.set(filename, template);
    return template;
  };
  const compile = (filename: string): Template => {
    const made = new ejs.Template(readFileSync(filename, 'utf8'), templateOptions(viewsFolder, filename, watch));
    made.compile();
    // EJS's own function copies all of `page` into an object without prototype for each include, which makes every later
    // look at it slow: a quarter of the time of a page. The same source with an include of our own does not.
    // oxlint-disable-next-line no-new-func, typescript/no-implied-eval -- the source comes from our own template
    const print = new Function('page', 'escapeFn', 'include', 'rethrow', made.source) as CompiledSource;
    const folder = path.dirname(filename);
    const files = new Map<string, string>();
    const fileOf = (name: string): string => {
      const known = files.get(name);
      if (known !== undefined) return known;
      const file = `${name.startsWith('/') ? path.join(viewsFolder, name) : path.join(folder, name)}.ejs`;
      files.set(name, file);
      return file;
    };
    const include = (page: object) => (name: string, more?: object) =>
      templateOf(fileOf(name))(more ? { ...page, ...more } : page);
    return (page) => print(page, escapeText, include(page), rethrow);
  };
  return (view, page, layout) => {
    const body = templateOf(path.join(viewsFolder, `${view}.ejs`))(page);
    if (!layout) return body;
    const inLayout: LayoutPage = { ...page, body };
    return templateOf(path.join(viewsFolder, 'layouts', `${layout}.ejs`))(inLayout);
  };
}

type CompiledSource = (
  page: object,
  escape: typeof escapeText,
  include: (name: string, more?: object) => string,
  fail: typeof rethrow,
) => string;

/** Called by templates compiled for development: says where in the template it happened. */
function rethrow(error: Error, _lines: string, filename: string, line: number): never {
  error.message = `${filename}:${line} ${error.message}`;
  throw error;
}
