import { assetPath } from './assets';
import { ICON_NAMES, type IconName } from './icon-names';

type IconPrinter = (name: IconName, className?: string) => string;

const known = new Set<string>(ICON_NAMES);
const printers = new Map<string, IconPrinter>();

/**
 * The function behind `page.icon`: markup that shows one symbol of the sprite. Icons are decoration beside words, so they
 * are hidden from screen readers; a button that shows an icon alone carries its own aria-label.
 * The answer is shared between requests.
 */
export function iconPrinter(assetVersion: string): IconPrinter {
  let printer = printers.get(assetVersion);
  if (!printer) {
    printer = makePrinter(assetVersion);
    printers.set(assetVersion, printer);
  }
  return printer;
}

function makePrinter(assetVersion: string): IconPrinter {
  const sprite = assetPath(assetVersion, 'vendor/icons.svg');
  const plain = new Map<string, string>();
  return (name, className) => {
    const cached = className ? undefined : plain.get(name);
    if (cached) return cached;
    if (!known.has(name)) throw new Error(`icon '${name}' is not listed in icon-names.ts`);
    const classes = className && /^[\w -]+$/.test(className) ? `icon ${className}` : 'icon';
    const markup = `<svg class="${classes}" aria-hidden="true"><use href="${sprite}#${name}"/></svg>`;
    if (!className) plain.set(name, markup);
    return markup;
  };
}
