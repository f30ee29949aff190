import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { schemaFound } from '../../src/app/founding';
import { text } from '../../src/platform/checks';
import { embeddedFile, openDatabase } from '../../src/platform/database';
import { type Context, isYes, type SetupStep } from './environment';
import { installedConfig, wayOf } from './existing';
import { keptFolder } from './paths';

const isEmbedded = (context: Context): boolean => embeddedFile(installedConfig(context).database.url) !== undefined;

/** Before an existing database is touched: the embedded one is copied; of a server's the administrator must have a copy. */
export const backupStep: SetupStep = {
  id: 'backup',
  title: text('setup:backup.title'),
  say: text('setup:backup.say'),
  when: (context) => wayOf(context) === 'repair' || wayOf(context) === 'upgrade',
  questions: () => [
    {
      id: 'backup.taken',
      kind: 'confirm',
      label: text('setup:backup.taken'),
      help: text('setup:backup.takenHelp'),
      when: (context) => !isEmbedded(context) && wayOf(context) === 'upgrade',
      default: () => false,
    },
  ],
  check: (context) => {
    if (isEmbedded(context) || wayOf(context) !== 'upgrade' || isYes(context, 'backup.taken'))
      return Promise.resolve([]);
    return Promise.resolve([
      {
        id: 'setup.backup',
        category: 'backup' as const,
        title: text('setup:backup.title'),
        status: 'fail' as const,
        found: text('setup:backup.missing'),
        remedy: [text('setup:backup.takenHelp')],
      },
    ]);
  },
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
