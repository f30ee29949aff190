export { createTranslator, isLocale, type Locale, LOCALES, type Translate, type TranslatorOptions } from './translator';
