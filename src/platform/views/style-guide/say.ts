import type { Formatters } from '../format';

type Translate = (key: string, variables?: Record<string, unknown>) => string;

/** What the sample pages need of a reader: words (`say` looks into the style-guide texts) and formats. */
export interface Say {
  say: Translate;
  t: Translate;
  f: Formatters;
}

export const sayFor = (t: Translate, f: Formatters): Say => ({
  t,
  f,
  say: (key, variables) => t(`style-guide:${key}`, variables),
});
