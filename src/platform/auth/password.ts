import { argon2, type Argon2Parameters, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { type FieldProblem, invalid } from '../../kernel';
import { COMMON_PASSWORDS } from './common-passwords';

const derive = promisify<'argon2id', Argon2Parameters, Buffer>(argon2 as never);

/** OWASP's second recommendation for argon2id: 19 MiB, two passes, one lane. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const TAG_BYTES = 32;
const MOST_CHARACTERS = 128;

/** `$argon2id$v=19$m=…,t=…,p=…$salt$tag` (PHC string format). */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16);
  const tag = await derive('argon2id', { message: message(password), nonce, tagLength: TAG_BYTES, ...COST });
  const { memory, passes, parallelism } = COST;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(nonce)}$${unpadded(tag)}`;
}

/** False for a hash that is not readable, too. Without a hash the same work is done, so that time tells nothing. */
export async function verifyPassword(password: string, phc: string | null): Promise<boolean> {
  const parsed = parsePhc(phc ?? NOBODY);
  if (!parsed) return false;
  const { memory, passes, parallelism, nonce, tag } = parsed;
  const parameters = { message: message(password), nonce, tagLength: tag.length, memory, passes, parallelism };
  const right = timingSafeEqual(await derive('argon2id', parameters), tag);
  return right && phc !== null;
}

/** Whether the hash was made with a lower cost than today's and should be made again at the next sign-in. */
export function needsRehash(phc: string): boolean {
  const parsed = parsePhc(phc);
  return !parsed || parsed.memory < COST.memory || parsed.passes < COST.passes;
}

/** Throws errors:form with the field `password` unless the password may be used for this login. */
export function checkPassword(password: string, { login, minLength }: { login: string; minLength: number }): void {
  const plain = password.normalize('NFKC');
  const lower = plain.toLowerCase();
  const refuse = (code: string, details: Record<string, unknown> = {}): never => {
    const problem: FieldProblem = { path: 'password', code, details };
    throw invalid('errors:form', {}, [problem]);
  };
  const length = [...plain].length;
  if (length < minLength) refuse('auth:password.too_short', { minimum: minLength });
  if (length > MOST_CHARACTERS) refuse('auth:password.too_long', { maximum: MOST_CHARACTERS });
  if (lower.includes(login.toLowerCase())) refuse('auth:password.contains_login');
  if (new Set(lower).size < 5 || COMMON_PASSWORDS.has(lower) || isRun(lower)) refuse('auth:password.common');
}

/** abcdefghij, 0987654321 and the like. */
function isRun(text: string): boolean {
  const steps = new Set<number>();
  for (let at = 1; at < text.length; at++) steps.add(text.charCodeAt(at) - text.charCodeAt(at - 1));
  return steps.size === 1;
}

const message = (password: string): Buffer => Buffer.from(password.normalize('NFKC'), 'utf8');
const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

function parsePhc(phc: string) {
  const match = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(phc);
  if (!match) return null;
  const [, memory, passes, parallelism, salt = '', tag = ''] = match;
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    nonce: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  };
}

/** A hash that no password has: what unknown logins are compared with. */
const NOBODY = `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${unpadded(Buffer.alloc(16, 7))}$${unpadded(Buffer.alloc(TAG_BYTES))}`;
