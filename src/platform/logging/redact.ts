const MASK = '[hidden]';
const MAX_DEPTH = 8;
const MAX_ITEMS = 100;

/** Names whose values never reach a log, however deep; compared without case, '_' and '-'. */
const SECRET_NAME =
  /passw(or)?d|passcode|secret|token|cookie|authorization|apikey|privatekey|csrf|totp|^otp|phone|mobile|idcard|idnumber/;
/** A mainland mobile number standing alone; an IMEI has 15 digits and stays readable. */
const MOBILE_NUMBER = /(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)/g;

/**
 * A copy of a log record's plain objects and arrays with secret values hidden. Objects of classes (requests, errors)
 * are left to their serializers, which pick what is printed.
 */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '[too deep]';
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => redact(item, depth + 1));
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, isSecretName(name) ? hide(inner) : redact(inner, depth + 1)]),
  );
}

/** Hides the middle of mobile numbers in free text, such as a driver's message that quotes a row. */
export function redactText(text: string): string {
  return text.replace(MOBILE_NUMBER, '$1****$2');
}

/** A one-time link carries its secret in the path. */
const SECRET_PATH = /^(\/set-password\/)[^/]+/;

/** The path and query of a request with secrets hidden. */
export function redactUrl(url: string): string {
  const [whole = '', query] = url.split('?', 2);
  const path = whole.replace(SECRET_PATH, `$1${MASK}`);
  if (query === undefined) return redactText(path);
  const parameters = query.split('&').map((pair) => {
    const name = decoded(pair.split('=', 1)[0] ?? '');
    return isSecretName(name) ? `${name}=${MASK}` : pair;
  });
  return redactText(`${path}?${parameters.join('&')}`);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name.toLowerCase().replace(/[_-]/g, ''));
}

/** Whether there was a value may matter; which one never does. */
function hide(value: unknown): unknown {
  return value === undefined || value === null || value === '' ? value : MASK;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
