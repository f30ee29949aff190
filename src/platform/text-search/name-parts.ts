import { compact, fold, type Reading, read, searchTerms } from './pinyin';

/** So much of a run of Chinese characters, of initials, and of letters is told apart. */
const MOST_HAN = 6;
const MOST_INITIALS = 6;
const MOST_LETTERS = 12;
/** Parts of one name. The longest names of people have about fifty. */
const MOST_NAME_PARTS = 256;

/** A Chinese character or a word in letters. */
interface Piece {
  han: string;
  initial: string;
  sound: string;
}

/**
 * Every beginning that a name is found by, from each of its characters or words on: 王小明 by 王, 王小, 小明, 明 …, by initials
 * (w, wx, wxm, xm …) and by pinyin (wa, wang, wangx, xiaom …); names in letters by the beginnings of their words. Each can be
 * looked up by itself, so that the parts can be kept as keyed hashes.
 */
export function nameParts(name: string): string[] {
  const pieces = read(fold(name), 'person').flatMap(piecesOf);
  const parts = new Set<string>();
  for (const at of pieces.keys()) {
    const rest = pieces.slice(at);
    const otherwise = rest.findIndex(({ han }) => han === '');
    const run = otherwise === -1 ? rest : rest.slice(0, otherwise);
    addBeginnings(parts, run.map(({ han }) => han).join(''), 1, MOST_HAN);
    addBeginnings(parts, rest.map(({ initial }) => initial).join(''), 1, MOST_INITIALS);
  }
  for (const at of pieces.keys()) {
    const sounds = pieces
      .slice(at)
      .map(({ sound }) => sound)
      .join('');
    addBeginnings(parts, sounds, 2, MOST_LETTERS);
  }
  return [...parts].slice(0, MOST_NAME_PARTS);
}

/** What a query asks for: each must be among the parts of the name. Chinese characters and letters of one word are two. */
export const nameQuery = (query: string): string[] => [
  ...new Set(
    searchTerms(query)
      .flatMap((term) => compact(term).match(/\p{Script=Han}+|[^\p{Script=Han}]+/gu) ?? [])
      .map((run) => [...run].slice(0, /^\p{Script=Han}/u.test(run) ? MOST_HAN : MOST_LETTERS).join('')),
  ),
];

function piecesOf({ han, sound, origin }: Reading): Piece[] {
  if (han) return [{ han: origin, initial: sound.slice(0, 1), sound }];
  // A rare character that has no reading here is found by itself.
  return (origin.match(/\p{Script=Han}|[^\p{Script=Han}\s\p{P}\p{S}]+/gu) ?? []).map((part) =>
    /^\p{Script=Han}/u.test(part)
      ? { han: part, initial: '', sound: '' }
      : { han: '', initial: [...part][0] ?? '', sound: part },
  );
}

function addBeginnings(parts: Set<string>, text: string, from: number, most: number): void {
  const characters = [...text];
  for (let length = from; length <= Math.min(most, characters.length); length += 1)
    parts.add(characters.slice(0, length).join(''));
}
