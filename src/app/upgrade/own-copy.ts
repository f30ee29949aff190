import { createReadStream } from 'node:fs';
import path from 'node:path';
import { DomainError } from '../../kernel';
import type { Opening, Sealing } from '../../platform/backup';
import type { Config } from '../../platform/config';
import {
  backupByCommand,
  type BackupOutcome,
  createBackup,
  type CreatedBackup,
  openingOf,
  openTargets,
  runBackup,
  sealedBy,
  verifyBackup,
} from '../backup';
import { openToLook } from '../open-to-look';
import { identitiesIn, recipientsOf } from './way-back-key';

export interface CopyWanted {
  folder: string;
  /** Key of this upgrade: opens the copy beside whatever else does. */
  keyFile?: string | undefined;
  /** To the configured places as well, as a backup like every other. */
  send: boolean;
  say: (text: string) => void;
}

export interface OwnCopy {
  file: string;
  bytes: number;
  rows: number;
  encrypted: boolean;
  /** null: not sent, because there is no place or nothing that the backups are encrypted with. */
  targets: { target: string; ok: boolean }[] | null;
}

/** A backup in a folder of the upgrade, and on the way to the places of the backups; both are read back. */
export async function makeCopy(config: Config, wanted: CopyWanted): Promise<OwnCopy> {
  const { folder, keyFile, send } = wanted;
  const own = await recipientsOf(keyFile);
  const isSent = send && config.backup.targets.length > 0 && sealedBy(config) !== undefined;
  const made = isSent ? await sent(config, wanted, own) : await written(config, wanted, own);
  const file = path.join(folder, made.name);
  const read = { name: made.name, bytes: made.bytes, open: () => Promise.resolve(createReadStream(file)) };
  const verified = await verifyBackup(read, openingWith(config, keyFile));
  if (!verified.ok) throw new DomainError('upgrade:error.backup_damaged', { details: { part: verified.part } });
  const { bytes, rows, encrypted } = made;
  const targets = 'targets' in made ? made.targets.map(({ target, ok }) => ({ target, ok })) : null;
  return { file, bytes, rows, encrypted, targets };
}

/** What opens the copies of an upgrade: its own key, and what this installation has anyhow. */
export function openingWith(config: Config, keyFile: string | undefined): Opening {
  const opening = openingOf(config);
  return { ...opening, identities: [...identitiesIn(keyFile), ...opening.identities] };
}

async function sent(config: Config, { folder, say }: CopyWanted, recipients: string[]): Promise<BackupOutcome> {
  const keepIn = { folder, recipients };
  const onProgress = (progress: object): void => say(Object.values(progress).join(' '));
  const recorded = await backupByCommand(config, { keepIn, onProgress });
  if (recorded) return recorded;
  // Another backup is under way; this one stands in no history.
  const database = await openToLook(config.database.url);
  const targets = openTargets(config);
  try {
    return await runBackup({ config, database, clock: Date.now }, { targets, keepIn, onProgress });
  } finally {
    await Promise.allSettled(targets.map((target) => target.close()));
    await database.close();
  }
}

async function written(config: Config, { folder, say }: CopyWanted, own: string[]): Promise<CreatedBackup> {
  const database = await openToLook(config.database.url);
  try {
    const context = { config, database, clock: Date.now };
    const onProgress = ({ part, rows }: { part: string; rows: number }): void => say(`${part} ${rows}`);
    return await createBackup(context, { folder, sealing: localSealing(config, own), onProgress });
  } finally {
    await database.close();
  }
}

/** It must be opened on this machine whatever becomes of the configuration: a passphrase gives way to the upgrade's own key. */
function localSealing({ backup }: Config, own: string[]): Sealing | undefined {
  return own.length === 0 ? undefined : { recipients: [...backup.recipients, ...own] };
}
