import { pinyin } from 'pinyin-pro';

/** Length of every search_key column. */
export const SEARCH_KEY_LENGTH = 400;

/**
 * What a search_key column holds, so that one LIKE finds a name however a clerk types it: the name itself, the initials
 * (华为 Mate 70 Pro → hwm70p, hwmate70pro), the whole pinyin (huaweimate70pro) and the name without blanks.
 * Lower case, NFKC; ü is v, as on a keyboard. A person's surname gets its own reading (单 Shàn, 曾 Zēng).
 */
export function searchKey(text: string, kind: 'thing' | 'person' = 'thing'): string {
  const plain = fold(text.slice(0, SEARCH_KEY_LENGTH));
  const syllables = read(plain, kind);
  const keys = [
    plain,
    syllables.map((part) => (part.han ? part.sound.slice(0, 1) : shortForm(part.sound))).join(''),
    syllables.map((part) => compact(part.han ? part.sound.slice(0, 1) : part.sound)).join(''),
    syllables.map((part) => compact(part.sound)).join(''),
    compact(plain),
  ];
  const key = [...new Set(keys)].filter(Boolean).join(' ');
  // Not half of a surrogate pair at the end.
  return key
    .slice(0, SEARCH_KEY_LENGTH)
    .replace(/\p{Surrogate}$/u, '')
    .trimEnd();
}

/** The words of a query, each of which must occur in the search key; at most eight, escaped by the caller for LIKE. */
export function searchTerms(query: string): string[] {
  return [...new Set(fold(query).split(' '))].filter(Boolean).slice(0, 8);
}

export interface Reading {
  origin: string;
  sound: string;
  han: boolean;
}

export function read(plain: string, kind: 'thing' | 'person'): Reading[] {
  const syllables = pinyin(plain, {
    type: 'all',
    toneType: 'none',
    nonZh: 'consecutive',
    surname: kind === 'person' ? 'head' : 'off',
  });
  return syllables.map(({ pinyin: sound, origin, isZh }) => ({
    origin,
    sound: isZh ? sound.replaceAll('ü', 'v') : origin,
    han: isZh,
  }));
}

export function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
}

export function compact(text: string): string {
  return text.replace(/[\s\p{P}\p{S}]+/gu, '');
}

/** First letters of words, numbers whole: "mate 70 pro" → "m70p" */
function shortForm(text: string): string {
  return (text.match(/\p{N}+|\p{L}+/gu) ?? []).map((word) => (/^\p{N}/u.test(word) ? word : [...word][0])).join('');
}
