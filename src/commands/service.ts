import type { Command } from 'commander';
import type { PlanStep, ServiceKind, ServiceSettings } from '../../installer/service';
import type { Translate } from '../platform/i18n';
import { type CommandOptions, type CommandOutput, RefusedError, runCommand, UsageError } from './outcome';
import type { CommandModule } from './program';

interface ServiceOptions extends CommandOptions {
  config?: string;
}

interface InstallOptions extends ServiceOptions {
  account?: string;
  memoryMax?: string;
  print?: boolean;
  asTask?: boolean;
}

interface RemoveOptions extends ServiceOptions {
  withData?: boolean;
  print?: boolean;
}

interface LogOptions extends ServiceOptions {
  lines: string;
}

export const register: CommandModule['register'] = (program) => {
  const service = program
    .command('service')
    .description('run the server in the background, from the start of the machine on');
  const common = (command: Command): Command =>
    command.option('--config <file>', 'configuration file').option('--json', 'print one JSON document');
  common(service.command('install'))
    .description('install the service and start it; again after a change of ports or folders (systemd, Windows)')
    .option('--account <name>', 'account that it runs under; made when it is missing (Linux)', 'phone-erp')
    .option('--memory-max <megabytes>', 'never more memory than this (Linux)')
    .option('--as-task', 'a scheduled task instead of a service, where compiling its host is forbidden (Windows)')
    .option('--print', 'only print what would be done')
    .action((options: InstallOptions) => runCommand(options, (out) => install(options, out)));
  common(service.command('remove'))
    .description('stop the service and remove it; the data stay')
    .option('--with-data', 'remove the data folder as well: everything that was ever entered, without a way back')
    .option('--print', 'only print what would be done')
    .action((options: RemoveOptions) => runCommand(options, (out) => remove(options, out)));
  for (const verb of ['start', 'stop'] as const)
    common(service.command(verb))
      .description(`${verb} the service`)
      .action((options: ServiceOptions) => runCommand(options, (out) => startOrStop(verb, out)));
  common(service.command('status'))
    .description('whether the service is installed and runs; exit code 1 when it does not')
    .action((options: ServiceOptions) => runCommand(options, (out) => status(out)));
  common(service.command('logs'))
    .description('the last lines of the log')
    .option('--lines <number>', 'how many', '50')
    .action((options: LogOptions) => runCommand(options, (out) => logs(options, out)));
};

async function install(options: InstallOptions, out: CommandOutput): Promise<object> {
  const { windowsTask } = await import('../../installer/service');
  const found = await requireKind(options.print);
  const kind = options.asTask === true && process.platform === 'win32' ? windowsTask : found;
  if (options.memoryMax !== undefined && !/^[1-9]\d{1,7}$/.test(options.memoryMax))
    throw new UsageError('--memory-max is a number of megabytes');
  if (options.account !== undefined && !/^[a-z_][a-z0-9_-]{0,30}$/.test(options.account))
    throw new UsageError('--account is a name of small letters, digits, - and _');
  const settings = await readSettings(options);
  return carryOut(kind, kind.install(settings), options.print === true, out, 'service:installed');
}

async function remove(options: RemoveOptions, out: CommandOutput): Promise<object> {
  const kind = await requireKind(options.print);
  const settings = await readSettings(options);
  const data: PlanStep[] = options.withData === true ? await removalOfData(settings) : [];
  const words = options.withData === true ? 'service:removedWithData' : 'service:removed';
  return carryOut(kind, [...kind.remove(settings), ...data], options.print === true, out, words, settings);
}

/** Only a folder in which this product has kept its data: a wrong line in the configuration must not cost a home folder. */
async function removalOfData({ dataDir }: ServiceSettings): Promise<PlanStep[]> {
  const { existsSync } = await import('node:fs');
  const { join } = await import('node:path');
  if (!existsSync(join(dataDir, 'secret.key')) && !existsSync(join(dataDir, 'phone-erp.sqlite')))
    throw new RefusedError((await texts())('service:notOurs', { folder: dataDir }));
  return [{ kind: 'remove', path: dataDir }];
}

async function startOrStop(verb: 'start' | 'stop', out: CommandOutput): Promise<object> {
  const kind = await requireKind();
  return carryOut(kind, kind[verb](), false, out, verb === 'start' ? 'service:started' : 'service:stopped');
}

async function status(out: CommandOutput): Promise<object> {
  const { serviceState } = await import('../../installer/service');
  const kind = await requireKind();
  const state = await serviceState(kind);
  const t = await texts();
  if (!state?.running) out.fail();
  out.say(
    t(state?.installed ? 'service:state' : 'service:notInstalled', { name: kind.name, detail: state?.detail ?? '' }),
  );
  return { ok: state?.running === true, kind: kind.id, name: kind.name, ...state };
}

async function logs({ config: file, lines }: LogOptions, out: CommandOutput): Promise<object> {
  const { loadServerConfig } = await import('./server-config');
  const { logTail } = await import('../platform/logging');
  if (!/^[1-9]\d{0,5}$/.test(lines)) throw new UsageError('--lines is a whole number');
  const { dir } = loadServerConfig({ config: file }).logging;
  const found = logTail(dir, Number(lines));
  if (found.length === 0) out.say((await texts())('service:noLogs', { folder: dir }));
  for (const { time, level, msg, text } of found) out.say(msg === undefined ? text : `${time}  ${level}  ${msg}`);
  return { ok: true, folder: dir, lines: found.map(({ text }) => text) };
}

/** `toPrint`: a plan for another machine may be made on one without services. */
async function requireKind(toPrint = false): Promise<ServiceKind> {
  const { serviceKind, systemd } = await import('../../installer/service');
  const kind = serviceKind() ?? (toPrint && process.platform === 'linux' ? systemd : undefined);
  if (!kind) throw new RefusedError((await texts())('service:none'));
  return kind;
}

async function readSettings({ config: file, account, memoryMax }: InstallOptions): Promise<ServiceSettings> {
  const path = await import('node:path');
  const { serviceSettings, throughCurrent } = await import('../../installer/service');
  const { loadServerConfig } = await import('./server-config');
  const { verifyPayload } = await import('../platform/release');
  const configFile = file === undefined ? undefined : path.resolve(file);
  const packaged = verifyPayload().kind !== 'source';
  return serviceSettings({
    config: loadServerConfig({ config: configFile }),
    configFile,
    // From the source tree: node with what it was started with, and the script.
    program: packaged
      ? [throughCurrent(process.execPath)]
      : [process.execPath, ...process.execArgv, path.resolve(process.argv[1] ?? '')],
    ...(account === undefined ? {} : { account }),
    memoryMaxMb: memoryMax === undefined ? undefined : Number(memoryMax),
  });
}

async function carryOut(
  kind: ServiceKind,
  plan: readonly PlanStep[],
  printOnly: boolean,
  out: CommandOutput,
  done: string,
  values: { dataDir?: string } = {},
): Promise<object> {
  const service = await import('../../installer/service');
  const t = await texts();
  const commands = service.printPlan(plan, process.platform);
  if (printOnly) {
    commands.forEach((line) => out.say(line));
    return { ok: true, kind: kind.id, name: kind.name, commands };
  }
  if (!(await service.carryOut(plan, out.progress))) {
    commands.forEach((line) => out.progress(line));
    throw new RefusedError(t(process.platform === 'win32' ? 'service:noRightsWindows' : 'service:noRights'));
  }
  out.say(t(done, { name: kind.name, folder: values.dataDir ?? '' }));
  return { ok: true, kind: kind.id, name: kind.name };
}

async function texts(): Promise<Translate> {
  return (await import('./words')).terminalTexts();
}
