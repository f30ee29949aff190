import { invalid } from './errors';
import { foldDigits } from './text';

declare const dateBrand: unique symbol;
/** A calendar day of the business as text 'YYYY-MM-DD'; compares and sorts as text. No time, no zone. */
export type BusinessDate = string & { readonly [dateBrand]: true };

const DAY_MS = 86_400_000;
const STRICT = /^(\d{4})-(\d{2})-(\d{2})$/;
const TYPED = /^(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?$/;

export function isBusinessDate(text: unknown): text is BusinessDate {
  const match = typeof text === 'string' ? STRICT.exec(text) : null;
  return match !== null && assemble(Number(match[1]), Number(match[2]), Number(match[3])) !== null;
}

/** Checks an ISO day; throws errors:date.format. */
export function businessDate(text: string): BusinessDate {
  if (!isBusinessDate(text)) throw invalid('errors:date.format', { text: text.slice(0, 40) });
  return text;
}

/** Reads what people write: 2026-11-22, 2026/11/2, 2026.11.2, 2026年11月2日, 20261122; throws errors:date.format. */
export function parseBusinessDate(text: string): BusinessDate {
  const plain = foldDigits(text).replace(/\s/g, '');
  const match = TYPED.exec(plain) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(plain);
  const date = match && assemble(Number(match[1]), Number(match[2]), Number(match[3]));
  if (!date) throw invalid('errors:date.format', { text: text.slice(0, 40) });
  return date;
}

export function addDays(date: BusinessDate, days: number): BusinessDate {
  return fromDayNumber(dayNumber(date) + days);
}

/** The same day n months on; the last day of the month when that day does not exist (31 January + 1 → 28 February). */
export function addMonths(date: BusinessDate, months: number): BusinessDate {
  const [year, month, day] = parts(date);
  const index = year * 12 + (month - 1) + months;
  const target = new Date(Date.UTC(2000, 0, 1));
  target.setUTCFullYear(Math.floor(index / 12), (index % 12) + 1, 0); // day 0 of the month after: its last day
  return format(target.getUTCFullYear(), target.getUTCMonth() + 1, Math.min(day, target.getUTCDate()));
}

/** Whole days from the first to the second date; negative when the second is earlier. */
export function daysBetween(from: BusinessDate, to: BusinessDate): number {
  return dayNumber(to) - dayNumber(from);
}

/** 'YYYY-MM' */
export function monthOf(date: BusinessDate): string {
  return date.slice(0, 7);
}

export function firstOfMonth(date: BusinessDate): BusinessDate {
  return `${monthOf(date)}-01` as BusinessDate;
}

export function lastOfMonth(date: BusinessDate): BusinessDate {
  return addDays(addMonths(firstOfMonth(date), 1), -1);
}

/** 1 Monday … 7 Sunday (ISO 8601). */
export function weekdayOf(date: BusinessDate): number {
  return ((((dayNumber(date) + 3) % 7) + 7) % 7) + 1;
}

/** The calendar day at an instant in an IANA time zone ('Asia/Shanghai'). */
export function fromInstant(epochMs: number, timeZone: string): BusinessDate {
  const { year, month, day } = clockAt(epochMs, timeZone);
  return format(year, month, day);
}

export interface LocalClock {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

const QUARTER_MS = 900_000;
/** Before, zones had offsets with odd seconds that began in the middle of a quarter of an hour. */
const REGULAR_FROM = Date.UTC(1973, 0, 1);
const MOST_OFFSETS = 2000;
/** By zone: what to add to UTC in a quarter of an hour. Asking Intl costs as much as a short query, and every request asks. */
const offsets = new Map<string, Map<number, number>>();

/** 15:58:21: the wall clock at an instant in a time zone. */
export function clockText(epochMs: number, timeZone: string): string {
  const { hour, minute, second } = clockAt(epochMs, timeZone);
  return [hour, minute, second].map((part) => String(part).padStart(2, '0')).join(':');
}

/** The wall clock at an instant in a time zone; hour 0–23. */
export function clockAt(epochMs: number, timeZone: string): LocalClock {
  if (epochMs < REGULAR_FROM) return askClock(epochMs, timeZone);
  const quarter = Math.floor(epochMs / QUARTER_MS);
  let known = offsets.get(timeZone);
  if (!known) offsets.set(timeZone, (known = new Map()));
  let offset = known.get(quarter);
  if (offset === undefined) {
    if (known.size >= MOST_OFFSETS) known.clear();
    const c = askClock(quarter * QUARTER_MS, timeZone);
    offset = Date.UTC(c.year, c.month - 1, c.day, c.hour, c.minute, c.second) - quarter * QUARTER_MS;
    known.set(quarter, offset);
  }
  const local = new Date(epochMs + offset);
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
  };
}

function askClock(epochMs: number, timeZone: string): LocalClock {
  let zone = formats.get(timeZone);
  if (!zone) {
    // prettier-ignore
    zone = new Intl.DateTimeFormat('en-US', { timeZone, calendar: 'gregory', hourCycle: 'h23',
      year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' });
    formats.set(timeZone, zone);
  }
  const clock: LocalClock = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
  for (const { type, value } of zone.formatToParts(epochMs)) {
    if (type in clock) clock[type as keyof LocalClock] = Number(value);
  }
  return clock;
}

/** What a date-and-time field of a form holds: '2026-11-23T18:30', in a time zone. */
export function localMinute(epochMs: number, timeZone: string): string {
  const { year, month, day, hour, minute } = clockAt(epochMs, timeZone);
  return `${format(year, month, day)}T${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

/** The instant (epoch milliseconds) of '2026-11-23T18:30' (or with a space) in a time zone; null when it is none. */
export function parseLocalMinute(text: string, timeZone: string): number | null {
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::\d{2})?$/.exec(text.trim());
  if (!match || !isBusinessDate(match[1])) return null;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  if (Number(match[2]) > 23 || Number(match[3]) > 59) return null;
  return atWallClock(dayNumber(match[1]) * DAY_MS + minutes * 60_000, timeZone);
}

/** The instant (epoch milliseconds) at which a day begins in a time zone. */
export const startOfDay = (date: BusinessDate, timeZone: string): number =>
  atWallClock(dayNumber(date) * DAY_MS, timeZone);

/** `midnight`: what the clock on the wall shows, as if it stood in UTC. */
function atWallClock(midnight: number, timeZone: string): number {
  const offsetAt = (instant: number): number => {
    const c = clockAt(instant, timeZone);
    return Date.UTC(c.year, c.month - 1, c.day, c.hour, c.minute, c.second) - Math.floor(instant / 1000) * 1000;
  };
  // Twice, because the offset that holds at midnight may differ from the one at the first guess.
  const guess = midnight - offsetAt(midnight);
  return midnight - offsetAt(guess);
}

function parts(date: BusinessDate): [number, number, number] {
  return [Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8, 10))];
}

function dayNumber(date: BusinessDate): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}

function fromDayNumber(number: number): BusinessDate {
  const date = new Date(number * DAY_MS);
  return format(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate());
}

function assemble(year: number, month: number, day: number): BusinessDate | null {
  if (year < 1900 || month < 1 || month > 12 || day < 1) return null;
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return day <= lastDay ? format(year, month, day) : null;
}

function format(year: number, month: number, day: number): BusinessDate {
  if (!(year >= 1900 && year <= 9999)) throw invalid('errors:date.out_of_range');
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}` as BusinessDate;
}
