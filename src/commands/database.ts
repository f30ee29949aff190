import type { CommandModule } from './program';
import { type CommandOptions, type CommandOutput, RefusedError, runCommand } from './outcome';

interface MigrateCommand extends CommandOptions {
  config?: string;
  database?: string;
}

export const register: CommandModule['register'] = (program) => {
  program
    .command('database')
    .description('the database of the configuration')
    .command('migrate')
    .description('bring the schema up to date; stop every server of the old version first, and have a backup')
    .option('--config <file>', 'configuration file')
    .option('--database <url>', 'this database instead of the configured one')
    .option('--json', 'print one JSON document')
    .action((options: MigrateCommand) => runCommand(options, (out) => migrate(options, out)));
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
