import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../../platform/config';
import { embeddedFile } from '../../platform/database';
import { ownerOf } from '../../platform/files';
import { keepFile, putBackFile } from './database-file';
import type { UpgradeState } from './state';
import { forgetWayBackKey, keyOption } from './way-back-key';
import { newProgram, part, makeWorkFolder, type Work, workFolder } from './work';

/** The data as they are while everybody stands still: the file of an embedded database, a backup of a server's. */
export async function keep(work: Work, program: string, name: string): Promise<NonNullable<UpgradeState['kept']>> {
  const file = embeddedFile(work.config.database.url);
  const folder = workFolder(work.config, name);
  await rm(folder, { recursive: true, force: true });
  makeWorkFolder(work.config, name);
  if (file !== undefined) {
    const to = path.join(folder, 'phone-erp.sqlite');
    await keepFile(path.resolve(file), to, ownerOf(work.config.dataDir));
    return { kind: 'file', file: to };
  }
  const made = await part<{ file: string }>(work, program, 'backup', ['--folder', folder, ...keyOption(work.config)]);
  return { kind: 'backup', file: made.file };
}

/** What was kept and given up is destroyed, and with it the key that opens it. */
export async function endWayBack(config: Config): Promise<void> {
  forgetWayBackKey(config);
  for (const name of ['before', 'given-up']) await rm(workFolder(config, name), { recursive: true, force: true });
}

/** What was kept takes the place of what is there; may be done again after an interruption at any point. */
export async function putBackData(work: Work): Promise<void> {
  const { state, config } = work;
  const { kept } = state;
  if (!kept) throw new Error('nothing was kept');
  const file = embeddedFile(config.database.url);
  if (kept.kind === 'file' && file !== undefined)
    return putBackFile(kept.file, path.resolve(file), ownerOf(config.dataDir));
  // Only the newer version knows all tables that may be there; the older one fills them as it made them.
  await part(work, newProgram(state), 'clear');
  await part(work, state.programs.old, 'restore', ['--file', kept.file, ...keyOption(config)]);
}
