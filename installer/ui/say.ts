import type { Text } from '../../src/platform/checks';
import type { Translate } from '../../src/platform/i18n';

export type Say = (text: Text) => string;

export const sayIn =
  (t: Translate): Say =>
  ({ key, values }) =>
    t(key, values);
