import { DomainError } from '../../kernel';
import type { Config } from '../../platform/config';
import { silentLogger } from '../../platform/logging';
import { systemActor } from '../../platform/permissions';
import { runJobNow } from '../../platform/jobs';
import { openServices } from '../create-services';
import { keysToLook } from '../key-check';
import { openToLook } from '../open-to-look';
import { backupJob } from './backup-job';
import { type BackupOutcome, runBackup, type RunOptions } from './run-backup';

export interface CommandBackup extends Pick<RunOptions, 'signal' | 'onProgress' | 'keepIn'> {
  /** Ids of configured targets; undefined: all of them. */
  targetIds?: readonly string[] | undefined;
}

/**
 * The daily backup, made now by the command line: one at a time over all nodes, with history and retention, so that copies made
 * by a timer of the operating system count like the server's own. Undefined: another process is making one.
 */
export async function backupByCommand(config: Config, command: CommandBackup): Promise<BackupOutcome | undefined> {
  if (config.backup.targets.length === 0) throw new DomainError('backup:error.no_targets');
  await lookFirst(config);
  const { services, close } = await openServices(config, { log: silentLogger() });
  let outcome: BackupOutcome | undefined;
  let failure: Error | undefined;
  const run: typeof runBackup = async (context, options) => {
    const signals = [options.signal, command.signal].filter((signal) => signal !== undefined);
    const onProgress: RunOptions['onProgress'] = (progress) => {
      options.onProgress?.(progress);
      command.onProgress?.(progress);
    };
    try {
      outcome = await runBackup(context, {
        ...options,
        signal: AbortSignal.any(signals),
        onProgress,
        keepIn: command.keepIn,
      });
      return outcome;
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      throw error;
    }
  };
  try {
    const job = backupJob(config, { origin: 'command', targetIds: command.targetIds, run });
    const result = await runJobNow(services, systemActor('command line'), job);
    if (result === 'elsewhere') return undefined;
    if (!outcome) throw failure ?? new Error('the backup did not begin');
    return outcome;
  } finally {
    await close();
  }
}

/** A command makes no database and no key file, and brings no schema up to date. */
async function lookFirst({ database: { url }, security }: Config): Promise<void> {
  const database = await openToLook(url);
  try {
    await keysToLook(database.read, security.keyFile);
  } finally {
    await database.close();
  }
}
