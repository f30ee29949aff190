import type { RestoreProgress } from '../app/backup';
import type { Config } from '../platform/config';
import type { Translate } from '../platform/i18n';
import { keyFiles, openPlaces, type SourceOptions, withKeys, withPlaces } from './backup-places';
import { type CommandOutput, runCommand } from './outcome';
import type { CommandModule } from './program';

interface RestoreCommand extends SourceOptions {
  to: string;
  dataDir?: string;
  switch?: boolean;
}

export const register: CommandModule['register'] = (program) => {
  const command = withPlaces(
    program.command('restore'),
    'restore a backup into an empty database of any kind and compare every row; nothing in use is overwritten',
  );
  withKeys(command)
    .argument('[backup]', 'file, or name on a target; without it the newest')
    .requiredOption('--to <url>', 'the database to fill: sqlite:PATH, mysql://USER:PASSWORD@HOST/NAME …')
    .option('--data-dir <path>', 'where attachments and key file go, instead of the configured data folder')
    .option('--switch', 'name the restored database in the configuration file; the server must be stopped')
    .option('--json', 'one JSON object per line: progress, then the result')
    .action((name: string | undefined, options: RestoreCommand) =>
      runCommand(options, (out) => restore(name, options, out), { lines: true }),
    );
};

async function restore(name: string | undefined, options: RestoreCommand, out: CommandOutput): Promise<object> {
  const app = await import('../app/backup');
  const path = await import('node:path');
  const { t, config, targets, close } = await openPlaces(options);
  try {
    const configFile = options.switch ? app.expectSwitchable(options.config) : undefined;
    if (configFile) await expectStopped(config.server);
    const opening = app.openingOf(config, keyFiles(options));
    const found = await app.findBackup(targets, name);
    const place = options.dataDir
      ? { dataDir: path.resolve(options.dataDir), keyFile: path.resolve(options.dataDir, 'secret.key') }
      : { dataDir: config.dataDir, keyFile: config.security.keyFile };
    const file = await found.open();
    const restored = await app.restoreBackup({
      file,
      opening,
      url: options.to,
      place,
      reopen: true,
      onProgress: (progress) => out.step({ ...progress }, () => tellRestore(t, progress)),
    });
    const { rows, books, attachments, key, migratedSteps, head } = restored;
    out.say(t('backup:restore.done', { rows, checks: books.checks }));
    if (key === 'written') out.say(t('backup:restore.key', { file: place.keyFile }));
    const address = app.databaseAddress(options.to);
    const detail = { name: found.name, target: found.target ?? null, address };
    const noted = await app.noteInAudit(config, 'system.backup.restore', detail);
    // A new machine has no other database than the one that was filled.
    if (!noted || configFile) await app.noteInAudit(config, 'system.backup.restore', detail, options.to);
    const switched = configFile ? app.switchDatabase(configFile, options.to) : null;
    out.say(switched ? t('backup:restore.switched', { ...switched }) : t('backup:restore.start'));
    const { createdAt, program } = head;
    return { ok: true, name: found.name, createdAt, program, rows, books, attachments, key, migratedSteps, switched };
  } finally {
    await close();
  }
}

export function tellRestore(t: Translate, { step, part = '', rows }: RestoreProgress): string {
  return t(`backup:restore.${step}`, { part, rows });
}

/** What is sold while the database is exchanged would be lost. */
export async function expectStopped(server: Config['server']): Promise<void> {
  const { answersAsPhoneErp } = await import('../app/ask-server');
  const { DomainError } = await import('../kernel');
  if (await answersAsPhoneErp(server)) throw new DomainError('backup:error.still_running', { status: 409 });
}
