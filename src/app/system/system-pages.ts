import type { Config } from '../../platform/config';
import type { Locale, Translate } from '../../platform/i18n';
import type { Metrics } from '../../platform/metrics';
import type { ModuleManifest } from '../../platform/modules';
import type { MaintenanceWatch } from '../maintenance';
import type { NewsBoard } from '../upgrade/look';
import type { SwitchDesk } from '../switch-over';
import type { ModuleSwitches } from '../module-switches';

/** What the pages of no module are made from; the composition root gives it. */
export interface SystemPages {
  /** The business modules, for the pages that look over all of them. */
  modules: readonly ModuleManifest[];
  switches: () => ModuleSwitches;
  assetVersion: string;
  config: Pick<Config, 'backup'>;
  maintenance: MaintenanceWatch;
  metrics: Metrics;
  configFile?: string | undefined;
  news: NewsBoard;
  /** Where the change to another database is left to the server. */
  switchDesk: SwitchDesk;
  translator: (locale: Locale) => Translate;
}
