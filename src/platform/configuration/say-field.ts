import { fen, plainMoney } from '../../kernel';
import { percentText } from '../http/fields';
import type { Translate } from '../i18n';

// Records of the configuration in words: the texts are the module's, `<module>:configuration.<set>.…`.

/** Records that follow from the program are called by words, all others by the name that somebody gave them. */
export function sayName(t: Translate, set: string, name: string): string {
  const [module = '', id = ''] = set.split('.');
  return wordOr(t, `${module}:configuration.${id}.names.${name}`, name);
}

/** Money in yuan, rates in percent, choices in words. */
export function sayFieldValue(t: Translate, set: string, field: string, value: unknown): string {
  const [module = '', id = ''] = set.split('.');
  if (value === null) return wordOr(t, `${module}:configuration.${id}.empty.${field}`, '');
  if (typeof value === 'number' && field.endsWith('Fen')) return plainMoney(fen(value));
  if (typeof value === 'number' && field.endsWith('Bp')) return `${percentText(value)}%`;
  if (typeof value === 'string') return wordOr(t, `${module}:configuration.${id}.options.${field}.${value}`, value);
  return sayValue(t, value);
}

export function sayField(t: Translate, set: string, field: string): string {
  if (field === 'name' || field === 'active') return t(`configuration:field.${field}`);
  const [module = '', id = ''] = set.split('.');
  return wordOr(t, `${module}:configuration.${id}.${field}`, field === 'title' ? set : field);
}

export function sayValue(t: Translate, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'boolean') return t(value ? 'common:yes' : 'common:no');
  if (Array.isArray(value)) return value.map((one) => sayValue(t, one)).join(t('system:modules.comma'));
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Old records name fields and choices that this version no longer has: their own name then. */
const wordOr = (t: Translate, key: string, name: string): string => t(key, { defaultValue: name });
