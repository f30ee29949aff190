import type { MenuEntry, ModuleManifest } from '../platform/modules';
import { type Actor, can } from '../platform/permissions';
import type { IconName, MenuItem, Page } from '../platform/views';

type Translate = (key: string) => string;
type Placed = MenuEntry & { module: string };

/** Groups of the sidebar begin here: daily work, the business by module, settings. */
const GROUP_STARTS = [10, 80];

export interface Menu {
  menu: MenuItem[];
  tabbar: Page['tabbar'];
}

/** By list of manifests, which stays the same until a module is switched. */
const kept = new WeakMap<readonly ModuleManifest[], readonly Placed[]>();

function entriesOf(manifests: readonly ModuleManifest[]): readonly Placed[] {
  const known = kept.get(manifests);
  if (known) return known;
  const entries = manifests.flatMap(({ name, menu }) => menu.map((entry): Placed => ({ ...entry, module: name })));
  entries.sort((a, b) => a.order - b.order);
  kept.set(manifests, entries);
  return entries;
}

/**
 * The menu as this reader may use it. A parent without own right is shown for the sake of its children and leads to the first.
 * The entry with the longest address that begins the path is the current one.
 */
export function menuFor(manifests: readonly ModuleManifest[], actor: Actor, t: Translate, path: string): Menu {
  const entries = entriesOf(manifests);
  const allowed = new Set(entries.filter((entry) => can(actor, entry.permission)));
  const current = currentHref(['/', ...[...allowed].map((entry) => entry.href)], path);
  const tops = entries.filter((entry) => entry.under === undefined);
  const items: MenuItem[] = [homeItem(t, current)];
  let lastGroup = 0;
  for (const top of tops) {
    const children = entries.filter((entry) => entry.under === top.key && allowed.has(entry));
    if (!allowed.has(top) && children.length === 0) continue;
    const group = GROUP_STARTS.filter((start) => top.order >= start).length;
    items.push({
      key: `${top.module}.${top.key}`,
      label: t(`${top.module}:menu.${top.key}`),
      icon: top.icon as IconName,
      href: allowed.has(top) ? top.href : (children[0]?.href ?? top.href),
      current: top.href === current,
      gap: group !== lastGroup,
      children: children.map((child) => ({
        label: t(`${child.module}:menu.${child.key}`),
        href: child.href,
        current: child.href === current,
      })),
    });
    lastGroup = group;
  }
  return { menu: items, tabbar: tabbarOf([...allowed], t, current) };
}

function homeItem(t: Translate, current: string | undefined): MenuItem {
  return { key: 'home', label: t('system:menu.home'), icon: 'home', href: '/', current: current === '/', children: [] };
}

/** The phone's bottom bar: home, up to three places, and the whole menu. */
function tabbarOf(allowed: readonly Placed[], t: Translate, current: string | undefined): Page['tabbar'] {
  const places = allowed.filter((entry) => entry.tabbar).slice(0, 3);
  return [
    { label: t('system:menu.home'), icon: 'home', href: '/', current: current === '/' },
    ...places.map((entry) => ({
      label: t(`${entry.module}:menu.${entry.key}`),
      icon: entry.icon as IconName,
      href: entry.href,
      current: entry.href === current,
    })),
    { label: t('common:action.more'), icon: 'menu-2', href: '#menu', current: false },
  ];
}

export function currentHref(hrefs: readonly string[], path: string): string | undefined {
  const fits = hrefs.filter((href) => path === href || (href !== '/' && path.startsWith(`${href}/`)));
  return fits.reduce<string | undefined>(
    (best, href) => (best === undefined || href.length > best.length ? href : best),
    undefined,
  );
}
