import { argon2, type Argon2Parameters, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { type FieldProblem, invalid } from '../../kernel';
import { COMMON_PASSWORDS, isCommonPattern } from './common-passwords';

const argon2id = promisify<'argon2id', Argon2Parameters, Buffer>(argon2 as never);

/**
 * OWASP's first recommendation for argon2id: 46 MiB, one pass, one lane. As strong as 19 MiB and two passes; but up to 32 MiB
 * the C library keeps what each of its threads ever used, which was 76 MB of the server's memory for good.
 */
const COST = { memory: 47_104, passes: 1, parallelism: 1 } as const;

/** Many who sign in at once wait for each other instead of taking the memory of all of them together. */
const AT_ONCE = 2;
const waiting: (() => void)[] = [];
let running = 0;

async function derive(parameters: Argon2Parameters): Promise<Buffer> {
  if (running < AT_ONCE) running += 1;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    return await argon2id('argon2id', parameters);
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

const TAG_BYTES = 32;
const MOST_CHARACTERS = 128;

/** `$argon2id$v=19$m=…,t=…,p=…$salt$tag` (PHC string format). */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16);
  const tag = await derive({ message: message(password), nonce, tagLength: TAG_BYTES, ...COST });
  const { memory, passes, parallelism } = COST;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(nonce)}$${unpadded(tag)}`;
}

/** False for a hash that is not readable, too. Without a hash the same work is done, so that time tells nothing. */
export async function verifyPassword(password: string, phc: string | null): Promise<boolean> {
  const parsed = parsePhc(phc ?? NOBODY);
  if (!parsed) return false;
  const { memory, passes, parallelism, nonce, tag } = parsed;
  const parameters = { message: message(password), nonce, tagLength: tag.length, memory, passes, parallelism };
  const right = timingSafeEqual(await derive(parameters), tag);
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
  if (new Set(lower).size < 5 || COMMON_PASSWORDS.has(lower) || isCommonPattern(lower) || isRun(lower))
    refuse('auth:password.common');
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
