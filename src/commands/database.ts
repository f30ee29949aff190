import type { CommandModule } from './program';
import { type CommandOptions, type CommandOutput, RefusedError, runCommand, UsageError } from './outcome';

interface MigrateCommand extends CommandOptions {
  config?: string;
  database?: string;
}

interface MoveCommand extends CommandOptions {
  config?: string;
  to?: string;
  back?: boolean;
  switch: boolean;
}

export const register: CommandModule['register'] = (program) => {
  const database = program.command('database').description('the database of the configuration');
  database
    .command('migrate')
    .description('bring the schema up to date; stop every server of the old version first, and have a backup')
    .option('--config <file>', 'configuration file')
    .option('--database <url>', 'this database instead of the configured one')
    .option('--json', 'print one JSON document')
    .action((options: MigrateCommand) => runCommand(options, (out) => migrate(options, out)));
  database
    .command('move')
    .description(
      'copy everything into an empty database of any kind, compare every row, and name it in the configuration',
    )
    .option('--to <url>', 'the database to fill: sqlite:PATH, mysql://USER:PASSWORD@HOST/NAME …')
    .option('--back', 'take the last switch back; the databases stay as they are')
    .option('--no-switch', 'leave the configuration as it is')
    .option('--config <file>', 'configuration file')
    .option('--json', 'one JSON object per line: progress, then the result')
    .action((options: MoveCommand) => runCommand(options, (out) => move(options, out), { lines: true }));
};

/** Each step is recorded when it is done: a run after an interruption goes on where the last one stopped. */
async function migrate({ config, database: url }: MigrateCommand, out: CommandOutput): Promise<object> {
  const { loadConfig } = await import('../platform/config');
  const { openDatabase } = await import('../platform/database');
  const { migrateSchema, schemaState } = await import('../app/schema-state');
  const database = await openDatabase(url ?? loadConfig({ file: config }).database.url, { poolSize: 2 });
  try {
    const before = await schemaState(database);
    if (before.state === 'newer')
      throw new RefusedError(`The database was used by a newer version of the program (${before.unknown[0]}).`);
    const steps = await migrateSchema(database, ({ migration, step, done, total }) =>
      out.progress(`${done + 1} / ${total}  ${migration}  ${step}`),
    );
    out.say(steps === 0 ? 'The schema is current.' : `${steps} steps done; the schema is current.`);
    return { ok: true, steps };
  } finally {
    await database.close();
  }
}

/** The old database is only read. Servers must stand still: what they write meanwhile would be missing in the new one. */
async function move(options: MoveCommand, out: CommandOutput): Promise<object> {
  const [app, { loadConfig }, { terminalTexts }, { expectStopped }] = await Promise.all([
    import('../app/backup'),
    import('../platform/config'),
    import('./words'),
    import('./restore'),
  ]);
  const t = terminalTexts();
  const config = loadConfig({ file: options.config });
  const configFile = options.switch || options.back ? app.expectSwitchable(options.config) : undefined;
  await expectStopped(config.server);
  if (options.back && configFile) {
    const switched = app.switchBack(configFile);
    const now = loadConfig({ file: configFile });
    const [from, to] = [app.databaseAddress(config.database.url), app.databaseAddress(now.database.url)];
    await app.noteInAudit(now, 'system.database.use', { kind: 'back', from, to });
    out.say(t('backup:move.back', { ...switched }));
    return { ok: true, switched };
  }
  if (options.to === undefined) throw new UsageError('--to URL, or --back');
  const { openToLook } = await import('../app/open-to-look');
  const { refusal } = await import('./serve');
  const from = await openToLook(config.database.url).catch((error: unknown) => {
    throw refusal(error) ?? error;
  });
  try {
    const startedAt = performance.now();
    const copied = await app.copyDatabase({
      from,
      url: options.to,
      onProgress: (progress) =>
        out.step({ ...progress }, () =>
          t(`backup:restore.${progress.step}`, { part: progress.part, rows: progress.rows }),
        ),
    });
    const seconds = (performance.now() - startedAt) / 1000;
    out.say(t('backup:move.done', { ...copied }));
    // In the new one: the old one is only read.
    const [address, to] = [app.databaseAddress(config.database.url), app.databaseAddress(options.to)];
    await app.noteInAudit(config, 'system.database.move', { from: address, to }, options.to);
    const switched = configFile ? app.switchDatabase(configFile, options.to) : null;
    out.say(switched ? t('backup:restore.switched', { ...switched }) : t('backup:restore.start'));
    return { ok: true, ...copied, seconds: Math.round(seconds * 10) / 10, switched };
  } finally {
    await from.close();
  }
}
