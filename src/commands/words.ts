import type { DomainError } from '../kernel';
import { createTranslator, isLocale, type Locale, type Translate } from '../platform/i18n';
import { resourcePath } from '../platform/resources';

/** The language of the terminal: ERP_LOCALE, else Chinese where the system speaks it, else English. */
export function terminalLocale(env: NodeJS.ProcessEnv): Locale {
  if (isLocale(env.ERP_LOCALE)) return env.ERP_LOCALE;
  return /^zh/i.test(env.LC_ALL || env.LC_MESSAGES || env.LANG || '') ? 'zh-CN' : 'en';
}

/** The texts in the language of the terminal. */
export function terminalTexts(env: NodeJS.ProcessEnv = process.env): Translate {
  return createTranslator({ folder: resourcePath('locales'), onMissing: (_locale, key) => key })(terminalLocale(env));
}

/** An expected failure in words: its sentence, and one line for each field that is not right. */
export function explainDomainError(error: DomainError, env: NodeJS.ProcessEnv = process.env): string {
  const translate = terminalTexts(env);
  const fields = error.fields.map(({ path, code, details }) => `  ${path}: ${translate(code, details)}`);
  return [sentence(error, translate), ...fields].join('\n');
}

/** Pages do not tell what is not there from what is not for the reader; here nobody is kept from anything. */
function sentence({ code, details }: DomainError, t: Translate): string {
  if (code !== 'errors:not_found') return t(code, details);
  const what = String(details['what'] ?? '');
  const [module = '', ...rest] = what.split('.');
  const word = t(`${module}:audit.${rest.join('.')}.subject`, { defaultValue: what });
  return t('errors:not_found_named', { what: word, id: details['id'] });
}
