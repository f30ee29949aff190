import { createHash, randomBytes } from 'node:crypto';

/** What a server that knows nobody yet asks for. */
export type Challenge = { scheme: 'basic' } | ({ scheme: 'digest' } & Record<string, string>);

/** Reads WWW-Authenticate; digest is taken where it is offered: it never shows the password. */
export function readChallenge(header: string | undefined): Challenge | undefined {
  if (header === undefined) return undefined;
  const digest = /(?:^|,\s*)digest\s+(.*)/i.exec(header)?.[1];
  if (digest !== undefined) {
    const values: Record<string, string> = {};
    for (const [, name = '', quoted, plain] of digest.matchAll(/(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g))
      values[name.toLowerCase()] ??= (quoted ?? plain ?? '').replace(/\\(.)/g, '$1');
    return { ...values, scheme: 'digest' };
  }
  return /(?:^|,\s*)basic\b/i.test(header) ? { scheme: 'basic' } : undefined;
}

interface Credentials {
  user: string;
  password: string;
}

/** The Authorization header (RFC 7617, RFC 7616 with qop=auth). `path` as it stands in the request. */
export function answerChallenge(
  challenge: Challenge,
  { user, password }: Credentials,
  {
    method,
    path,
    count,
    cnonce = randomBytes(16).toString('hex'),
  }: { method: string; path: string; count: number; cnonce?: string },
): string {
  if (challenge.scheme === 'basic') return `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
  const { realm = '', nonce = '', opaque, algorithm = 'MD5' } = challenge;
  const name = algorithm.toUpperCase().replace(/-SESS$/, '');
  const hash = (text: string): string =>
    createHash(name === 'SHA-256' ? 'sha256' : 'md5')
      .update(text)
      .digest('hex');
  const nc = count.toString(16).padStart(8, '0');
  const session = /-sess$/i.test(algorithm);
  const login = hash(`${user}:${realm}:${password}`);
  const first = session ? hash(`${login}:${nonce}:${cnonce}`) : login;
  const second = hash(`${method}:${path}`);
  const withQop = challenge.qop !== undefined && challenge.qop.split(/,\s*/).includes('auth');
  const response = hash(withQop ? `${first}:${nonce}:${nc}:${cnonce}:auth:${second}` : `${first}:${nonce}:${second}`);
  const quote = (value: string): string => `"${value.replace(/["\\]/g, '\\$&')}"`;
  const header = [
    `Digest username=${quote(user)}`,
    `realm=${quote(realm)}`,
    `nonce=${quote(nonce)}`,
    `uri=${quote(path)}`,
    `response="${response}"`,
    ...(challenge.algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
    ...(opaque === undefined ? [] : [`opaque=${quote(opaque)}`]),
    ...(withQop ? ['qop=auth', `nc=${nc}`, `cnonce="${cnonce}"`] : session ? [`cnonce="${cnonce}"`] : []),
  ].join(', ');
  // A header carries bytes: those of UTF-8.
  return Buffer.from(header, 'utf8').toString('latin1');
}
