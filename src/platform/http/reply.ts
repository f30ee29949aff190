import type { Readable } from 'node:stream';

export interface Flash {
  kind: 'ok' | 'bad';
  /** Already in the reader's language. */
  text: string;
  undo?: { href: string; label: string };
}

/** What a route answers with; only platform/http turns it into an HTTP response. */
export type Reply =
  | ({ kind: 'page'; view: string; model: unknown; title: string } & Required<PageOptions>)
  | { kind: 'redirect'; to: string; flash?: Flash }
  | { kind: 'json'; body: unknown; status: number }
  | { kind: 'file'; name: string; type: string; body: Buffer | Readable; inline: boolean };

export interface PageOptions {
  status?: number;
  layout?: 'app' | 'till' | 'plain' | 'print' | 'wizard';
  /** Further public/css/<name>.css and public/js/<name>.mjs of this page. */
  styles?: string[];
  scripts?: string[];
  /** Address of the chapter about this page behind the ? button; '' for the general one. */
  helpHref?: string;
}

/** `view` is a path below views/ without extension; `title` is in the reader's language. */
export function page(view: string, title: string, model: unknown, options: PageOptions = {}): Reply {
  const defaults: Required<PageOptions> = { status: 200, layout: 'app', styles: [], scripts: [], helpHref: '' };
  return { kind: 'page', view, model, title, ...defaults, ...options };
}

/** 303 See Other, always to a path of this server. */
export function redirect(to: string, flash?: Flash): Reply {
  if (!to.startsWith('/') || to.startsWith('//') || to.includes('\\'))
    throw new RangeError('redirect outside this server');
  return flash ? { kind: 'redirect', to, flash } : { kind: 'redirect', to };
}

export function json(body: unknown, status = 200): Reply {
  return { kind: 'json', body, status };
}

export function file(name: string, type: string, body: Buffer | Readable, { inline = false } = {}): Reply {
  return { kind: 'file', name, type, body, inline };
}
