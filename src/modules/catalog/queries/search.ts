import { normaliseCode } from '../../../kernel';
import type { Reader } from '../../../platform/database';
import type { SearchHit } from '../../../platform/modules';
import { searchSkus } from './sku-cards';

/** For the search box: variants by name, pinyin initials, code or barcode; they lead to their product. */
export async function findProducts({ read }: { read: Reader }, text: string): Promise<SearchHit[]> {
  const found = await searchSkus(read, text, 8);
  const code = normaliseCode(text);
  const [first] = found;
  const barcode = /^\d{8,14}$/.test(code) && found.length === 1;
  return found.map((card) => ({
    kind: 'product',
    title: card.name,
    detail: [card.code, card.brandName].join(' · '),
    href: `/catalog/products/${card.productId}`,
    exact: card.code === code || (barcode && card === first),
  }));
}
