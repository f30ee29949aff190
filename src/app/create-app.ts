import { randomBytes } from 'node:crypto';
import type { Express } from 'express';
import type { Store } from 'express-session';
import { attachmentRoutes } from '../platform/attachments';
import { createRefusals, type Refusals } from '../platform/audit';
import type { Reader } from '../platform/database';
import {
  createCsrfGuard,
  createWebApp,
  type Health,
  type Identity,
  type Route,
  type StoreChoice,
} from '../platform/http';
import type { Locale, Translate } from '../platform/i18n';
import { createMetrics, type Metrics } from '../platform/metrics';
import type { ModuleManifest } from '../platform/modules';
import { resourcePath } from '../platform/resources';
import type { Services } from '../platform/services';
import { assetVersionOf, createRenderer } from '../platform/views';
import { type MaintenanceWatch, watchMaintenance } from './maintenance';
import { createModuleSwitches, type ModuleSwitches } from './module-switches';
import { metricsText } from './metrics';
import { createSite } from './site';
import { keepContacts } from './support';
import { createNewsBoard } from './upgrade/look';
import { createSwitchDesk, type SwitchDesk } from './switch-over';
import { systemModule } from './system/system.module';

export interface AppOptions {
  services: Services;
  modules: readonly ModuleManifest[];
  identity: Identity;
  sessionStore: Store;
  listStores: (read: Reader) => Promise<StoreChoice[]>;
  /** Names of the modules that were switched off. */
  readOff: () => Promise<ReadonlySet<string>>;
  notReady: () => Promise<string[]>;
  /** The file that the configuration comes from; without one there is no installation to be upgraded. */
  configFile?: string | undefined;
  /** Signs cookies; the same on all nodes. */
  secret?: string;
  translator: (locale: Locale) => Translate;
  watchViews?: boolean;
  signInAttempts?: number;
  /** Always there beside the modules' own. */
  furtherRoutes?: readonly Route[];
}

export interface App {
  web: Express;
  health: Health;
  /** Business modules and the system pages. */
  manifests: readonly ModuleManifest[];
  switches: ModuleSwitches;
  /** What was refused, counted until it is written. */
  refusals: Refusals;
  maintenance: MaintenanceWatch;
  translator: AppOptions['translator'];
  metrics: Metrics;
  switchDesk: SwitchDesk;
}

/** Puts the parts together: the one place that knows all of them. */
export function createApp(options: AppOptions): App {
  const { services, translator } = options;
  const { token } = services.config.metrics;
  const publicFolder = resourcePath('public');
  const assetVersion = assetVersionOf(publicFolder);
  const secret = options.secret ?? randomBytes(32).toString('base64url');
  const health: Health = { draining: false };
  const maintenance = watchMaintenance(services.database.read, services.clock);
  const metrics = createMetrics(services.clock);
  const news = createNewsBoard();
  const switchDesk = createSwitchDesk();
  const system = systemModule({
    modules: options.modules,
    switches: () => switches,
    assetVersion,
    translator,
    config: services.config,
    maintenance,
    metrics,
    configFile: options.configFile,
    news,
    switchDesk,
  });
  const further = [...attachmentRoutes(() => switches.active()), ...(options.furtherRoutes ?? [])];
  const manifests = [...options.modules, { ...system, routes: [...system.routes, ...further] }];
  const switches = createModuleSwitches(manifests, options.readOff);
  const refusals = createRefusals(services);
  const web = createWebApp({
    services,
    identity: options.identity,
    site: createSite({
      manifests,
      switches,
      listStores: options.listStores,
      notReady: options.notReady,
      edition: services.config.edition,
      contacts: keepContacts(services.database.read, services.clock),
      maintenance,
      news,
    }),
    translator,
    render: createRenderer({ viewsFolder: resourcePath('views'), watch: options.watchViews ?? false }),
    publicFolder,
    assetVersion,
    secret,
    csrf: createCsrfGuard(secret),
    sessionStore: options.sessionStore,
    health,
    signInAttempts: options.signInAttempts ?? 30,
    onRefusal: refusals.note,
    onAnswer: metrics.requests.note,
    metrics: token === undefined ? undefined : { token, text: metricsText(metrics, services) },
  });
  return { web, health, manifests, switches, refusals, maintenance, translator, metrics, switchDesk };
}
