import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { DomainError, isDomainError } from '../../kernel';
import type { WriteProgress } from '../../platform/backup';
import type { BackupTarget } from '../../platform/backup-targets';
import type { BackupContext } from './contents';
import { type CreatedBackup, createBackup } from './create-backup';
import { sealingOf } from './sealing';
import { withSpoolFolder } from './spool';

export type RunProgress =
  | ({ step: 'write' } & WriteProgress)
  | { step: 'send' | 'read-back'; target: string; bytes: number; totalBytes: number };

export interface RunOptions {
  /** Where it goes; the caller opens and closes them. */
  targets: readonly BackupTarget[];
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: RunProgress) => void) | undefined;
  /** The file stays in this folder, and these public keys open it as well; a passphrase allows no further ones. */
  keepIn?: { folder: string; recipients: readonly string[] } | undefined;
}

export interface TargetOutcome {
  target: string;
  place: string;
  ok: boolean;
  /** Why not: a key of the texts and its details, or the words of a defect. */
  error?: { code: string; details: Record<string, unknown> };
}

export interface BackupOutcome extends Omit<CreatedBackup, 'file'> {
  /** It lies on every target. */
  ok: boolean;
  targets: TargetOutcome[];
}

/**
 * One backup to every target: written once as a file of this machine, sent to all of them side by side, read back from each and
 * compared. A target that fails or is slow does not disturb the others. What an earlier run left behind is removed first.
 */
export function runBackup(context: BackupContext, options: RunOptions): Promise<BackupOutcome> {
  const { keepIn } = options;
  if (keepIn) return backUp(context, options, keepIn.folder);
  return withSpoolFolder(context.config.backup.spoolDir, (folder) => backUp(context, options, folder));
}

async function backUp(context: BackupContext, options: RunOptions, folder: string): Promise<BackupOutcome> {
  const { config } = context;
  const { targets, signal, onProgress } = options;
  if (targets.length === 0) throw new DomainError('backup:error.no_targets');
  const { file, ...created } = await createBackup(context, {
    folder,
    sealing: sealingOf(config, options.keepIn?.recipients),
    signal,
    onProgress: (progress) => onProgress?.({ step: 'write', ...progress }),
  });
  const send = (target: BackupTarget) => deliver(target, { ...created, file }, config.backup.bytesPerSecond, options);
  const outcomes = await Promise.all(targets.map(send));
  signal?.throwIfAborted();
  return { ...created, ok: outcomes.every(({ ok }) => ok), targets: outcomes };
}

async function deliver(
  target: BackupTarget,
  { name, file, bytes, sha256 }: CreatedBackup,
  bytesPerSecond: number | undefined,
  { signal, onProgress }: RunOptions,
): Promise<TargetOutcome> {
  const { id, place } = target;
  const told = { target: id, totalBytes: bytes };
  try {
    await target.put(name, createReadStream(file), {
      signal,
      bytes,
      bytesPerSecond,
      onBytes: (sent) => onProgress?.({ step: 'send', ...told, bytes: sent }),
    });
    const hash = createHash('sha256');
    let read = 0;
    for await (const chunk of await target.get(name, { signal })) {
      hash.update(chunk as Buffer);
      onProgress?.({ step: 'read-back', ...told, bytes: (read += (chunk as Buffer).length) });
    }
    if (hash.digest('hex') !== sha256) {
      await target.remove(name);
      throw new DomainError('backup:error.read_back', { details: { target: id } });
    }
    return { target: id, place, ok: true };
  } catch (error) {
    const known = isDomainError(error)
      ? { code: error.code, details: error.details }
      : { code: 'backup:error.defect', details: { message: error instanceof Error ? error.message : String(error) } };
    return { target: id, place, ok: false, error: known };
  }
}
