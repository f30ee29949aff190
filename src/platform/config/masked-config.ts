import type { Config } from './load-config';

const MASK = '***';

/** The configuration without secrets, for `--print-config`, the About page and the support bundle. */
export function maskedConfig(config: Config): Config {
  return { ...config, database: { ...config.database, url: maskUrl(config.database.url) } };
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
