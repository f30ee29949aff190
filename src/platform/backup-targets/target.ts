import type { Readable } from 'node:stream';
import { DomainError } from '../../kernel';

export interface StoredBackup {
  name: string;
  bytes: number;
  modifiedAt: number;
}

export interface PutOptions {
  signal?: AbortSignal | undefined;
  /** The length of the body, when it is known: some WebDAV servers refuse a body without it. */
  bytes?: number | undefined;
  bytesPerSecond?: number | undefined;
  /** After each piece: how many have gone so far. */
  onBytes?: ((bytes: number) => void) | undefined;
}

export interface TargetContext {
  /** Knows the host keys and disks that people agreed to; no target may lie in it. */
  dataDir: string;
  /** The embedded database, when there is one. */
  databaseFile?: string | undefined;
  /** Nothing moves for so long: the target hangs. */
  stallMs: number;
}

/**
 * A place that keeps backups. Whatever goes wrong is a DomainError whose code says what was found and whose detail `remedy`
 * is the key of what to do; a reason given by the caller's signal is thrown as it is.
 */
export interface BackupTarget {
  readonly id: string;
  readonly kind: 'local' | 'sftp' | 's3' | 'webdav';
  /** For people: host and folder, no secrets. */
  readonly place: string;
  /** Writes to a temporary name, makes it durable, then gives it its name: on any failure nothing has that name. */
  put: (name: string, body: Readable, options?: PutOptions) => Promise<{ bytes: number }>;
  get: (name: string, options?: { signal?: AbortSignal | undefined }) => Promise<Readable>;
  /** Finished backups only, oldest first. */
  list: () => Promise<StoredBackup[]>;
  /** What interrupted transfers left behind. */
  leftovers: () => Promise<string[]>;
  /** Removes leftovers that nobody has written to since an instant (epoch milliseconds). */
  removeLeftovers: (instant: number) => Promise<string[]>;
  /** It is no mistake when it is gone already. */
  remove: (name: string) => Promise<void>;
  /** Writes a small file, reads it back, removes it. */
  test: () => Promise<void>;
  close: () => Promise<void>;
}

export const TARGET_FAULTS = [
  'unreachable',
  'hostUnknown',
  'certificate',
  'stalled',
  'vanished',
  'password',
  'denied',
  'hostKeyUnknown',
  'hostKeyChanged',
  'noFolder',
  'noBucket',
  'notMounted',
  'databaseFolder',
  'full',
  'readOnly',
  'missing',
  'clock',
  'differs',
  'refused',
] as const;
export type TargetFault = (typeof TARGET_FAULTS)[number];

export type TargetIdentity = Pick<BackupTarget, 'id' | 'place'>;

/** `detail` is what the other side said, word for word: never a secret. */
export function targetError(
  { id, place }: TargetIdentity,
  fault: TargetFault,
  detail: Record<string, unknown> & { detail?: string } = {},
  cause?: unknown,
): DomainError {
  return new DomainError(`backup-targets:${fault}.found`, {
    details: { target: id, place, detail: '', ...detail, remedy: `backup-targets:${fault}.remedy` },
    cause,
  });
}

const NAME = /^phone-erp-[A-Za-z0-9_.-]+-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-[A-Za-z0-9_.-]+\.zip(\.age)?$/;
const PART = /^\.(phone-erp-.+)\.[0-9a-f]{12}\.part$/;
/** What test() writes: no code of a company begins with "-". */
const CHECK = 'phone-erp--check-';

export const isBackupName = (name: string): boolean => NAME.test(name) && !name.startsWith(CHECK);
export const checkName = (stamp: string, random: string): string => `${CHECK}${stamp}-${random}.zip`;

/** When the backup of this name was begun, epoch milliseconds; 0 for another name. */
export function backupTime(name: string): number {
  const [, ...parts] = NAME.exec(name) ?? [];
  if (parts.length === 0) return 0;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts.slice(0, 6).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** A name is a part of a path, an address, a key: nothing but a backup's name gets there. */
export function backupName(name: string): string {
  if (!NAME.test(name)) throw new RangeError(`not the name of a backup: ${name}`);
  return name;
}

export const partName = (name: string, random: string): string => `.${name}.${random}.part`;
/** Unfinished, or left by a test that was cut short. */
export const isLeftover = (name: string): boolean => PART.test(name) || (NAME.test(name) && name.startsWith(CHECK));
