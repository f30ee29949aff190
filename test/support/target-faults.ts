import { readFileSync } from 'node:fs';
import path from 'node:path';
import { LOCALES } from '../../src/platform/i18n';
import { isDomainError } from '../../src/kernel';
import { resourcePath } from '../../src/platform/resources';

type Texts = Record<string, { found: string; remedy: string }>;

const texts = LOCALES.map(
  (locale) => JSON.parse(readFileSync(resourcePath('locales', locale, 'backup-targets.json'), 'utf8')) as Texts,
);

/**
 * The fault that a target answered with. Anything but a fault that is explained in both languages, every placeholder filled,
 * is thrown on.
 */
export async function faultOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => new Error('it went well'),
    (thrown: unknown) => thrown,
  );
  if (!isDomainError(error)) throw error;
  const fault = path.basename(error.code.replace(':', '/'), '.found');
  for (const text of texts)
    for (const sentence of [text[fault]?.found, text[fault]?.remedy]) {
      if (sentence === undefined) throw new Error(`no text for ${error.code}`);
      for (const [, name = ''] of sentence.matchAll(/\{\{(\w+)\}\}/g))
        if (error.details[name] === undefined) throw new Error(`${error.code} says nothing for {{${name}}}`);
    }
  return fault;
}
