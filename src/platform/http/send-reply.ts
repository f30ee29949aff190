import { pipeline } from 'node:stream';
import type { Request, Response } from 'express';
import { fromInstant } from '../../kernel';
import { version } from '../version';
import { formattersFor, iconPrinter, type Page } from '../views';
import { putFlash } from './flash';
import type { Reply } from './reply';
import { type RequestState, stateOf } from './request-state';
import type { Frame } from './site';
import type { WebAppOptions } from './web-app';

type PageReply = Extract<Reply, { kind: 'page' }>;
type FileReply = Extract<Reply, { kind: 'file' }>;

/** What a visitor who is not signed in sees round the page. */
const NO_FRAME: Frame = {
  menu: [],
  tabbar: [],
  alerts: { count: 0, href: '/alerts' },
  helpHref: '/help',
  news: null,
  edition: '',
};

export async function sendReply(
  request: Request,
  response: Response,
  reply: Reply,
  options: WebAppOptions,
): Promise<void> {
  switch (reply.kind) {
    case 'page':
      return sendPage(request, response, reply, options);
    case 'redirect':
      if (reply.flash) putFlash(request, response, reply.flash, options.secret);
      response.set('Cache-Control', 'no-store').redirect(303, reply.to);
      return;
    case 'json':
      response.status(reply.status).set('Cache-Control', 'no-store').json(reply.body);
      return;
    case 'file':
      sendFile(request, response, reply);
  }
}

async function sendPage(request: Request, response: Response, reply: PageReply, options: WebAppOptions): Promise<void> {
  const state = stateOf(request, options);
  const framed = state.signedIn !== null && (reply.layout === 'app' || reply.layout === 'till');
  const frame = framed
    ? await frameFor(request, state, options)
    : { ...NO_FRAME, edition: state.t(`common:edition.${options.services.config.edition}`) };
  const page: Page = {
    t: state.t,
    f: formattersFor(state.locale, options.services.timeZone),
    icon: iconPrinter(options.assetVersion),
    locale: state.locale,
    theme: state.theme,
    title: reply.title,
    csrfToken: options.csrf.token(request, response),
    assetVersion: options.assetVersion,
    version,
    path: request.originalUrl,
    user: userOf(state),
    stores: storesOf(state),
    currentStore: state.store,
    flash: state.flash,
    styles: reply.styles,
    scripts: reply.scripts,
    model: reply.model,
    ...frame,
    ...(reply.helpHref ? { helpHref: reply.helpHref } : {}),
  };
  // A page inside the application's frame makes no sense without somebody to frame it for.
  const layout = reply.layout === 'app' && !state.signedIn ? 'plain' : reply.layout;
  const html = options.render(reply.view, page, layout);
  response.status(reply.status).set('Cache-Control', 'no-store').type('html');
  // Express's own send would copy the page into a buffer first; as a text it goes out with its head in one piece.
  response.set('Content-Length', String(Buffer.byteLength(html))).end(html);
}

function frameFor(request: Request, state: RequestState, options: WebAppOptions): Promise<Frame> {
  const now = options.services.clock();
  return options.site.frame({
    read: options.services.database.read,
    actor: state.actor,
    t: state.t,
    f: formattersFor(state.locale, options.services.timeZone),
    store: state.store,
    now,
    today: fromInstant(now, options.services.timeZone),
    path: request.path,
  });
}

function userOf({ signedIn }: RequestState): Page['user'] {
  if (!signedIn) return null;
  return { name: signedIn.actor.name, initials: initialsOf(signedIn.actor.name), roleNames: signedIn.roleNames };
}

/** 周敏 → 周敏, 欧阳小明 → 小明, 管理员 → 管理 (a post, not a name), Wang Fang → WF. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  if (words.length > 1)
    return words
      .slice(0, 2)
      .map((word) => [...word][0] ?? '')
      .join('')
      .toUpperCase();
  const letters = [...(words[0] ?? '')];
  return /^[\x20-\x7e]+$/.test(words[0] ?? '')
    ? letters.slice(0, 2).join('').toUpperCase()
    : (words[0] ?? '').endsWith('员')
      ? letters.slice(0, 2).join('')
      : letters.slice(-2).join('');
}

/** The choices of the top bar; 0 stands for all stores. */
function storesOf({ stores, store, t }: RequestState): Page['stores'] {
  const choices = stores.map(({ id, name }) => ({ id, name, current: id === store?.id }));
  return choices.length > 1
    ? [{ id: 0, name: t('common:frame.allStores'), current: store === null }, ...choices]
    : choices;
}

/** Types that a browser may show by itself; everything else is saved. */
const SHOWN = /^(image\/(png|jpeg|webp|gif)|application\/pdf|text\/plain)\b/;

function sendFile(request: Request, response: Response, { name, type, body, inline }: FileReply): void {
  response.attachment(name);
  if (inline && SHOWN.test(type))
    response.set('Content-Disposition', String(response.get('Content-Disposition')).replace(/^attachment/, 'inline'));
  response.set({
    'Content-Type': type,
    'Cache-Control': 'private, no-store',
    'Content-Security-Policy': "default-src 'none'; sandbox",
  });
  if (Buffer.isBuffer(body)) {
    response.send(body);
    return;
  }
  pipeline(body, response, (error) => {
    // The head is sent already: breaking off is the only way to tell the browser that the file is not complete.
    if (error) request.log?.error({ err: error }, 'a download broke off');
  });
}
