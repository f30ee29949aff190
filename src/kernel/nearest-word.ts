import { normaliseCode } from './text';

const bare = (text: string): string => normaliseCode(text).replace(/[^\p{L}\p{N}]/gu, '');

/** The word that is meant whatever the case, the width and the spaces; undefined when none is the same. */
export function sameWord(text: string, words: readonly string[]): string | undefined {
  return words.find((word) => bare(word) === bare(text));
}

/**
 * The word that somebody most likely meant who wrote another: one that holds it or is held by it, else the one that differs in
 * the fewest characters, at most every second. Undefined when none comes near.
 */
export function nearestWord(text: string, words: readonly string[]): string | undefined {
  const typed = bare(text);
  if (typed === '') return undefined;
  const ranked = words
    .map((word) => ({ word, steps: stepsBetween(typed, bare(word)) }))
    .filter(({ word, steps }) => steps <= Math.max(typed.length, bare(word).length) / 2)
    .sort((a, b) => a.steps - b.steps);
  return ranked[0]?.word;
}

/** Characters to add, remove or replace; only half of one where one text holds the other. */
function stepsBetween(a: string, b: string): number {
  if (a.length > 0 && b.length > 0 && (a.includes(b) || b.includes(a))) return Math.abs(a.length - b.length) / 2;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [at, letter] of [...a].entries()) {
    const next = [at + 1];
    for (let column = 1; column <= b.length; column++)
      next.push(
        Math.min(
          (row[column] ?? 0) + 1,
          (next[column - 1] ?? 0) + 1,
          (row[column - 1] ?? 0) + (b[column - 1] === letter ? 0 : 1),
        ),
      );
    row = next;
  }
  return row[b.length] ?? 0;
}
