import type { ChartTheme } from '../../../platform/charts';
import { listHref, type ListQuery } from '../../../platform/lists';

const WIDE = 1100;
const PHONE = 320;

/** Addresses of a list's picture, drawn with the filters of the list: for both themes, at a desk and on a phone. */
export interface ChartLinks {
  wide: { light: string; dark: string };
  phone: { light: string; dark: string };
}

export function chartLinks(query: ListQuery, path: string): ChartLinks {
  const at = (asked: Record<string, string>): string => listHref({ ...query, spec: { ...query.spec, path } }, asked);
  return {
    wide: { light: at({}), dark: at({ theme: 'dark' }) },
    phone: { light: at({ size: 'phone' }), dark: at({ size: 'phone', theme: 'dark' }) },
  };
}

/** What such an address asks for; a picture is drawn about as wide as it is shown, so that its words can be read. */
export const chartLook = (asked: Readonly<Record<string, unknown>>): { width: number; theme: ChartTheme } => ({
  width: asked['size'] === 'phone' ? PHONE : WIDE,
  theme: asked['theme'] === 'dark' ? 'dark' : 'light',
});
