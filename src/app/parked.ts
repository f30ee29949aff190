import express, { type Express } from 'express';
import { LOCALE_COOKIE, readCookies, securityHeaders } from '../platform/http';
import type { Config } from '../platform/config';
import { isLocale, type Locale, type Translate } from '../platform/i18n';
import { resourcePath } from '../platform/resources';
import { assetRoutes, assetVersionOf, createRenderer, formattersFor, iconPrinter, type Page } from '../platform/views';
import { version } from '../platform/version';
import { switchProgress, type SwitchState } from './switch-over';
import { type Behind, upgradeProgress, type UpgradeState } from './upgrade/look';

/** Asked again after so many seconds, by browsers and by proxies. */
const RETRY_S = 10;
const REFRESH_S = 3;

export interface ParkedOptions {
  state: () => UpgradeState | undefined;
  translator: (locale: Locale) => Translate;
  locale: Locale;
  timeZone: string;
  https: boolean;
  edition: Config['edition'];
  /** The database is that of another version: this machine has to be brought there. */
  behind?: Behind | undefined;
  /** The server goes over to another database, or waits for the one that does. */
  switching?: (() => SwitchState | undefined) | undefined;
}

/**
 * All that a server answers while an upgrade has the database: that it is being upgraded, and how far that is. Or that the database
 * has gone on to another version than its own, and what is to be done about it.
 */
export function parkedApp(options: ParkedOptions): Express {
  const { state, translator, locale: usual, timeZone, https, edition, behind, switching } = options;
  const said = (t: Translate): { title: string; text: string } => {
    if (switching) return { title: t('databases:closed.title'), text: t('databases:closed.text') };
    if (!behind) return { title: t('upgrade:closed.title'), text: t('upgrade:closed.text') };
    const { installed, wanted, direction } = behind;
    const known = direction === 'up' && wanted === null ? 'unknown' : direction;
    return {
      title: t('upgrade:behind.title'),
      text: t(`upgrade:behind.${known}`, { installed, wanted: wanted ?? '' }),
    };
  };
  // Of the last upgrade of this machine nothing is to be told then.
  const progressIn = (t: Translate) =>
    switching ? switchProgress(switching(), t) : upgradeProgress(behind ? undefined : state(), t);
  const reason = switching
    ? 'it changes to another database'
    : behind
      ? 'the database is of another version'
      : 'an upgrade is under way';
  const publicFolder = resourcePath('public');
  const assetVersion = assetVersionOf(publicFolder);
  const render = createRenderer({ viewsFolder: resourcePath('views'), watch: false });
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use(...securityHeaders({ https }));
  app.get('/healthz', (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ ok: true, product: 'phone-erp' });
  });
  app.get('/readyz', (_request, response) => {
    response
      .status(503)
      .set('Cache-Control', 'no-store')
      .json({ ok: false, reasons: [reason] });
  });
  // The page that follows the work becomes the one that says that the system is closed, and follows it there.
  app.get(['/settings/upgrade/progress', '/settings/backups/trials/:id/progress'], (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ label: '', done: 0, total: 0, state: 'finished' });
  });
  app.use(assetRoutes(publicFolder, assetVersion));
  app.use((request, response) => {
    const asked = request.query['lang'] ?? readCookies(request).get(LOCALE_COOKIE);
    const locale = isLocale(asked) ? asked : usual;
    const t = translator(locale);
    response.status(503).set({ 'Retry-After': String(RETRY_S), 'Cache-Control': 'no-store' });
    if (request.accepts(['html', 'json']) === 'json') {
      response.json({
        error: { code: behind ? 'upgrade:behind' : 'upgrade:closed', message: said(t).text },
        ...progressIn(t),
      });
      return;
    }
    const elsewhere = locale === 'en' ? 'zh-CN' : 'en';
    const other = translator(elsewhere);
    const page: Page = {
      t,
      f: formattersFor(locale, timeZone),
      icon: iconPrinter(assetVersion),
      locale,
      theme: 'light',
      title: said(t).title,
      csrfToken: '',
      assetVersion,
      version,
      edition: t(`common:edition.${edition}`),
      path: '/',
      user: null,
      stores: [],
      currentStore: null,
      menu: [],
      tabbar: [],
      alerts: { count: 0, href: '/' },
      helpHref: '/',
      flash: null,
      model: {
        wide: true,
        otherLanguage: { href: `?lang=${elsewhere}`, lang: elsewhere },
        ...progressIn(t),
        text: said(t).text,
        other: { lang: elsewhere, ...said(other) },
      },
    };
    response
      .set('Refresh', String(REFRESH_S))
      .type('html')
      .send(render('errors/upgrading', page, 'plain'));
  });
  return app;
}
