import { constants, existsSync } from 'node:fs';
import { copyFile, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { DomainError } from '../../kernel';
import { openDatabase } from '../../platform/database';
import type { Owner } from '../../platform/files';

const BESIDE = ['-wal', '-shm', '-journal'];

/**
 * Copies an embedded database that nobody has open. Whoever closes it last moves everything into the one file and removes the log
 * beside it; as long as that is there, another program works with it: 'upgrade:error.in_use'.
 */
export async function keepFile(file: string, to: string, owner?: Owner): Promise<void> {
  const database = await openDatabase(`sqlite:${file}`, { poolSize: 1 });
  try {
    await database.dataSource.query('PRAGMA wal_checkpoint(TRUNCATE)');
  } finally {
    await database.close();
  }
  if (existsSync(`${file}-wal`)) throw new DomainError('upgrade:error.in_use', { status: 409, details: { file } });
  await copyWhole(file, to, owner);
}

/**
 * Puts the kept file back. The log of what is thrown away goes first: it must never meet the other file. May be done again after
 * an interruption at any point.
 */
export async function putBackFile(kept: string, file: string, owner?: Owner): Promise<void> {
  const fresh = `${file}.before-upgrade`;
  await copyWhole(kept, fresh, owner);
  for (const end of BESIDE) await rm(`${file}${end}`, { force: true });
  await rename(fresh, file);
  await syncFolder(path.dirname(file));
}

/** There whole or not at all. */
async function copyWhole(from: string, to: string, owner: Owner | undefined): Promise<void> {
  const part = `${to}.part`;
  await rm(part, { force: true });
  await copyFile(from, part, constants.COPYFILE_FICLONE);
  const handle = await open(part, 'r+');
  try {
    if (owner) await handle.chown(owner.uid, owner.gid);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(part, to);
  await syncFolder(path.dirname(to));
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
