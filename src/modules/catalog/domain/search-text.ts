import { nameKey } from './variant';

/** A name with its brand in front, unless the name already says it: 苹果 + iPhone 17 → "苹果 iPhone 17". */
export function withBrand(brandName: string, name: string): string {
  return nameKey(name).includes(nameKey(brandName)) ? name : `${brandName} ${name}`;
}
