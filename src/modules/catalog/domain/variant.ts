import { foldDigits } from '../../../kernel';

export interface VariantAttributes {
  memory?: string | null;
  colour?: string | null;
  network?: string | null;
  variant?: string | null;
}

/** A name as it is compared: 小米 17, 小米17 and 小米17 with a full-width space are one; so are iPhone and IPHONE. */
export function nameKey(name: string): string {
  return foldDigits(name).toLowerCase().replace(/\s+/g, '');
}

/** The attributes as they are compared; '-' for a SKU without any. */
export function variantKey(attributes: VariantAttributes): string {
  const parts = [attributes.memory, attributes.colour, attributes.network, attributes.variant];
  const key = parts.map((part) => nameKey(part ?? '')).join('/');
  return key === '///' ? '-' : key;
}

/** "小米 17" + 12+512G, 雪山粉 → "小米 17 12+512G 雪山粉" */
export function skuName(productName: string, attributes: VariantAttributes): string {
  return [productName, attributes.memory, attributes.colour, attributes.network, attributes.variant]
    .filter((part) => part)
    .join(' ');
}
