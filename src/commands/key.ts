import type * as keysDoor from '../app/keys/keys';
import type { KeyStatus } from '../app/keys/keys';
import { type CommandOptions, type CommandOutput, runCommand } from './outcome';
import type { CommandModule } from './program';
import { type ProductParts, withProduct } from './with-product';

interface KeyCommand extends CommandOptions {
  config?: string;
  copied?: boolean;
}

/** phone-erp key status|new|rotate|retire: the keys that personal data and secrets are encrypted with. */
export const register: CommandModule['register'] = (program) => {
  const key = program
    .command('key')
    .description('the keys of personal data and secrets (keys of backups: phone-erp backup key)');
  key
    .command('status')
    .description('the keys, what each encrypts, and what is not under the newest yet')
    .option('--config <file>', 'configuration file')
    .option(
      '--json',
      'print {ok, file, keys: [{id, fingerprint, current, madeAt, used}], plain, waiting, lost, otherServers}',
    )
    .action((options: KeyCommand) => runCommand(options, (out) => status(options, out)));
  key
    .command('new')
    .description('add a key that nothing uses yet: copy the key file to every server, then rotate')
    .option('--config <file>', 'configuration file')
    .option('--json', 'print {ok, key, fingerprint, file}')
    .action((options: KeyCommand) => runCommand(options, (out) => make(options, out)));
  key
    .command('rotate')
    .description('encrypt everything anew with a new key while people work; run again after an interruption')
    .option('--copied', 'every server of this database has the key file of `key new`')
    .option('--config <file>', 'configuration file')
    .option('--json', 'one JSON object per line: progress, then {ok, key, done, unreadable}')
    .action((options: KeyCommand) => runCommand(options, (out) => rotate(options, out), { lines: true }));
  key
    .command('retire')
    .description('take old keys out of the key file for good; refused while something is encrypted with them')
    .option('--config <file>', 'configuration file')
    .option('--json', 'print {ok, retired}')
    .action((options: KeyCommand) => runCommand(options, (out) => retire(options, out)));
};

function withKeys<T>(
  { config: file }: KeyCommand,
  work: (parts: ProductParts & { keys: typeof keysDoor }) => Promise<T>,
): Promise<T> {
  return withProduct(file, async (parts) => work({ ...parts, keys: await import('../app/keys/keys') }));
}

async function status(options: KeyCommand, out: CommandOutput): Promise<object> {
  return withKeys(options, async ({ services, keys, t }) => {
    const found: KeyStatus = await keys.keyStatus(services);
    out.say(t('keys:command.file', { file: found.file }));
    for (const { id, fingerprint, current, madeAt, used } of found.keys)
      out.say(
        t(current ? 'keys:command.currentLine' : 'keys:command.oldLine', {
          id,
          fingerprint,
          count: used,
          made: madeAt === null ? '–' : new Date(madeAt).toISOString().slice(0, 10),
        }),
      );
    out.say(t('keys:command.waiting', { count: found.waiting, plain: found.plain }));
    if (found.lost > 0) out.say(t('keys:command.lost', { count: found.lost }));
    if (found.otherServers.length > 0) out.say(t('keys:command.servers', { servers: found.otherServers.join(', ') }));
    if (found.lost > 0) out.fail();
    return {
      ok: found.lost === 0,
      ...found,
      keys: found.keys.map((key) => ({
        ...key,
        madeAt: key.madeAt === null ? null : new Date(key.madeAt).toISOString(),
      })),
    };
  });
}

async function make(options: KeyCommand, out: CommandOutput): Promise<object> {
  return withKeys(options, async ({ services, keys, t, actor }) => {
    const { id, fingerprint } = await keys.makeKey(services, actor);
    const { keyFile: file } = services.config.security;
    out.say(t('keys:command.made', { id, fingerprint, file }));
    return { ok: true, key: id, fingerprint, file };
  });
}

async function rotate(options: KeyCommand, out: CommandOutput): Promise<object> {
  return withKeys(options, async ({ services, keys, t, actor }) => {
    const { upkeepRun } = await import('../platform/upkeep');
    const started = await keys.rotateKeys(services, actor, { copied: options.copied === true });
    out.progress(t(started.begun ? 'keys:command.begun' : 'keys:command.goesOn', { id: started.key }));
    const watch = setInterval(() => {
      void services.database.read
        .get(upkeepRun, started.id)
        .then((row) => {
          if (row) out.step({ done: row.done, total: row.total }, () => `${row.done} / ${row.total}`);
        })
        .catch(() => undefined);
    }, 500);
    const row = await started.over.finally(() => clearInterval(watch));
    if (row.state !== 'ok') throw new Error(row.failure ?? 'the rotation failed');
    const { done = 0, unreadable = 0 } = (row.result ?? {}) as { done?: number; unreadable?: number };
    out.say(t('keys:command.rotated', { count: done, id: started.key }));
    if (unreadable > 0) {
      out.say(t('keys:command.lost', { count: unreadable }));
      out.fail();
    }
    return { ok: unreadable === 0, key: started.key, done, unreadable };
  });
}

async function retire(options: KeyCommand, out: CommandOutput): Promise<object> {
  return withKeys(options, async ({ services, keys, t, actor }) => {
    const { retired } = await keys.retireKeys(services, actor);
    out.say(retired.length === 0 ? t('keys:command.nothing') : t('keys:command.retired', { ids: retired.join(', ') }));
    return { ok: true, retired };
  });
}
