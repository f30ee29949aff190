import { isLocale } from '../i18n';
import { LOCALE_COOKIE, THEME_COOKIE } from './request-state';
import { safePath } from './error-handler';
import { setLastingCookie } from './cookies';
import { HttpFault } from './faults';
import { redirect } from './reply';
import type { Route } from './route';
import type { Identity } from './site';

/** Language, light or dark, and the store of the top bar. Each goes back to the page it came from. */
export function preferenceRoutes(identity: Identity): Route[] {
  return [
    {
      method: 'post',
      path: '/preferences/locale',
      onDetour: true,
      access: 'public',
      handler: async ({ request, body, actor }) => {
        const { locale } = body;
        if (!isLocale(locale)) throw new HttpFault(400, 'bad-request');
        setLastingCookie(request, LOCALE_COOKIE, locale);
        if (actor.userId !== null) {
          request.session.locale = locale;
          await identity.saveLocale?.(actor.userId, locale);
        }
        return redirect(safePath(body['back']));
      },
    },
    {
      method: 'post',
      path: '/preferences/theme',
      onDetour: true,
      access: 'public',
      handler: async ({ request, body }) => {
        const { theme } = body;
        if (theme !== 'light' && theme !== 'dark') throw new HttpFault(400, 'bad-request');
        setLastingCookie(request, THEME_COOKIE, theme);
        return redirect(safePath(body['back']));
      },
    },
    {
      method: 'post',
      path: '/preferences/store',
      access: 'signed-in',
      handler: async ({ request, body, stores }) => {
        const id = Number(body['storeId']);
        if (id !== 0 && !stores.some((store) => store.id === id)) throw new HttpFault(400, 'bad-request');
        request.session.storeId = id === 0 ? null : id;
        return redirect(safePath(body['back']));
      },
    },
  ];
}
