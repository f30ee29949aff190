import type { Request, Response } from 'express';
import { isLocale, type Locale, type Translate } from '../i18n';
import type { Actor } from '../permissions';
import type { Theme } from '../views';
import { readCookies } from './cookies';
import { takeFlash } from './flash';
import type { Flash } from './reply';
import type { StoreChoice } from './route';
import { endSession } from './session';
import type { SignedIn } from './site';
import type { WebAppOptions } from './web-app';

/** What is known about the reader of one request before a route is chosen. */
export interface RequestState {
  signedIn: SignedIn | null;
  actor: Actor;
  locale: Locale;
  theme: Theme;
  t: Translate;
  stores: StoreChoice[];
  store: StoreChoice | null;
  flash: Flash | null;
}

export const LOCALE_COOKIE = 'erp_locale';
export const THEME_COOKIE = 'erp_theme';

const states = new WeakMap<Request, RequestState>();

/** The state of a request; the anonymous one when the request failed before it was known. */
export function stateOf(request: Request, options: WebAppOptions): RequestState {
  return states.get(request) ?? anonymousState(request, options);
}

export async function prepareState(request: Request, response: Response, options: WebAppOptions): Promise<void> {
  const signedIn = await loadSignedIn(request, options);
  const state = anonymousState(request, options);
  state.flash = takeFlash(request, response, options.secret);
  if (signedIn) {
    state.signedIn = signedIn;
    state.actor = signedIn.actor;
    state.locale = request.session?.locale ?? signedIn.actor.locale;
    state.t = options.translator(state.locale);
    state.stores = await options.site.storesOf(options.services.database.read, signedIn.actor);
    state.store = chosenStore(state.stores, request.session?.storeId, signedIn.homeStoreId);
  }
  states.set(request, state);
}

async function loadSignedIn(request: Request, { identity }: WebAppOptions): Promise<SignedIn | null> {
  const userId = request.session?.userId;
  if (userId === undefined) return null;
  const signedIn = await identity.load(userId, originOf(request), request.session);
  if (!signedIn) await endSession(request);
  return signedIn;
}

export function originOf(request: Request): { address: string; requestId: string } {
  return { address: request.ip ?? '', requestId: String(request.id ?? '') };
}

function anonymousState(request: Request, options: WebAppOptions): RequestState {
  const cookies = readCookies(request);
  // A link says it where no form can be posted and no cookie kept: on the page that is read before HTTPS is trusted.
  const asked = request.query?.['lang'];
  const wanted = isLocale(asked) ? asked : cookies.get(LOCALE_COOKIE);
  const locale = isLocale(wanted) ? wanted : options.services.config.locale;
  return {
    signedIn: null,
    actor: { kind: 'user', userId: null, name: '', staffId: null, locale, ...originOf(request), scope: () => [] },
    locale,
    theme: cookies.get(THEME_COOKIE) === 'dark' ? 'dark' : 'light',
    t: options.translator(locale),
    stores: [],
    store: null,
    flash: null,
  };
}

/** A reader with one store always works in it; otherwise the last choice counts, then the home store, then all. */
function chosenStore(
  stores: readonly StoreChoice[],
  chosenId: number | null | undefined,
  homeId: number | null | undefined,
): StoreChoice | null {
  if (stores.length === 1) return stores[0] ?? null;
  const id = chosenId === undefined ? homeId : chosenId;
  return stores.find((store) => store.id === id) ?? null;
}
