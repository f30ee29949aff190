import { SEARCH_KEY_LENGTH, searchKey } from '../../../platform/text-search';
import { withBrand } from '../domain/search-text';

/** Codes first: a long name may be cut, a code never. */
export function keyOf(brandName: string, name: string, codes: readonly (string | null | undefined)[] = []): string {
  const words = codes.filter((code) => code).map((code) => String(code).normalize('NFKC').toLowerCase());
  const key = [...words, searchKey(withBrand(brandName, name))].join(' ');
  return key
    .slice(0, SEARCH_KEY_LENGTH)
    .replace(/\p{Surrogate}$/u, '')
    .trimEnd();
}
