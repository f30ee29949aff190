import { type Cell } from './cell';
import { numberCell } from './number-text';

const DAY_S = 86_400;

/** Ids of ECMA-376 18.8.30 that show dates or times, those for Chinese included. */
function isBuiltInDate(id: number): boolean {
  return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
}

/** How a number format shows a value: as a number, a day or time, or a length of time ([h]:mm). */
export type NumberKind = 'number' | 'date' | 'elapsed';

export function kindOfFormat(id: number, code: string | undefined): NumberKind {
  if (code === undefined) return isBuiltInDate(id) ? (id === 46 ? 'elapsed' : 'date') : 'number';
  // What is quoted, escaped, a filler, a colour or a locale is no placeholder. Only the first section counts.
  const bare = code
    .replace(/"[^"]*"|\\.|_.|\*./g, '')
    .split(';', 1)[0]
    ?.toLowerCase();
  if (/\[(?:h+|m+|s+)\]/.test(bare ?? '')) return 'elapsed';
  const placeholders = (bare ?? '').replace(/\[[^\]]*\]/g, '').replace(/general/g, '');
  return /[ymdhs]/.test(placeholders) ? 'date' : 'number';
}

/** A serial number of days as a date cell; the number itself where no day corresponds. */
export function dateCell(stored: string, epoch1904: boolean): Cell {
  const serial = Number(stored);
  if (stored.trim() === '' || !Number.isFinite(serial) || serial < 0 || serial >= 2_958_466) return numberCell(stored);
  const seconds = Math.round(serial * DAY_S);
  const time = clock(seconds % DAY_S);
  if (seconds < DAY_S && !epoch1904) return { text: time, type: 'date' };
  // The 1900 calendar counts a 29 February 1900 that never was: before it the days are one off.
  const days = Math.floor(seconds / DAY_S);
  const first = epoch1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, days < 60 ? 31 : 30);
  const day = dayText(first + days * DAY_S * 1000);
  return { text: seconds % DAY_S === 0 ? day : `${day} ${time}`, type: 'date' };
}

const dayTexts = new Map<number, string>();

/** A sheet repeats its days; writing each anew is what reading it would spend most on. */
function dayText(epochMs: number): string {
  let text = dayTexts.get(epochMs);
  if (text === undefined) {
    text = new Date(epochMs).toISOString().slice(0, 10);
    if (dayTexts.size >= 5000) dayTexts.clear();
    dayTexts.set(epochMs, text);
  }
  return text;
}

/** A length of time as "255:10:12". */
export function elapsedCell(stored: string): Cell {
  const serial = Number(stored);
  if (stored.trim() === '' || !Number.isFinite(serial) || serial < 0 || serial > 1e7) return numberCell(stored);
  const seconds = Math.round(serial * DAY_S);
  return {
    text: `${String(Math.floor(seconds / 3600)).padStart(2, '0')}${clock(seconds % 3600).slice(2)}`,
    type: 'date',
  };
}

function clock(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
