import { type Change, sayField, sayFieldValue, sayName, sayValue } from '../../platform/configuration';
import type { Translate } from '../../platform/i18n';

/** A change in words, in three parts for a table; '' where there is nothing on that side. */
export interface SaidChange {
  /** Module or set. */
  area: string;
  what: string;
  before: string;
  after: string;
}

export function sayChange(t: Translate, change: Change): SaidChange {
  switch (change.kind) {
    case 'module': {
      const state = (on?: boolean): string =>
        on === undefined ? '' : t(on ? 'configuration:on' : 'configuration:off');
      return {
        area: t('configuration:area.modules'),
        what: wordOr(t, `${change.module}:module`, change.module),
        before: state(change.before),
        after: state(change.after),
      };
    }
    case 'parameter':
      return {
        area: wordOr(t, `${change.module}:module`, change.module),
        what: wordOr(t, `${change.module}:parameter.${change.key}`, change.key),
        before: sayValue(t, change.before),
        after: sayValue(t, change.after),
      };
    case 'record':
      return {
        area: sayField(t, change.set, 'title'),
        what: sayName(t, change.set, change.name),
        before: change.change === 'removed' ? t('configuration:there') : '',
        after: change.change === 'added' ? t('configuration:there') : '',
      };
    case 'field':
      return {
        area: sayField(t, change.set, 'title'),
        what: t('configuration:fieldOf', {
          name: sayName(t, change.set, change.name),
          field: sayField(t, change.set, change.field),
        }),
        before: sayFieldValue(t, change.set, change.field, change.before),
        after: sayFieldValue(t, change.set, change.field, change.after),
      };
  }
}

/** A change as one line: for lists of revisions and the terminal. */
export function sayInOneLine(t: Translate, change: Change): string {
  const { area, what, before, after } = sayChange(t, change);
  const none = t('configuration:none');
  return t('configuration:oneLine', { area, what, before: before || none, after: after || none });
}

/** Old revisions name modules and keys that this version no longer has: their own name then. */
const wordOr = (t: Translate, key: string, name: string): string => t(key, { defaultValue: name });
