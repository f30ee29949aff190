import type { Command } from 'commander';
import type { Services } from '../platform/services';
import { type CommandOptions, type CommandOutput, runCommand, UsageError } from './outcome';
import type { CommandModule } from './program';
import { refusal } from './serve';

interface UserOptions extends CommandOptions {
  config?: string;
}

interface CreateOptions extends UserOptions {
  name: string;
  role: string[];
  locale: 'zh-CN' | 'en';
}

interface ResetOptions extends UserOptions {
  withoutSecondFactor?: boolean;
}

export const register: CommandModule['register'] = (program) => {
  const user = program.command('user').description('accounts: create, reset, list');
  const common = (command: Command): Command =>
    command.option('--config <file>', 'configuration file').option('--json', 'print one JSON document');
  const collect = (value: string, before: string[]): string[] => [...before, value];

  common(user.command('create <login>'))
    .description('create an account; prints a one-time link with which its password is set')
    .requiredOption('--name <name>', 'name of the person')
    .option(
      '--role <role[@store]>',
      'role, in one store (cashier@NJ01) or in all (owner); may be given again',
      collect,
      [],
    )
    .option('--locale <locale>', 'zh-CN or en', 'zh-CN')
    .action((login: string, options: CreateOptions) => runCommand(options, (out) => create(login, options, out)));

  common(user.command('reset <login>'))
    .description('print a one-time link with which a new password is set')
    .option('--without-second-factor', 'also turn the second factor off, when the telephone is lost')
    .action((login: string, options: ResetOptions) => runCommand(options, (out) => reset(login, options, out)));

  common(user.command('list'))
    .description('all accounts with their roles')
    .action((options: UserOptions) => runCommand(options, (out) => list(options, out)));
};

async function create(login: string, options: CreateOptions, out: CommandOutput): Promise<object> {
  if (options.locale !== 'zh-CN' && options.locale !== 'en') throw new UsageError('--locale is zh-CN or en');
  return withServices(options, async (services, address) => {
    const { createAccount } = await import('../app/accounts');
    const { name, role: roles, locale } = options;
    const { userId, path } = await createAccount(services, { login, name, roles, locale });
    out.say(`${login}: ${address}${path}`);
    return { ok: true, userId, login, link: address + path };
  });
}

async function reset(login: string, options: ResetOptions, out: CommandOutput): Promise<object> {
  return withServices(options, async (services, address) => {
    const { resetAccount } = await import('../app/accounts');
    const { withoutSecondFactor = false } = options;
    const done = await resetAccount(services, { login, withoutSecondFactor });
    out.say(`${done.login}: ${address}${done.path}`);
    return { ok: true, login: done.login, link: address + done.path };
  });
}

async function list(options: UserOptions, out: CommandOutput): Promise<object> {
  const { loadServerConfig } = await import('./server-config');
  const { openToLook } = await import('../app/open-to-look');
  const { listAccounts } = await import('../app/accounts');
  const database = await openToLook(loadServerConfig({ config: options.config }).database.url).catch(
    (error: unknown) => {
      throw refusal(error) ?? error;
    },
  );
  try {
    const users = await listAccounts({ database });
    for (const { login, name, active, roles } of users)
      out.say(`${login}\t${name}\t${active ? 'active' : 'inactive'}\t${roles.join(' ')}`);
    return { ok: true, users };
  } finally {
    await database.close();
  }
}

/** Opens the database as the server does; a running server may go on. What is refused is said in words. */
async function withServices<T>(
  { config: file }: UserOptions,
  work: (services: Services, address: string) => Promise<T>,
): Promise<T> {
  const { loadServerConfig } = await import('./server-config');
  const { silentLogger } = await import('../platform/logging');
  const { openProduct } = await import('../app/product');
  const config = loadServerConfig({ config: file });
  const log = silentLogger();
  const { services, close } = await openProduct(config, log).catch((error: unknown) => {
    throw refusal(error) ?? error;
  });
  const { publicUrl, tls, host, port } = config.server;
  try {
    return await work(services, publicUrl?.replace(/\/$/, '') ?? `${tls ? 'https' : 'http'}://${host}:${port}`);
  } finally {
    await close();
  }
}
