import { createHash, randomBytes } from 'node:crypto';
import { factsOf } from './probe-check';
import type { ServerFacts } from './server-facts';
import { serverTarget, type ServerTarget } from './target';

export interface ScratchDatabase {
  /** Connection address with its password. */
  url: string;
  name: string;
  /** Product and version of the server. */
  server: string;
  drop: () => Promise<void>;
}

/** Older ones were left by a process that was killed. */
const LEFT_BEHIND_MS = 24 * 3_600_000;
const CHECK_DIGITS = 4;
const MARK = '_try_';

/**
 * Makes an empty database beside the one of the address (Oracle: a schema of its own), for trying something out. Throws what
 * the driver throws when the account may not. What an earlier process could not drop any more is dropped first.
 */
export async function createScratchDatabase(url: string, now = Date.now()): Promise<ScratchDatabase> {
  const target = serverTarget(url);
  if (!target) throw new Error('the embedded database has no server');
  const facts = factsOf[target.dialect];
  const prefix = `${plain(target)}${MARK}`;
  const name = scratchName(prefix, now);
  const password = `Aa1_${randomBytes(12).toString('hex')}`;
  const session = await facts.openServer(target);
  try {
    const server = (await facts.version(session)).found;
    for (const old of await leftBehind(facts, session, prefix, now))
      for (const statement of facts.scratch.drop(old)) await session.query(statement).catch(() => undefined);
    try {
      for (const statement of facts.scratch.create(name, password)) await session.query(statement);
    } catch (error) {
      // The first statement may have worked and a later one not.
      for (const statement of facts.scratch.drop(name)) await session.query(statement).catch(() => undefined);
      throw error;
    }
    return { url: addressOf(url, target, name, password), name, server, drop: () => drop(target, name) };
  } finally {
    await session.close().catch(() => undefined);
  }
}

async function drop(target: ServerTarget, name: string): Promise<void> {
  const facts = factsOf[target.dialect];
  const session = await facts.openServer(target);
  try {
    for (const statement of facts.scratch.drop(name)) await session.query(statement);
  } finally {
    await session.close().catch(() => undefined);
  }
}

type Session = Awaited<ReturnType<ServerFacts['openServer']>>;

async function leftBehind(facts: ServerFacts, session: Session, prefix: string, now: number): Promise<string[]> {
  const rows = await session.query(facts.scratch.list).catch(() => []);
  return rows
    .map((row) => String(row['name']))
    .filter((name) => {
      const madeAt = parseInt(name.slice(prefix.length, -CHECK_DIGITS), 36);
      return name.toLowerCase() === scratchName(prefix, madeAt) && now - madeAt > LEFT_BEHIND_MS;
    });
}

/** When it was made, and check digits: a database that only looks alike is somebody's own and stays. */
function scratchName(prefix: string, madeAt: number): string {
  const start = `${prefix}${Number.isSafeInteger(madeAt) ? madeAt.toString(36) : ''}`;
  return start + createHash('sha256').update(start).digest('hex').slice(0, CHECK_DIGITS);
}

/** At most 12 characters of the name that is beside it, so that the whole fits every server's limit. */
function plain({ dialect, user, database }: ServerTarget): string {
  const base = (dialect === 'oracle' ? user : database).toLowerCase().replace(/[^a-z0-9_]/g, '');
  return /^[a-z]/.test(base) ? base.slice(0, 12) : 'erp';
}

function addressOf(url: string, { dialect }: ServerTarget, name: string, password: string): string {
  const address = new URL(url);
  if (dialect === 'oracle') {
    address.username = name;
    address.password = password;
  } else address.pathname = `/${name}`;
  return address.href;
}
