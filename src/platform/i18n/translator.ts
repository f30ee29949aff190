import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import i18next, { type i18n } from 'i18next';

export const LOCALES = ['zh-CN', 'en'] as const;
export type Locale = (typeof LOCALES)[number];

/**
 * `t('purchasing:receipt.title', { number })`: the text of a key, its {{placeholders}} filled in. Plain text, not markup.
 * With `defaultValue` a missing text is no mistake: for words of names that may come from elsewhere (audit actions, jobs).
 */
export type Translate = (key: string, values?: Record<string, unknown>) => string;

export interface TranslatorOptions {
  /** Folder with <locale>/<namespace>.json. */
  folder: string;
  /** Called for a key without text; what it returns is shown instead. Throws in tests, logs and returns the key in production. */
  onMissing: (locale: Locale, key: string) => string;
}

export const isLocale = (value: unknown): value is Locale => LOCALES.includes(value as Locale);

/** Reads every text once and returns the function of each language. A broken file throws here, at start. */
export function createTranslator({ folder, onMissing }: TranslatorOptions): (locale: Locale) => Translate {
  const translators = new Map(LOCALES.map((locale) => [locale, translatorOf(locale, folder, onMissing)]));
  return (locale) => translators.get(locale) as Translate;
}

function translatorOf(locale: Locale, folder: string, onMissing: TranslatorOptions['onMissing']): Translate {
  const texts = readTexts(path.join(folder, locale));
  const instance = i18next.createInstance();
  void instance.init({
    lng: locale,
    // Everything is in memory already; without this the first page could come before the texts.
    initAsync: false,
    ns: Object.keys(texts),
    resources: { [locale]: texts },
    // Templates escape with <%=.
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  const look = (key: string, values?: Record<string, unknown>): string | undefined => {
    const text: unknown = instance.t(key, { ...values, defaultValue: '' });
    return typeof text === 'string' && text !== '' ? text : undefined;
  };
  // A page asks for hundreds of texts; those without values are always the same, and most others only fill in words.
  const fixed = new Map<string, string>();
  const plain = new Map<string, PlainText | null>();
  const plainOf = (key: string): PlainText | null => {
    let known = plain.get(key);
    if (known === undefined) plain.set(key, (known = readPlain(instance, locale, key)));
    return known;
  };
  const numberForm = new Intl.PluralRules(locale);
  /** `days` → `days_one`: the key that holds for a number, when the text has forms by number. */
  const formOf = (key: string, count: unknown): string => {
    if (typeof count !== 'number') return key;
    const form = `${key}_${numberForm.select(count)}`;
    return plainOf(form) === null ? key : form;
  };
  return (key, values) => {
    if (values !== undefined) {
      const { defaultValue } = values;
      const filled = 'context' in values ? undefined : fill(plainOf(formOf(key, values.count)), values);
      if (filled !== undefined) return filled;
      return look(key, values) ?? (typeof defaultValue === 'string' ? defaultValue : onMissing(locale, key));
    }
    const known = fixed.get(key) ?? look(key);
    if (known === undefined) return onMissing(locale, key);
    fixed.set(key, known);
    return known;
  };
}

/** A text cut at its {{placeholders}}: words and names in turns. */
interface PlainText {
  words: string[];
  names: string[];
}

/** Null for a text that needs i18next itself: formats, references to other texts; and for no text at all. */
function readPlain(instance: i18n, locale: Locale, key: string): PlainText | null {
  const at = key.indexOf(':');
  if (at < 0) return null;
  const text: unknown = instance.getResource(locale, key.slice(0, at), key.slice(at + 1));
  if (typeof text !== 'string' || text === '' || text.includes('$t(')) return null;
  const parts = text.split(/\{\{([^{}]*)\}\}/);
  const names = parts.filter((_, place) => place % 2 === 1).map((name) => name.trim());
  return names.every((name) => /^\w+$/.test(name))
    ? { words: parts.filter((_, place) => place % 2 === 0), names }
    : null;
}

/** Undefined when a value is missing or is more than a word or a number. */
function fill(text: PlainText | null, values: Record<string, unknown>): string | undefined {
  if (text === null) return undefined;
  let filled = text.words[0] ?? '';
  for (let place = 0; place < text.names.length; place++) {
    const value = values[text.names[place] as string];
    if (typeof value !== 'string' && typeof value !== 'number') return undefined;
    filled += String(value) + (text.words[place + 1] ?? '');
  }
  return filled;
}

function readTexts(folder: string): Record<string, Record<string, unknown>> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return Object.fromEntries(files.map((name) => [path.basename(name, '.json'), readText(path.join(folder, name))]));
}

function readText(file: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  } catch (error) {
    throw new Error(`${file} is not readable JSON`, { cause: error });
  }
}
