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
function escapeText(value?: unknown): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'string' ? value : String(value);
  return UNSAFE.test(text) ? text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character) : text;
}

export function createRenderer({ viewsFolder, watch = false }: RendererOptions): ViewRenderer {
  const compiled = new Map<string, Template>();
  const templateOf = (view: string): Template => {
    const known = compiled.get(view);
    if (known) return known;
    const filename = path.join(viewsFolder, `${view}.ejs`);
    const template = ejs.compile(readFileSync(filename, 'utf8'), templateOptions(viewsFolder, filename, watch)) as Template;
    if (!watch) compiled.set(view, template);
    return template;
  };
  return (view, page, layout) => {
    const body = templateOf(view)(page);
    if (!layout) return body;
    const inLayout: LayoutPage = { ...page, body };
    return templateOf(`layouts/${layout}`)(inLayout);
  };
}
