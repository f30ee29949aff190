import { readFileSync } from 'node:fs';
import path from 'node:path';
import i18next from 'i18next';
import { formattersFor } from '../../src/platform/views/format';
import { iconPrinter } from '../../src/platform/views/icon';
import type { Locale, Page, Theme } from '../../src/platform/views/page';
import { isStylePage, stylePage, type StylePageName } from '../../src/platform/views/style-guide-model';

export const viewsFolder = path.resolve('views');
export const publicFolder = path.resolve('public');

const readTexts = (locale: Locale, namespace: string): object =>
  JSON.parse(readFileSync(path.resolve('locales', locale, `${namespace}.json`), 'utf8')) as object;

/** Texts of the visual language alone, with the product's way of naming them: `namespace:group.key`. */
export function translatorFor(locale: Locale): Page['t'] {
  const instance = i18next.createInstance();
  const namespaces = ['common', 'style-guide'];
  void instance.init({
    lng: locale,
    initAsync: false,
    ns: namespaces,
    resources: { [locale]: Object.fromEntries(namespaces.map((name) => [name, readTexts(locale, name)])) },
    interpolation: { escapeValue: false },
  });
  return (key, variables) => {
    if (!instance.exists(key, variables)) throw new Error(`no text for ${key} in ${locale}`);
    return instance.t(key, variables ?? {});
  };
}

export interface Look {
  locale?: Locale;
  theme?: Theme;
  assetVersion?: string;
  path?: string;
}

/** A page as the web platform fills it, for a signed-in manager of one of two stores. */
export function samplePage<Model>(model: Model, look: Look = {}): Page<Model> {
  const { locale = 'zh-CN', theme = 'light', assetVersion = 'test' } = look;
  const t = translatorFor(locale);
  const menu: [Page['menu'][number]['icon'], string, boolean, string[]][] = [
    ['home', 'style-guide:page.parts', false, []],
    ['scan', 'style-guide:page.till', false, []],
    ['truck-loading', 'style-guide:document.purchasing', true, ['style-guide:document.receipts']],
    ['packages', 'style-guide:list.title', false, ['style-guide:page.list', 'style-guide:page.device']],
    ['settings', 'style-guide:title', true, []],
  ];
  return {
    t,
    f: formattersFor(locale),
    icon: iconPrinter(assetVersion),
    locale,
    theme,
    title: t('style-guide:title'),
    csrfToken: 'token',
    assetVersion,
    version: '1.0.0',
    edition: locale === 'en' ? 'On premise' : '本地部署',
    path: look.path ?? '/style-guide/parts',
    user: { name: '周敏', initials: '周敏', roleNames: '店长' },
    stores: [
      { id: 1, name: '南京新街口店', current: true },
      { id: 2, name: '南京湖南路店', current: false },
    ],
    currentStore: { id: 1, name: '南京新街口店' },
    menu: menu.map(([icon, key, gap, children], index) => ({
      key: `menu-${index}`,
      label: t(key),
      icon,
      href: '/style-guide/list',
      current: false,
      gap,
      children: children.map((child) => ({
        label: t(child),
        href: `/style-guide/${child.split('.').at(-1)}`,
        current: child === 'style-guide:page.list',
      })),
    })),
    tabbar: [
      { label: t('style-guide:page.parts'), icon: 'home', href: '/style-guide/parts', current: false },
      { label: t('style-guide:page.till'), icon: 'scan', href: '/style-guide/till', current: false },
      { label: t('style-guide:list.title'), icon: 'packages', href: '/style-guide/list', current: true },
      { label: t('common:action.more'), icon: 'menu-2', href: '#menu', current: false },
    ],
    alerts: { count: 8, href: '#alerts' },
    helpHref: '#help',
    flash: null,
    model,
  };
}

/** One page of the style guide, ready for the renderer. */
export function sampleStylePage(name: StylePageName, look: Look = {}) {
  const base = samplePage({}, look);
  const { view, layout, title, model } = stylePage(name, base);
  return { view, layout, page: { ...base, title, model, styles: ['style-guide'], path: `/style-guide/${name}` } };
}

export { isStylePage };
