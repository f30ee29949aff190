import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { schemaFound } from '../../src/app/founding';
import { text } from '../../src/platform/checks';
import { embeddedFile, openDatabase } from '../../src/platform/database';
import { type Context, type SetupStep } from './environment';
import { installedConfig, wayOf } from './existing';
import { keptFolder } from './paths';

const isEmbedded = (context: Context): boolean => embeddedFile(installedConfig(context).database.url) !== undefined;

/** Before the database of an installation is repaired: the embedded one is copied; a server's is left to who looks after it. */
export const backupStep: SetupStep = {
  id: 'backup',
  title: text('setup:backup.title'),
  say: text('setup:backup.say'),
  when: (context) => wayOf(context) === 'repair',
  plan: (context) => (isEmbedded(context) ? [text('setup:backup.plan', { folder: keptFolder(context) })] : []),
  apply: async (context) => {
    if (!isEmbedded(context)) return text('setup:backup.byServer');
    const { url } = installedConfig(context).database;
    const found = await schemaFound(url);
    // Nothing is going to be changed in it.
    if (found.kind === 'empty' || (found.kind === 'ours' && found.schema.state === 'current'))
      return text('setup:backup.notNeeded');
    const folder = keptFolder(context);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = path.join(folder, `phone-erp-${new Date().toISOString().replace(/[:.]/g, '-')}.sqlite`);
    context.note('backup.file', file);
    const database = await openDatabase(url, { poolSize: 1 });
    try {
      // A consistent copy while the server may be writing.
      await database.dataSource.query('VACUUM INTO ?', [file]);
    } finally {
      await database.close();
    }
    return text('setup:backup.done', { file });
  },
  undo: async (context) => {
    const file = context.facts['backup.file'];
    if (typeof file === 'string') await rm(file, { force: true });
  },
};
