import type { ErrorRequestHandler, Request } from 'express';
import type { DomainError } from '../../kernel';
import { type Fault, formattersFor } from '../views';
import { type Failure, failureOf, type FaultView, type HttpFault } from './faults';
import { json, page, type Reply } from './reply';
import { stateOf } from './request-state';
import { sendReply } from './send-reply';
import type { WebAppOptions } from './web-app';

const VIEW_OF_KIND: Record<Exclude<HttpFault['kind'], 'sign-in' | 'detour'>, FaultView> = {
  expired: 'expired',
  foreign: 'expired',
  'not-found': 'not-found',
  'module-off': 'module-off',
  'too-many': 'too-many',
  'too-large': 'too-large',
  'bad-request': 'invalid',
  draining: 'maintenance',
  closed: 'closed',
};

/** Where a clerk cannot go on without somebody else. */
const WITH_CONTACTS: ReadonlySet<FaultView> = new Set(['failure', 'forbidden', 'maintenance']);

/** The one place where a failure becomes a response. Defects are logged with the request id, which the page shows. */
export function errorHandler(options: WebAppOptions): ErrorRequestHandler {
  return async (error: unknown, request, response, next) => {
    const failure = failureOf(error);
    if (failure.kind === 'defect' || failure.kind === 'away')
      (request.log ?? options.services.log).error({ err: failure.error }, 'a request failed');
    noteRefusal(failure, request, options);
    if (response.headersSent) return next(error);
    try {
      if (failure.kind === 'http' && failure.fault.details.seconds)
        response.set('Retry-After', String(failure.fault.details.seconds));
      if (statusOf(failure) === 503) response.set('Refresh', refreshAfter(failure));
      await sendReply(request, response, await replyTo(failure, request, options), options);
    } catch (second) {
      // The error page itself failed: plain words are better than a white page.
      (request.log ?? options.services.log).error({ err: second }, 'the error page failed');
      if (response.headersSent) return next(second);
      // Pages need the database too: without it neither the one asked for nor the one about the failure can be made.
      const away = failure.kind === 'away' || failureOf(second).kind === 'away';
      if (away) response.set('Refresh', '10');
      const words = away ? '系统正在维护，请稍候 / Please wait a moment' : '系统出了问题 / Something went wrong';
      response
        .status(away ? 503 : 500)
        .type('text/plain')
        .send(`${words}\n${String(request.id ?? '')}\n`);
    }
  };
}

/** A page that waits for a server looks often; one that somebody closed, seldom. */
const refreshAfter = (failure: Failure): string =>
  failure.kind === 'http' && failure.fault.kind === 'closed' ? '60' : '10';

/** Lack of a permission is logged with who and what, and counted; visitors without a session have nothing to count. */
function noteRefusal(failure: Failure, request: Request, options: WebAppOptions): void {
  if (failure.kind !== 'domain' || failure.error.status !== 403) return;
  const { userId, name, address, requestId } = stateOf(request, options).actor;
  const permission = failure.error.details['permission'];
  if (userId === null || typeof permission !== 'string') return;
  const path = (request.route as { path?: unknown } | undefined)?.path;
  const route = `${request.method} ${typeof path === 'string' ? path : ''}`.trim();
  (request.log ?? options.services.log).warn({ userId, permission, route }, 'refused');
  const actor = { userId, name, ...(address ? { address } : {}), ...(requestId ? { requestId } : {}) };
  options.onRefusal?.({ actor, permission, route });
}

export function wantsJson(request: Request): boolean {
  return request.is('application/json') === 'application/json' || request.accepts(['html', 'json']) === 'json';
}

async function replyTo(failure: Failure, request: Request, options: WebAppOptions): Promise<Reply> {
  const { t, actor } = stateOf(request, options);
  const status = statusOf(failure);
  if (failure.kind === 'http' && failure.fault.kind === 'sign-in') {
    if (wantsJson(request)) return json({ error: { code: 'errors:sign_in', message: t('errors:sign_in') } }, 401);
    return { kind: 'redirect', to: signInAddress(request) };
  }
  const detourHref = stateOf(request, options).signedIn?.detourHref;
  if (failure.kind === 'http' && failure.fault.kind === 'detour' && detourHref !== undefined) {
    if (wantsJson(request)) return json({ error: { code: 'errors:detour', message: t('errors:detour') } }, 403);
    return { kind: 'redirect', to: detourHref };
  }
  const { view, model, code, details } = describe(failure, request, options);
  model.reference = String(request.id ?? '');
  if (view === 'module-off') model.actionHref = options.site.switchHref(actor) ?? undefined;
  if (wantsJson(request)) {
    const fields =
      failure.kind === 'domain'
        ? failure.error.fields.map((field) => ({ ...field, message: t(field.code, field.details) }))
        : [];
    return json({ error: { code, message: t(code, details), fields, reference: model.reference } }, status);
  }
  if (WITH_CONTACTS.has(view) && stateOf(request, options).signedIn)
    model.contacts = (await options.site.contacts?.()) ?? [];
  return page(`errors/${view}`, t(`common:error.${camel(view)}.title`, { module: model.module ?? '' }), model, {
    status,
    ...(view === 'closed' && { layout: 'plain' as const }),
  });
}

/** In both languages: whoever stands before a closed till may read only the other one. */
function closedModel(
  { details: { note, since } }: HttpFault,
  request: Request,
  options: WebAppOptions,
): Partial<Fault> {
  const { signedIn, locale } = stateOf(request, options);
  const other = locale === 'en' ? 'zh-CN' : 'en';
  const say = options.translator(other);
  const f = formattersFor(locale, options.services.timeZone);
  return {
    ...(note && { text: note }),
    ...(since !== undefined && { since: f.dateTime(since) }),
    signedIn: signedIn !== null,
    other: { lang: other, title: say('common:error.closed.title'), text: say('common:error.closed.text') },
  };
}

interface Description {
  view: FaultView;
  model: Fault;
  code: string;
  details: Record<string, unknown>;
}

function describe(failure: Failure, request: Request, options: WebAppOptions): Description {
  const { t } = stateOf(request, options);
  if (failure.kind === 'defect') return { view: 'failure', model: {}, code: 'errors:failure', details: {} };
  if (failure.kind === 'away') return { view: 'maintenance', model: {}, code: 'errors:http.draining', details: {} };
  if (failure.kind === 'domain') return describeDomain(failure.error, request, t);
  const { fault } = failure;
  const view = VIEW_OF_KIND[fault.kind as keyof typeof VIEW_OF_KIND];
  const model: Fault = { backHref: backHref(request), seconds: fault.details.seconds, limit: fault.details.limit };
  if (fault.kind === 'closed') Object.assign(model, closedModel(fault, request, options));
  if (fault.details.module) model.module = t(`${fault.details.module}:module`);
  return { view, model, code: `errors:http.${fault.kind.replaceAll('-', '_')}`, details: { ...fault.details } };
}

function describeDomain(
  error: DomainError,
  request: Request,
  t: (key: string, values?: Record<string, unknown>) => string,
): Description {
  const details = { ...error.details };
  if (typeof details['permission'] === 'string') details['permission'] = permissionWords(details['permission'], t);
  const text = t(error.code, details);
  const items = error.fields.map((field) => t(field.code, field.details));
  const base = { code: error.code, details };
  switch (error.status) {
    case 403:
      return { ...base, view: 'forbidden', model: { permission: details['permission'] as string | undefined } };
    case 404:
      return { ...base, view: 'not-found', model: { text } };
    case 409:
      return error.code === 'errors:stale'
        ? { ...base, view: 'stale', model: { actionHref: backHref(request) } }
        : { ...base, view: 'conflict', model: { text, items, backHref: backHref(request) } };
    default:
      return { ...base, view: 'invalid', model: { text, items, backHref: backHref(request) } };
  }
}

/** `purchasing.receipt.post` → its words. */
export function permissionWords(id: string, t: (key: string) => string): string {
  const [module, ...rest] = id.split('.');
  return t(`${module}:permission.${rest.join('.')}`);
}

export function statusOf(failure: Failure): number {
  if (failure.kind === 'defect') return 500;
  if (failure.kind === 'away') return 503;
  return failure.kind === 'domain' ? failure.error.status : failure.fault.status;
}

/** The page the reader came from, when it is one of ours; the home page otherwise. */
export function backHref(request: Request): string {
  const referer = request.get('referer');
  if (!referer || !URL.canParse(referer)) return '/';
  const url = new URL(referer);
  return url.host === request.host ? safePath(`${url.pathname}${url.search}`) : '/';
}

/** A path of this server, or '/': never an address that a browser takes for another host. */
export function safePath(text: unknown): string {
  if (typeof text !== 'string' || text.length > 2000 || !/^\/(?![/\\])[^\\\s]*$/.test(text)) return '/';
  return text;
}

function signInAddress(request: Request): string {
  const wanted = request.method === 'GET' ? safePath(request.originalUrl) : '/';
  return wanted === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(wanted)}`;
}

const camel = (view: string): string => view.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
