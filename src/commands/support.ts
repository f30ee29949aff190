import type { Config } from '../platform/config';
import type { CommandModule } from './program';
import { type CommandOptions, type CommandOutput, RefusedError, runCommand, UsageError } from './outcome';

interface BundleCommand extends CommandOptions {
  config?: string;
  out?: string;
}

export const register: CommandModule['register'] = (program) => {
  program
    .command('support')
    .description('help for whoever helps you')
    .command('bundle')
    .description('collect what support needs into one ZIP, without secrets and without personal data')
    .option('-o, --out <file>', 'where to write it; must not exist yet')
    .option('--config <file>', 'configuration file')
    .option('--json', 'print {ok, file, bytes, files, audited}')
    .action((options: BundleCommand) => runCommand(options, (out) => bundle(options, out)));
};

async function bundle({ config: configFile, out: target }: BundleCommand, out: CommandOutput): Promise<object> {
  if (target === undefined) throw new UsageError('-o FILE is missing');
  const [{ loadConfig }, { examine }, { answersAsPhoneErp }, { terminalTexts }, support, fs] = await Promise.all([
    import('../platform/config'),
    import('../app/checks'),
    import('../app/ask-server'),
    import('./words'),
    import('../app/support'),
    import('node:fs'),
  ]);
  const config = loadConfig({ file: configFile });
  if (fs.existsSync(target)) throw new RefusedError(`${target} exists already.`);
  const t = terminalTexts();
  out.progress(t('support:command.looking'));
  const doctor = await examine(config, {
    ...(configFile === undefined ? {} : { configFile }),
    isOurs: () => answersAsPhoneErp(config.server),
  });
  const now = Date.now();
  const opened = await openIfThere(config);
  try {
    const files = await support.bundleFiles({ config, t, now, doctor, ...opened.sources });
    const pieces: Buffer[] = [];
    for await (const piece of support.bundleZip(files)) pieces.push(piece);
    const content = Buffer.concat(pieces);
    fs.writeFileSync(target, content, { mode: 0o600, flag: 'wx', flush: true });
    const audited = await opened.audit(files.length);
    out.say(t('support:command.made', { file: target, files: files.length }));
    if (!opened.sources.database) out.say(t('support:command.withoutDatabase'));
    return { ok: true, file: target, bytes: content.length, files: files.map(({ name }) => name), audited };
  } finally {
    await opened.close();
  }
}

/** A system that does not work is what a bundle is for: without the database it holds the rest. */
async function openIfThere(config: Config) {
  const { isMissingFile } = await import('../platform/database');
  const { existsSync } = await import('node:fs');
  const nothing = {
    sources: { database: undefined, keys: undefined },
    audit: () => Promise.resolve(false),
    close: () => Promise.resolve(),
  };
  // Opening would make a file that is missing, of the database and of the key.
  if (isMissingFile(config.database.url) || !existsSync(config.security.keyFile)) return nothing;
  const { openServices } = await import('../app/create-services');
  const { silentLogger } = await import('../platform/logging');
  const { systemActor } = await import('../platform/permissions');
  try {
    const { services, close } = await openServices(config, { log: silentLogger() });
    const audit = async (files: number): Promise<boolean> => {
      try {
        await services.uow.run(systemActor('command line'), (unit) =>
          unit.audit({ action: 'system.support.bundle', detail: { files } }),
        );
        return true;
      } catch {
        return false;
      }
    };
    return { sources: { database: services.database, keys: services.keys }, audit, close };
  } catch {
    return nothing;
  }
}
