/**
 * Numbers, money, dates and IMEIs as a reader sees them. Every function returns plain text for `<%=`; missing values give ''.
 * Minus is − (U+2212), so that columns of signed numbers line up; copied text is for people, exports use raw values.
 */
import type { Locale } from './page';

export interface Formatters {
  /** 123456 fen → `1,234.56`. */
  money(fen: number | null | undefined): string;
  /** 123456 fen → `¥1,234.56`; headline amounts only. */
  moneyYuan(fen: number | null | undefined): string;
  /** Like money, with + before gains: `+1,234.56`. */
  moneySigned(fen: number | null | undefined): string;
  /** Grouped integer or decimal: 12345 → `12,345`. */
  number(value: number | null | undefined): string;
  /** Basis points with one decimal: 1090 → `10.9%`. */
  percent(basisPoints: number | null | undefined): string;
  /** Like percent, with + before gains. */
  percentSigned(basisPoints: number | null | undefined): string;
  /** `2026-11-22` → the reader's form of a day (zh-CN 2026-11-22, en 22 Nov 2026). */
  date(dateOn: string | null | undefined): string;
  /** `2026-11-22` → month and day only, for rows of one year (zh-CN 11-22, en 22 Nov). */
  dayOfYear(dateOn: string | null | undefined): string;
  /** Epoch milliseconds → month and day only, like dayOfYear. */
  dayAt(epochMs: number | null | undefined): string;
  /** Epoch milliseconds → date and minute in the company's time zone. */
  dateTime(epochMs: number | null | undefined): string;
  /** Epoch milliseconds → `15:58`. */
  time(epochMs: number | null | undefined): string;
  /** Fifteen digits grouped 2-6-6-1, `35 209900 176148 1`; anything else unchanged. */
  imei(text: string | null | undefined): string;
  /** 1536 → `1.5 KB`. */
  fileSize(bytes: number | null | undefined): string;
}

const MINUS = '−';
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const groupThousands = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, ',');
const isNumber = (value: number | null | undefined): value is number =>
  typeof value === 'number' && Number.isFinite(value);
const signOf = (value: number, plus: boolean): string => (value < 0 ? MINUS : plus && value > 0 ? '+' : '');

function moneyText(fen: number, mark: string, plus: boolean): string {
  const whole = Math.abs(Math.round(fen));
  const yuan = groupThousands(String(Math.floor(whole / 100)));
  return `${signOf(fen, plus)}${mark}${yuan}.${String(whole % 100).padStart(2, '0')}`;
}

function percentText(basisPoints: number, plus: boolean): string {
  const tenths = Math.round(Math.abs(basisPoints) / 10);
  const sign = tenths === 0 ? '' : signOf(basisPoints, plus);
  return `${sign}${groupThousands(String(Math.floor(tenths / 10)))}.${tenths % 10}%`;
}

function numberText(value: number): string {
  const [whole = '0', decimals] = String(Math.abs(value)).split('.');
  return `${signOf(value, false)}${groupThousands(whole)}${decimals ? `.${decimals}` : ''}`;
}

function dateText(dateOn: string, locale: Locale): string {
  if (locale === 'zh-CN') return dateOn;
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(dateOn);
  return match ? `${Number(match[3])} ${MONTHS[Number(match[2]) - 1] ?? match[2]} ${match[1]}` : dateOn;
}

function dayText(dateOn: string, locale: Locale): string {
  return locale === 'zh-CN' ? dateOn.slice(5) : dateText(dateOn, locale).replace(/ \d{4}$/, '');
}

function imeiText(text: string): string {
  const match = /^(\d{2})(\d{6})(\d{6})(\d)$/.exec(text);
  return match ? match.slice(1).join(' ') : text;
}

function fileSizeText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? size : size.toFixed(1)} ${units[unit]}`;
}

/** Splits an instant into the wall clock of a time zone; one Intl object per zone, because making one is slow. */
function wallClock(timeZone: string): (epochMs: number) => { dateOn: string; time: string } {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return (epochMs) => {
    const [dateOn = '', time = ''] = format.format(epochMs).split(' ');
    return { dateOn, time };
  };
}

const made = new Map<string, Formatters>();

/** The formatters of one reader. `timeZone` is the company's (IANA name); the answer is shared and immutable. */
export function formattersFor(locale: Locale, timeZone = 'Asia/Shanghai'): Formatters {
  const key = `${locale} ${timeZone}`;
  let formatters = made.get(key);
  if (!formatters) {
    formatters = makeFormatters(locale, timeZone);
    made.set(key, formatters);
  }
  return formatters;
}

function makeFormatters(locale: Locale, timeZone: string): Formatters {
  const clock = wallClock(timeZone);
  return Object.freeze<Formatters>({
    money: (fen) => (isNumber(fen) ? moneyText(fen, '', false) : ''),
    moneyYuan: (fen) => (isNumber(fen) ? moneyText(fen, '¥', false) : ''),
    moneySigned: (fen) => (isNumber(fen) ? moneyText(fen, '', true) : ''),
    number: (value) => (isNumber(value) ? numberText(value) : ''),
    percent: (basisPoints) => (isNumber(basisPoints) ? percentText(basisPoints, false) : ''),
    percentSigned: (basisPoints) => (isNumber(basisPoints) ? percentText(basisPoints, true) : ''),
    date: (dateOn) => (dateOn ? dateText(dateOn, locale) : ''),
    dayOfYear: (dateOn) => (dateOn ? dayText(dateOn, locale) : ''),
    dayAt: (epochMs) => (isNumber(epochMs) ? dayText(clock(epochMs).dateOn, locale) : ''),
    dateTime: (epochMs) => {
      if (!isNumber(epochMs)) return '';
      const { dateOn, time } = clock(epochMs);
      return `${dateText(dateOn, locale)} ${time}`;
    },
    time: (epochMs) => (isNumber(epochMs) ? clock(epochMs).time : ''),
    imei: (text) => (text ? imeiText(text) : ''),
    fileSize: (bytes) => (isNumber(bytes) ? fileSizeText(bytes) : ''),
  });
}
