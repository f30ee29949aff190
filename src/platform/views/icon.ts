import { assetPath } from './assets';
import { ICON_NAMES, type IconName } from './icon-names';

const known = new Set<string>(ICON_NAMES);

/**
 * The function behind `page.icon`: markup that shows one symbol of the sprite. Icons are decoration beside words, so they
 * are hidden from screen readers; a button that shows an icon alone carries its own aria-label.
 */
export function iconPrinter(assetVersion: string): (name: IconName, className?: string) => string {
  const sprite = assetPath(assetVersion, 'vendor/icons.svg');
  return (name, className) => {
    if (!known.has(name)) throw new Error(`icon '${name}' is not listed in icon-names.ts`);
    const classes = className && /^[\w -]+$/.test(className) ? `icon ${className}` : 'icon';
    return `<svg class="${classes}" aria-hidden="true"><use href="${sprite}#${name}"/></svg>`;
  };
}
