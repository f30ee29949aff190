import { existsSync, readFileSync } from 'node:fs';
import { LOCALES } from '../../platform/i18n';
import { resourcePath } from '../../platform/resources';
import { version } from '../../platform/version';

/** What is new in this version, in Markdown by language: docs/releases/<language>/<version>.md, written for who uses it. */
export function releaseNotes(of: string = version): Record<string, string> {
  return Object.fromEntries(
    LOCALES.flatMap((locale) => {
      const file = resourcePath('docs', 'releases', locale, `${of}.md`);
      return existsSync(file) ? [[locale, readFileSync(file, 'utf8')]] : [];
    }),
  );
}
