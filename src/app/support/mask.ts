import { redactText } from '../../platform/logging';

export interface Mask {
  text: (text: string) => string;
  /** Every text in it, however deep; names of fields stay. */
  value: (value: unknown) => unknown;
}

export interface Known {
  /** Secrets word for word. */
  secrets: readonly string[];
  /** Names of customers, staff and suppliers. */
  names: readonly string[];
}

const SHORTEST_SECRET = 4;
/** A single character is everywhere; so is a short word of small letters that may be a name by accident. */
const isTellingName = (name: string): boolean =>
  /^[\x20-\x7e]+$/.test(name) ? name.length >= 4 && !/^[a-z]+$/.test(name) : [...name].length >= 2;

/** What looks like it, wherever it stands. The order matters: what holds another comes first. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, '[secret]'],
  [/AGE-SECRET-KEY-1[0-9A-Z]+/gi, '[secret]'],
  [/otpauth:\/\/\S+/g, '[secret]'],
  [/\b(Bearer|Basic) +[\w.~+/=-]{6,}/gi, '$1 [secret]'],
  [/(\w+:\/\/)[^\s/@:]+:[^\s/@]+@/g, '$1[secret]@'],
  [
    /\b((?:\w*(?:passw(?:or)?d|passphrase|passcode|secret|token|api_?key|signature|cookie))["']?\s*[=:]\s*)["']?[^\s"'&,;}]+/gi,
    '$1[secret]',
  ],
  [/(\/set-password\/)[^\s/?"']+/g, '$1[secret]'],
  // What somebody searched for stands in the address.
  [/\?[\w.[\]-]+=[^\s"']*/g, '?[query]'],
  [/[\w.+-]{1,64}@[\w-]+(\.[\w-]+)+/g, '[mail]'],
  [/(?<![\w-])\d{17}[\dXx](?![\w-])/g, '[id]'],
  // Grouped or not; a number of twelve or fewer digits is none, and an instant in milliseconds has thirteen.
  [/(?<![\d.-])\d{2}[ -]?\d{6}[ -]?\d{6}[ -]?\d{1,2}(?![\d.])/g, '[imei]'],
  [/(?<![\d.])\d{14,20}(?![\d.])/g, '[number]'],
  [/(?<![\d.])(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![\d.])/g, '[phone]'],
  [/(?<![\w-])0\d{2,3}-\d{7,8}(?!\w)/g, '[phone]'],
  [/\b[A-Z2-7]{16,}\b/g, '[secret]'],
  [/(?<![\w/.-])(?!age1)[\w+-]{40,}={0,2}(?![\w/.-])/g, '[secret]'],
];

/** `Duplicate entry 'the customer's own words' for key 'ux_…'`: names of tables, keys and files may stay. */
const QUOTED = /'([^'\n]{1,300})'/g;
const IS_IDENTIFIER = /^[A-Za-z_./\\:][\w./\\:-]*$/;

/**
 * Hides secrets and personal data, by what is known and by what it looks like. It hides too much rather than too little: who
 * helps from afar asks for a detail when one is missing.
 */
export function createMask({ secrets, names }: Known): Mask {
  const forms = [...new Set(secrets.filter((one) => one.length >= SHORTEST_SECRET).flatMap(formsOf))];
  // The longest first, so that no rest of one stays when another is part of it.
  forms.sort((a, b) => b.length - a.length);
  const findNames = nameFinder(names.filter(isTellingName));
  const text = (whole: string): string => {
    let left = whole;
    for (const form of forms) left = left.replaceAll(form, '[secret]');
    for (const [pattern, instead] of PATTERNS) left = left.replace(pattern, instead);
    left = left.replace(QUOTED, (quoted, inner: string) => (IS_IDENTIFIER.test(inner) ? quoted : "'[value]'"));
    return redactText(findNames(left));
  };
  const value = (one: unknown): unknown => {
    if (typeof one === 'string') return text(one);
    if (typeof one !== 'object' || one === null) return one;
    if (Array.isArray(one)) return one.map(value);
    return Object.fromEntries(Object.entries(one).map(([key, inner]) => [key, value(inner)]));
  };
  return { text, value };
}

/** As it is, as addresses write it, and as headers of HTTP and mail do. */
const formsOf = (secret: string): string[] => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(secret).toString('base64'),
  JSON.stringify(secret).slice(1, -1),
];

/** Looks at every place for names of every length there is: tens of thousands of names cost no more than one. */
function nameFinder(names: readonly string[]): (text: string) => string {
  const known = new Set(names);
  if (known.size === 0) return (text) => text;
  const lengths = [...new Set(names.map((name) => name.length))].sort((a, b) => b - a);
  return (text) => {
    let out = '';
    for (let at = 0; at < text.length;) {
      const length = lengths.find((one) => at + one <= text.length && known.has(text.slice(at, at + one)));
      out += length === undefined ? text.charAt(at) : '[name]';
      at += length ?? 1;
    }
    return out;
  };
}
