import { joinDigitGroups } from './digit-groups';
import { completeImei, imeiCheckDigit, isMeid, isPlaceholder, isValidImei, meidCheckDigit } from './imei';
import { cutAtLabels, type LabelledText } from './scan-labels';
import { foldDigits } from './text';

export interface ScannedIdentifier {
  kind: 'imei' | 'meid' | 'sn';
  value: string;
  /** Which of the phone's two IMEIs, where the line says so. */
  slot?: 1 | 2;
}

/**
 * note: cleaned, worth showing; warn: taken, but its check digit is wrong and only a person with the right may keep it;
 * refuse: not taken. `code` is an i18n key in "errors:imei", `text` the piece of the line it is about.
 */
export interface ScanProblem {
  level: 'note' | 'warn' | 'refuse';
  code: string;
  text: string;
  details: Record<string, unknown>;
}

export interface ScanResult {
  identifiers: ScannedIdentifier[];
  problems: ScanProblem[];
}

const MAX_LINE_LENGTH = 1000;
const HARD_SEPARATOR = /[,;|\t\r\n\u3001\uff0c\uff1b]/;
const WRAPPING = /["'`\u2018\u2019\u201c\u201d\u300c\u300d\u3010\u3011[\](){}<>*#=:!?\u3002~]/g;
const EXCEL_NUMBER = /^\d*(?:[.]\d*E\+?|E\+)\d{1,3}$/;
const SERIAL = /^[A-Z0-9][A-Z0-9/.+_-]{2,39}$/;

/**
 * Finds the device numbers in one line as scanners, boxes, chats and spreadsheets give them: blanks, full-width digits,
 * labels (IMEI1:, SN:), separators, several numbers, no check digit, software version. Nothing is guessed: what cannot
 * be a number is named in `problems`. Values are in stored form (upper case, no separators; IMEI 15, MEID 14 digits).
 */
export function parseScanLine(text: string): ScanResult {
  const result: ScanResult = { identifiers: [], problems: [] };
  if (text.length > MAX_LINE_LENGTH) {
    problem(result, 'refuse', 'line_too_long', text, { length: text.length, max: MAX_LINE_LENGTH });
    return result;
  }
  const line = foldDigits(text).toUpperCase().trim();
  const pieces = cutAtLabels(line);
  const words: string[] = [];
  const columns = pieces.map((piece) => ({ piece, parts: piece.body.split(HARD_SEPARATOR).map(splitWords) }));
  const alone = pieces.length === 1 && columns[0]?.parts.flat().length === 1;
  for (const { piece, parts } of columns) {
    const before = result.identifiers.length;
    let first = piece.label === 'sn' || piece.label === 'other' ? piece.label : null;
    for (const part of parts) {
      const rest = first && part.length > 0 ? part.slice(1) : part;
      if (rest.length < part.length) {
        if (first === 'sn') readSerial(result, part[0] ?? '');
        else words.push(part[0] ?? '');
        first = null;
      }
      readWords(result, rest, piece, alone, words);
    }
    const added = result.identifiers.slice(before);
    if (piece.slot && added.length === 1 && added[0]?.kind === 'imei') added[0].slot = piece.slot;
  }
  dropRepeated(result);
  const noise = words.filter((word) => word !== '');
  if (result.identifiers.length === 0) {
    const [word = ''] = noise;
    if (noise.length === 1 && /^\d+$/.test(word)) problem(result, 'refuse', 'length', word, { length: word.length });
    // A line without any digit is a heading or a remark: nothing of a device is lost with it.
    if (result.problems.length === 0 && line !== '') {
      problem(result, /\d/.test(line) ? 'refuse' : 'note', 'nothing_found', line);
    }
  } else if (noise.length > 0) {
    problem(result, 'note', 'ignored', noise.join(' '));
  }
  return result;
}

function splitWords(part: string): string[] {
  return part
    .replace(WRAPPING, ' ')
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .flatMap(splitAtSlash);
}

/** "number/number" and "number/01" (software version) are two words; "27634/A0WV12345" is one serial number. */
function splitAtSlash(word: string): string[] {
  const parts = word.split(/[/\\&+]/).filter(Boolean);
  const digits = parts.map((part) => part.replace(/[-._]/g, ''));
  return digits.every((part) => /^\d+$/.test(part)) && digits.some((part) => part.length >= 14) ? parts : [word];
}

function readWords(result: ScanResult, words: string[], piece: LabelledText, alone: boolean, noise: string[]): void {
  let digits: string[] = [];
  const flush = (): void => {
    for (const number of joinDigitGroups(digits)) {
      if (number.length <= 4) noise.push(number);
      else readNumber(result, number, piece.label === 'meid');
    }
    digits = [];
  };
  for (const word of words) {
    const bare = word.replace(/[-._]/g, '');
    if (EXCEL_NUMBER.test(word)) problem(result, 'refuse', 'excel_number', word);
    else if (/^\d+$/.test(bare)) digits.push(bare);
    else {
      flush();
      if (!readHexadecimal(result, bare, piece) && !readUnlabelledSerial(result, word, piece, alone)) noise.push(word);
    }
  }
  flush();
}

function readNumber(result: ScanResult, digits: string, meid: boolean): void {
  const { length } = digits;
  if (meid && (length === 14 || (length === 15 && meidCheckDigit(digits.slice(0, 14)) === digits[14]))) {
    result.identifiers.push({ kind: 'meid', value: digits.slice(0, 14) });
  } else if (length >= 14 && length <= 16 && isPlaceholder(digits)) {
    problem(result, 'refuse', 'placeholder', digits);
  } else if (isProductBarcode(digits)) {
    problem(result, 'refuse', 'product_barcode', digits);
  } else if (length === 15) {
    read15(result, digits);
  } else if (length === 14) {
    const value = completeImei(digits);
    problem(result, 'note', 'completed', digits, { value });
    result.identifiers.push({ kind: 'imei', value });
  } else if (length === 16 || (length === 17 && isValidImei(digits.slice(0, 15)))) {
    const value = completeImei(digits.slice(0, 14));
    problem(result, 'note', 'software_version', digits, { value });
    result.identifiers.push({ kind: 'imei', value });
  } else if (/^89\d{17,30}$/.test(digits)) {
    problem(result, 'refuse', 'sim_card', digits);
  } else {
    problem(result, 'refuse', 'length', digits, { length });
  }
}

function read15(result: ScanResult, digits: string): void {
  if (!isValidImei(digits)) {
    // A serial number of only zeros and a wrong check digit: what is left of 8.69932E+14 written out.
    if (digits.endsWith('0000000')) return problem(result, 'refuse', 'excel_rounded', digits);
    problem(result, 'warn', 'check_digit', digits, { expected: imeiCheckDigit(digits.slice(0, 14)) });
  }
  result.identifiers.push({ kind: 'imei', value: digits });
}

/** Reads a MEID; true if the word is one, or can only be a mistyped IMEI. */
function readHexadecimal(result: ScanResult, word: string, { label }: LabelledText): boolean {
  const body = word.slice(0, 14);
  const whole = word.length === 14 || (word.length === 15 && meidCheckDigit(body) === word[14]);
  if (/^[0-9A-F]{14,15}$/.test(word) && whole && (label === 'meid' || isMeid(body))) {
    result.identifiers.push({ kind: 'meid', value: body });
    return true;
  }
  const letters = word.replace(/\d/g, '');
  const mistyped = word.length >= 14 && word.length <= 16 && letters.length <= 4 && /^[OQDILSBZG]+$/.test(letters);
  if (mistyped || ((label === 'imei' || label === 'meid') && /\d{6}/.test(word))) {
    problem(result, 'refuse', 'letters', word);
    return true;
  }
  return false;
}

/** A word without a label is a serial number if it is all there is; beside other words it is taken with a note. */
function readUnlabelledSerial(result: ScanResult, word: string, { label }: LabelledText, alone: boolean): boolean {
  if (label === 'imei' || label === 'meid' || !/\d/.test(word)) return false;
  if (!SERIAL.test(word) || word.length < (alone ? 5 : 8)) return false;
  if (!alone) problem(result, 'note', 'serial_assumed', word);
  result.identifiers.push({ kind: 'sn', value: word });
  return true;
}

function readSerial(result: ScanResult, word: string): void {
  if (EXCEL_NUMBER.test(word)) problem(result, 'refuse', 'excel_number', word);
  else if (!SERIAL.test(word)) problem(result, 'refuse', 'serial_format', word);
  else result.identifiers.push({ kind: 'sn', value: word });
}

/** GTIN-12/13, and GTIN-14 cartons of Chinese goods (a 14-digit IMEI may not begin 1–7, 69). Check digit: GS1 §7.9. */
function isProductBarcode(digits: string): boolean {
  if (!/^(?:\d{12,13}|[1-7]69\d{11})$/.test(digits)) return false;
  const total = [...digits].reverse().reduce((sum, digit, index) => sum + Number(digit) * (index % 2 ? 3 : 1), 0);
  return total % 10 === 0;
}

function dropRepeated(result: ScanResult): void {
  const seen = new Set<string>();
  result.identifiers = result.identifiers.filter(({ kind, value }) => {
    const fresh = !seen.has(`${kind} ${value}`);
    if (!fresh) problem(result, 'note', 'repeated_on_line', value);
    seen.add(`${kind} ${value}`);
    return fresh;
  });
}

function problem(
  result: ScanResult,
  level: ScanProblem['level'],
  key: string,
  text: string,
  details: Record<string, unknown> = {},
): void {
  const short = text.slice(0, 40);
  result.problems.push({ level, code: `errors:imei.${key}`, text: short, details: { text: short, ...details } });
}
