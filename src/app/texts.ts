import { createTranslator, type Locale, type Translate } from '../platform/i18n';
import type { Logger } from '../platform/logging';
import { resourcePath } from '../platform/resources';

/** The product's texts. A key without text is logged, and shown as it is. */
export function openTexts(log: Logger): (locale: Locale) => Translate {
  return createTranslator({
    folder: resourcePath('locales'),
    onMissing: (locale, key) => {
      log.error({ locale, key }, 'a text is missing');
      return key;
    },
  });
}
