import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { SFTPWrapper, Stats } from 'ssh2';
import { isDomainError } from '../../kernel';
import type { BackupTargetConfig } from '../config';
import { rememberTarget } from './memory';
import { networkFault } from './network-faults';
import { pump, putFailure, StalledError, within } from './pump';
import { connectSftp, type SftpConnection } from './sftp-connection';
import { sftpSink, sftpSource } from './sftp-streams';
import {
  backupName,
  type BackupTarget,
  isBackupName,
  isLeftover,
  partName,
  type StoredBackup,
  targetError,
  type TargetContext,
} from './target';
import { tryTarget } from './try-target';

type SftpConfig = Readonly<Extract<BackupTargetConfig, { kind: 'sftp' }>>;

/** Status codes of the protocol, RFC draft-ietf-secsh-filexfer-02. */
const NO_SUCH_FILE = 2;
const PERMISSION_DENIED = 3;
const FAILURE = 4;
/** Less room than this is full. */
const FULL_BELOW_BYTES = 1024 * 1024;

export function openSftp(config: SftpConfig, context: TargetContext): BackupTarget {
  const { stallMs } = context;
  const folder = config.path.replace(/\/+$/, '') || '/';
  const identity = { id: config.id, place: `${config.host}:${config.port ?? 22}/${folder.replace(/^\//, '')}` };
  const at = (name: string): string => `${folder === '/' ? '' : folder}/${name}`;
  let connection: Promise<SftpConnection> | undefined;

  const connected = async (): Promise<SFTPWrapper> => {
    const open = await connection?.catch(() => undefined);
    if (open && !open.ended) return open.sftp;
    connection = connectSftp(config, identity, context);
    return (await connection).sftp;
  };
  const drop = async (): Promise<void> => {
    const open = await connection?.catch(() => undefined);
    connection = undefined;
    open?.end();
  };

  const fault = async (error: unknown): Promise<unknown> => {
    if (isDomainError(error)) return error;
    if (error instanceof StalledError) void drop();
    const { code } = error as { code?: unknown };
    const detail = { detail: (error as Error).message };
    if (code === PERMISSION_DENIED) return targetError(identity, 'denied', detail, error);
    if (code === NO_SUCH_FILE) return targetError(identity, 'missing', detail, error);
    if (code === FAILURE) return targetError(identity, (await isFull()) ? 'full' : 'refused', detail, error);
    return networkFault(identity, error, 'vanished');
  };
  /** OpenSSH says no more than "Failure" of a full disk. */
  const isFull = async (): Promise<boolean> => {
    const sftp = await connected();
    const room = await ask<{ f_bavail: number | bigint; f_frsize: number | bigint }>((done) =>
      sftp.ext_openssh_statvfs(folder, done),
    ).catch(() => undefined);
    return room !== undefined && Number(room.f_bavail) * Number(room.f_frsize) < FULL_BELOW_BYTES;
  };
  const guarded = async <T>(work: (sftp: SFTPWrapper) => Promise<T>): Promise<T> => {
    try {
      return await within(connected().then(work), stallMs);
    } catch (error) {
      throw await fault(error);
    }
  };

  const files = (wanted: (name: string) => boolean): Promise<StoredBackup[]> =>
    guarded(async (sftp) => {
      const entries = await ask<{ filename: string; attrs: Stats }[]>((done) => sftp.readdir(folder, done)).catch(
        (error: unknown) => {
          if ((error as { code?: unknown }).code === NO_SUCH_FILE) return [];
          throw error;
        },
      );
      return entries
        .filter(({ filename }) => wanted(filename))
        .map(({ filename, attrs }) => ({ name: filename, bytes: attrs.size, modifiedAt: attrs.mtime * 1000 }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    });

  const target: BackupTarget = {
    ...identity,
    kind: 'sftp',
    async put(name, body, options = {}) {
      const final = at(backupName(name));
      const temporary = at(partName(name, randomBytes(6).toString('hex')));
      let sftp: SFTPWrapper | undefined;
      let handle: Buffer | undefined;
      try {
        options.signal?.throwIfAborted();
        const open = (sftp = await within(connected(), stallMs));
        await within(makeFolder(open, folder), stallMs);
        const file = (handle = await within(
          ask<Buffer>((done) => open.open(temporary, 'wx', { mode: 0o640 }, done)),
          stallMs,
        ));
        const bytes = await pump(body, sftpSink(open, file), { ...options, stallMs });
        await within(flush(open, file), stallMs);
        await within(
          ask((done) => open.close(file, done)),
          stallMs,
        );
        handle = undefined;
        const { size } = await within(
          ask<Stats>((done) => open.stat(temporary, done)),
          stallMs,
        );
        if (size !== bytes) throw targetError(identity, 'differs');
        options.signal?.throwIfAborted();
        await within(rename(open, temporary, final), stallMs);
        return { bytes };
      } catch (error) {
        body.destroy();
        const thrown = await putFailure(error, options.signal, fault);
        if (sftp) await within(discard(sftp, temporary, handle), Math.min(stallMs, 5000)).catch(() => undefined);
        throw thrown;
      }
    },
    get: (name, { signal } = {}) =>
      guarded(async (sftp): Promise<Readable> => {
        const file = at(backupName(name));
        const handle = await ask<Buffer>((done) => sftp.open(file, 'r', done));
        const { size } = await ask<Stats>((done) => sftp.fstat(handle, done));
        const source = sftpSource(sftp, handle, size);
        const stop = (): void => void source.destroy(signal?.reason as Error);
        signal?.addEventListener('abort', stop, { once: true });
        return source;
      }),
    list: () => files(isBackupName),
    leftovers: async () => (await files(isLeftover)).map(({ name }) => name),
    async removeLeftovers(instant) {
      const old = (await files(isLeftover)).filter(({ modifiedAt }) => modifiedAt < instant);
      for (const { name } of old) await guarded((sftp) => unlink(sftp, at(name)));
      return old.map(({ name }) => name);
    },
    remove: (name) => guarded((sftp) => unlink(sftp, at(backupName(name)))),
    test: () => tryTarget(target),
    close: drop,
  };
  return target;
}

/** Somebody has compared the fingerprint and agrees to it: the host is expected to show this key from now on. */
export function acceptHostKey(dataDir: string, id: string, hostKey: string): Promise<void> {
  return rememberTarget(dataDir, id, { hostKey });
}

/** A call of the library as a promise. */
function ask<T = void>(call: (done: (error: Error | null | undefined, value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    call((error, value) => (error ? reject(error) : resolve(value)));
  });
}

async function makeFolder(sftp: SFTPWrapper, folder: string): Promise<void> {
  const there = await ask<Stats>((done) => sftp.stat(folder, done)).catch(() => undefined);
  if (there) return;
  const parent = folder.slice(0, folder.lastIndexOf('/'));
  if (parent) await makeFolder(sftp, parent);
  await ask((done) => sftp.mkdir(folder, { mode: 0o750 }, done));
}

const isUnsupported = (error: unknown): boolean => /does not support|unsupported/i.test((error as Error).message);

/** An extension of OpenSSH: throws at once where the server does not have it. */
async function flush(sftp: SFTPWrapper, handle: Buffer): Promise<void> {
  try {
    await ask((done) => sftp.ext_openssh_fsync(handle, done));
  } catch (error) {
    if (!isUnsupported(error)) throw error;
  }
}

async function rename(sftp: SFTPWrapper, from: string, to: string): Promise<void> {
  try {
    await ask((done) => sftp.ext_openssh_rename(from, to, done));
  } catch (error) {
    if (!isUnsupported(error)) throw error;
    await ask((done) => sftp.rename(from, to, done));
  }
}

async function unlink(sftp: SFTPWrapper, file: string): Promise<void> {
  try {
    await ask((done) => sftp.unlink(file, done));
  } catch (error) {
    if ((error as { code?: unknown }).code !== NO_SUCH_FILE) throw error;
  }
}

async function discard(sftp: SFTPWrapper, file: string, handle: Buffer | undefined): Promise<void> {
  if (handle) await ask((done) => sftp.close(handle, done)).catch(() => undefined);
  await unlink(sftp, file);
}
