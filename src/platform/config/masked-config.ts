import { targetSecrets } from './backup-schema';
import type { Config } from './load-config';

const MASK = '***';

/** The configuration without secrets, for `--print-config`, the About page and the support bundle. */
export function maskedConfig(config: Config): Config {
  const { database, backup, metrics } = config;
  return {
    ...config,
    database: { ...database, url: maskUrl(database.url) },
    backup: {
      ...backup,
      ...(backup.passphrase === undefined ? {} : { passphrase: MASK }),
      targets: backup.targets.map(maskTarget),
    },
    metrics: { ...metrics, ...(metrics.token === undefined ? {} : { token: MASK }) },
  };
}

function maskTarget<T extends Config['backup']['targets'][number]>(target: T): T {
  const hidden = targetSecrets[target.kind].filter((key) => key in target).map((key) => [key, MASK]);
  return { ...target, ...(Object.fromEntries(hidden) as Partial<T>) };
}

/** Hides the password of a database address; what is no address is hidden whole. */
export function maskUrl(url: string): string {
  if (url.startsWith('sqlite:')) return url;
  try {
    const parsed = new URL(url);
    if (parsed.password) parsed.password = MASK;
    return parsed.href;
  } catch {
    return MASK;
  }
}
