import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import { DomainError } from '../../kernel';
import { addKey, dropKey, type KeyFact, keyFacts, openKeyRing, readKeyFile, useKey } from '../../platform/crypto';
import { type Reader, sql } from '../../platform/database';
import { type Actor, authoriseEverywhere, systemActor } from '../../platform/permissions';
import { clearStale, countToReseal, countUnindexed, countWaiting, keyUse, reseal } from '../../platform/sealing';
import type { Services } from '../../platform/services';
import { type StartedUpkeep, startUpkeep } from '../../platform/upkeep';
import { sealedColumns } from './sealed-columns';
import { fileKeyUse, resealFiles } from './sealed-files';

export const KEY_MANAGE = 'system.key.manage';

/** A server that encrypted a moment before the file changed has committed by then. */
const SETTLED_MS = 60_000;
/** Servers that were heard of within this time count as running. */
const ALIVE_MS = 5 * 60_000;

type KeyServices = Pick<Services, 'uow' | 'database' | 'config' | 'clock' | 'log'>;

export interface KeyStatus {
  file: string;
  /** `used`: values and files. */
  keys: (KeyFact & { used: number })[];
  /** Values and files of an earlier version that are not encrypted at all. */
  plain: number;
  /** Values that are not under the current key yet, plain ones included. */
  waiting: number;
  /** Values encrypted with a key that is not in the file: they cannot be read. */
  lost: number;
  /** Other machines that serve this database: each needs the same file. */
  otherServers: string[];
}

export async function keyStatus({ database, config, clock }: Omit<KeyServices, 'uow' | 'log'>): Promise<KeyStatus> {
  const { read } = database;
  const { keyFile: file } = config.security;
  const facts = keyFacts(readKeyFile(file));
  const current = facts.find((key) => key.current)?.id ?? '';
  const use = await keyUse(
    read,
    sealedColumns,
    facts.map(({ id }) => id),
  );
  const files = await fileKeyUse(config.dataDir, clock());
  for (const [id, count] of files) use.set(id, (use.get(id) ?? 0) + count);
  const waiting = (await countWaiting(read, sealedColumns, current)) + othersThan(files, current);
  const plain = use.get('plain') ?? 0;
  const keys = facts.map((key) => ({ ...key, used: use.get(key.id) ?? 0 }));
  const known = keys.filter((key) => !key.current).reduce((sum, { used }) => sum + used, 0);
  return {
    file,
    keys,
    plain,
    waiting,
    lost: Math.max(0, waiting - plain - known),
    otherServers: await otherServers(read, clock()),
  };
}

const othersThan = (files: ReadonlyMap<string, number>, keyId: string): number =>
  [...files].reduce((sum, [id, count]) => sum + (id === keyId ? 0 : count), 0);

async function otherServers(read: Reader, now: number): Promise<string[]> {
  const rows = await read.all<{ node: string }>(
    sql`SELECT node FROM server_node WHERE seen_at > ${now - ALIVE_MS} ORDER BY node`,
  );
  const hosts = rows.map(({ node }) => node.replace(/:\d+$/, ''));
  return [...new Set(hosts)].filter((host) => host !== hostname());
}

/** Adds a key that nothing uses yet, so that the file can be copied to every server before the rotation. */
export async function makeKey(services: KeyServices, actor: Actor): Promise<KeyFact> {
  authoriseEverywhere(actor, KEY_MANAGE);
  const key = addKey(services.config.security.keyFile, services.clock());
  await note(services, actor, 'system.key.make', key);
  return key;
}

/**
 * A new key encrypts from now on, and everything is encrypted anew with it while people work. Takes the key that `makeKey`
 * made and nothing uses yet, or makes one; an interrupted rotation goes on with the key it began with. With other machines
 * on the same database `copied` says that they all have the file; else 409 keys:error.copy_first.
 */
export async function rotateKeys(
  services: KeyServices,
  actor: Actor,
  { copied = false }: { copied?: boolean } = {},
): Promise<StartedUpkeep & { key: string; begun: boolean }> {
  authoriseEverywhere(actor, KEY_MANAGE);
  const { keyFile } = services.config.security;
  const status = await keyStatus(services);
  const newest = status.keys.at(-1);
  const interrupted = newest?.current === true && status.keys.length > 1 && status.waiting > status.lost;
  if (!interrupted && status.otherServers.length > 0 && !(copied && newest?.current === false))
    throw new DomainError('keys:error.copy_first', {
      status: 409,
      details: { servers: status.otherServers.join(', '), file: keyFile },
    });
  let keyId = newest?.id ?? '';
  if (!interrupted) {
    const key = newest?.current === false ? newest : addKey(keyFile, services.clock());
    keyId = key.id;
    useKey(keyFile, keyId);
    await note(services, actor, 'system.key.rotate', key);
  }
  return { ...(await resealNow(services, actor)), key: keyId, begun: !interrupted };
}

/** Encrypts with the current key whatever is not. */
export function resealNow(services: KeyServices, actor: Actor): Promise<StartedUpkeep> {
  const { uow, database, config, clock } = services;
  return startUpkeep(services, actor, 'reseal', async (progress) => {
    // A ring of its own: the one of the program looks at the file once a second.
    const keys = openKeyRing(config.security.keyFile);
    const keyId = keyFacts(readKeyFile(config.security.keyFile)).find((key) => key.current)?.id ?? '';
    const total =
      othersThan(await fileKeyUse(config.dataDir, clock()), keyId) +
      (await countToReseal(database.read, sealedColumns, { keys, keyId }));
    const tell = (count: number) => progress(count, Math.max(total, count));
    const values = await reseal(uow, sealedColumns, { keys, keyId, onProgress: tell });
    const files = await resealFiles(config.dataDir, {
      keys,
      keyId,
      now: clock(),
      onProgress: (count) => tell(values.done + count),
    });
    return { done: values.done + files.done, unreadable: values.unreadable + files.unreadable, key: keyId };
  });
}

/** What an earlier version or an older backup left in plain text is encrypted, at start and every night. */
export async function sealPlainText(services: KeyServices): Promise<void> {
  const { plain } = await keyStatus(services);
  if (plain === 0 && (await unindexed(services)) === 0) return;
  const { over } = await resealNow(services, systemActor('keys'));
  const { result } = await over;
  services.log.info({ result }, 'plain personal data was encrypted');
}

/** Encrypted values that cannot be found by their parts yet: their tokens were lost, or made with another key. */
const unindexed = ({ database, config }: Pick<KeyServices, 'database' | 'config'>): Promise<number> =>
  countUnindexed(database.read, sealedColumns, openKeyRing(config.security.keyFile).searchId);

/** Takes every old key that nothing uses out of the file. 422 keys:error.in_use while something does. */
export async function retireKeys(services: KeyServices, actor: Actor): Promise<{ retired: string[] }> {
  authoriseEverywhere(actor, KEY_MANAGE);
  const { keyFile } = services.config.security;
  if (Date.now() - statSync(keyFile).mtimeMs < SETTLED_MS)
    throw new DomainError('keys:error.too_soon', { details: { seconds: SETTLED_MS / 1000 } });
  const { keys, plain } = await keyStatus(services);
  const currentAt = keys.findIndex((key) => key.current);
  const old = keys.slice(0, currentAt);
  const used = old.reduce((sum, key) => sum + key.used, 0) + plain + (await unindexed(services));
  if (used > 0) throw new DomainError('keys:error.in_use', { details: { count: used } });
  for (const key of old) {
    dropKey(keyFile, key.id);
    await note(services, actor, 'system.key.retire', key);
  }
  await clearStale(services.uow, sealedColumns, openKeyRing(keyFile));
  return { retired: old.map(({ id }) => id) };
}

function note(
  { uow }: KeyServices,
  actor: Actor,
  action: string,
  { id, fingerprint }: Pick<KeyFact, 'id' | 'fingerprint'>,
): Promise<void> {
  return uow.run(actor, (unit) => unit.audit({ action, detail: { key: id, fingerprint } }));
}
