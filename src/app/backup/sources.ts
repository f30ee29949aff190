import { createReadStream, existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { DomainError, isDomainError } from '../../kernel';
import type { Bytes } from '../../platform/backup';
import { backupTime, type BackupTarget, openTarget } from '../../platform/backup-targets';
import type { Config } from '../../platform/config';
import { embeddedFile } from '../../platform/database';

/** The configured targets, or those that are named; a folder given by hand is one more kind of them. Close them. */
export function openTargets(config: Config, { ids, folder }: TargetChoice = {}): BackupTarget[] {
  const databaseFile = embeddedFile(config.database.url);
  const open = (target: Config['backup']['targets'][number]): BackupTarget =>
    openTarget(target, { dataDir: config.dataDir, databaseFile });
  if (folder !== undefined) return [open({ id: 'folder', kind: 'local', path: path.resolve(folder) })];
  const unknown = ids?.find((id) => !config.backup.targets.some((target) => target.id === id));
  if (unknown !== undefined) throw new DomainError('backup:error.unknown_target', { details: { target: unknown } });
  return config.backup.targets.filter(({ id }) => ids === undefined || ids.includes(id)).map(open);
}

export interface TargetChoice {
  /** Ids of configured targets; undefined: all of them. */
  ids?: readonly string[] | undefined;
  /** A folder instead. */
  folder?: string | undefined;
}

export interface ListedBackup {
  name: string;
  target: string;
  bytes: number;
  /** Epoch milliseconds. */
  createdAt: number;
}

export interface BackupList {
  /** The newest first. */
  backups: ListedBackup[];
  /** Targets that did not answer. */
  failed: { target: string; code: string; details: Record<string, unknown> }[];
}

/** What lies on the targets. One that does not answer is told and does not hide the others. */
export async function listBackups(targets: readonly BackupTarget[]): Promise<BackupList> {
  const list: BackupList = { backups: [], failed: [] };
  for (const target of targets)
    try {
      for (const { name, bytes } of await target.list())
        list.backups.push({ name, target: target.id, bytes, createdAt: backupTime(name) });
    } catch (error) {
      if (!isDomainError(error)) throw error;
      list.failed.push({ target: target.id, code: error.code, details: error.details });
    }
  list.backups.sort((a, b) => b.createdAt - a.createdAt);
  return list;
}

export interface FoundBackup {
  name: string;
  /** Where it lies; left out: a file of this machine that somebody named. */
  target?: string;
  bytes: number;
  open: () => Promise<Bytes>;
}

/**
 * A backup by its file on this machine or by its name on a target; without either the newest of all. Throws
 * 'backup:error.no_such_backup', '.no_backups'.
 */
export async function findBackup(targets: readonly BackupTarget[], wanted?: string): Promise<FoundBackup> {
  if (wanted !== undefined && existsSync(wanted))
    return {
      name: path.basename(wanted),
      bytes: statSync(wanted).size,
      open: () => Promise.resolve(createReadStream(wanted)),
    };
  const { backups } = await listBackups(targets);
  const found = wanted === undefined ? backups[0] : backups.find(({ name }) => name === wanted);
  const target = targets.find(({ id }) => id === found?.target);
  if (!found || !target)
    throw wanted === undefined
      ? new DomainError('backup:error.no_backups', { status: 404 })
      : new DomainError('backup:error.no_such_backup', { status: 404, details: { name: wanted } });
  return { name: found.name, target: found.target, bytes: found.bytes, open: () => target.get(found.name) };
}
