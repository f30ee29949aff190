import type { Config } from '../platform/config';
import type { Reader } from '../platform/database';
import type { Frame, FrameReader, Site, StoreChoice } from '../platform/http';
import type { ModuleManifest } from '../platform/modules';
import { type Actor, can } from '../platform/permissions';
import { version } from '../platform/version';
import { createAlertCounter } from './alerts';
import { helpHref } from './help-chapters';
import { menuFor } from './menu';
import { SWITCH_PERMISSION } from './module-store';
import { MAINTENANCE_PERMISSION, type MaintenanceWatch } from './maintenance';
import type { ModuleSwitches } from './module-switches';
import type { SupportContactRow } from './support/support-contact.table';
import type { NewsBoard } from './upgrade/look';

export interface SiteOptions {
  /** Business modules and the system pages. */
  manifests: readonly ModuleManifest[];
  switches: ModuleSwitches;
  listStores: (read: Reader) => Promise<StoreChoice[]>;
  notReady: () => Promise<string[]>;
  edition: Config['edition'];
  contacts: () => Promise<SupportContactRow[]>;
  maintenance: MaintenanceWatch;
  news: NewsBoard;
}

export function createSite(options: SiteOptions): Site {
  const { manifests, switches, listStores, notReady, edition, maintenance, news } = options;
  const permissions = [...new Set(manifests.flatMap((manifest) => manifest.permissions.map(({ id }) => id)))];
  const countAlerts = createAlertCounter();
  return {
    routes: manifests.flatMap(({ name, routes }) => routes.map((route) => ({ module: name, route }))),
    isOn: (module) => switches.isOn(module),
    switchHref: (actor) => (can(actor, SWITCH_PERMISSION) ? '/settings/modules' : null),
    async closedTo(actor) {
      const state = await maintenance.now();
      return state && !can(actor, MAINTENANCE_PERMISSION) ? state : null;
    },
    notReady,
    contacts: async () => (await options.contacts()).map(contactLine),
    async storesOf(read, actor) {
      const stores = await listStores(read);
      const reach = reachOf(actor, permissions);
      return reach === 'all' ? stores : stores.filter((store) => reach.has(store.id));
    },
    async frame(reader: FrameReader): Promise<Frame> {
      const active = await switches.active();
      return {
        ...menuFor(active, reader.actor, reader.t, reader.path),
        alerts: { count: await countAlerts(active, reader), href: '/alerts' },
        helpHref: helpHref(reader.path),
        news: (await news.isNewTo(reader.read, reader.actor)) ? version : null,
        edition: reader.t(`common:edition.${edition}`),
      };
    },
  };
}

/** The first way to reach somebody, as an error page has room for. */
function contactLine({ name, duty, phone, mail, onlineService, hours }: SupportContactRow) {
  const way = phone ?? mail ?? onlineService ?? '';
  const href = phone ? `tel:${phone.replace(/[^\d+]/g, '')}` : mail ? `mailto:${mail}` : undefined;
  const say = [way, hours].filter(Boolean).join(' · ');
  return { name: duty ? `${name} (${duty})` : name, say, ...(href ? { href } : {}) };
}

/** The stores in which the actor has any permission at all. */
function reachOf(actor: Actor, permissions: readonly string[]): 'all' | Set<number> {
  const reach = new Set<number>();
  for (const permission of permissions) {
    const scope = actor.scope(permission);
    if (scope === 'all') return 'all';
    for (const storeId of scope) reach.add(storeId);
  }
  return reach;
}
