// What scanners, chat programs and spreadsheets leave in text and nobody can see: controls except tab and line ends,
// soft hyphen, zero-width and direction marks, byte order mark.
const INVISIBLE = /(?![\t\n\r])[\p{Cc}\p{Cf}]/gu;
const DASHES = /[\u2010-\u2015\u2212\u30fc\ufe58\ufe63]/g;

/** Full-width letters, digits and marks become plain ones, every dash a hyphen; invisible characters go. */
export function foldDigits(text: string): string {
  return text.normalize('NFKC').replace(INVISIBLE, '').replace(DASHES, '-');
}

/** The stored form of a code (SKU, IMEI, document number, login): NFKC, trimmed, inner blanks single, upper case. */
export function normaliseCode(text: string): string {
  return text.normalize('NFKC').replace(INVISIBLE, '').replace(/\s+/g, ' ').trim().toUpperCase();
}

/** The stored form of a name: visible characters only, trimmed, inner blanks single; letters as typed. */
export function normaliseName(text: string): string {
  // The joiners stay: pictures of several parts (families, flags of nicknames) are held together by them.
  return text
    .normalize('NFC')
    .replace(INVISIBLE, (mark) => (/[\u200c\u200d]/.test(mark) ? mark : ''))
    .replace(/\s+/g, ' ')
    .trim();
}

/** '' and blanks become null, as on every database write. */
export function emptyToNull(text: string | null | undefined): string | null {
  const trimmed = text?.trim();
  return trimmed ? trimmed : null;
}

const CN_MOBILE = /^(?:1[3-9]|9[28])\d{9}$/;
const CN_LANDLINE = /^0(?:10|2\d|[3-9]\d{2})[2-8]\d{6,7}$/;
const CN_SERVICE = /^[48]00\d{7}$/;

/**
 * One spelling per telephone number, or null when it is none. Mainland numbers lose +86/0086/86 and separators
 * (13812345678, 02584455667, 4008001234); others keep their country code as "+" and digits (E.164, 7–15 digits).
 */
export function normalisePhone(text: string): string | null {
  const plain = foldDigits(text).replace(/[\s().-]/g, '');
  if (!/^\+?\d{5,18}$/.test(plain)) return null;
  const abroad = /^(?:\+|00)(\d+)$/.exec(plain)?.[1];
  const mainland = abroad === undefined ? plain : abroad.startsWith('86') ? abroad.slice(2) : null;
  if (mainland !== null) {
    // After +86 the leading 0 of an area code is left out.
    for (const candidate of [mainland, mainland.replace(/^86(?=1\d{10}$)/, ''), abroad ? `0${mainland}` : '']) {
      if (CN_MOBILE.test(candidate) || CN_LANDLINE.test(candidate) || CN_SERVICE.test(candidate)) return candidate;
    }
    return null;
  }
  return abroad !== undefined && /^[1-9]\d{6,14}$/.test(abroad) ? `+${abroad}` : null;
}

/** At most `length` characters, never half of a surrogate pair; what is cut off ends in "…". */
export function shorten(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, Math.max(0, length - 1)).join('')}…`;
}
