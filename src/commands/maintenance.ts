import { type CommandOptions, type CommandOutput, runCommand } from './outcome';
import type { CommandModule } from './program';
import { refusal } from './serve';

interface MaintenanceCommand extends CommandOptions {
  config?: string;
  note?: string;
}

export const register: CommandModule['register'] = (program) => {
  const maintenance = program
    .command('maintenance')
    .description('close the system for everybody but administrators, and open it again');
  maintenance
    .command('on')
    .description('close it: every server shows the maintenance page within three seconds')
    .option('--note <text>', 'what people read on that page')
    .option('--config <file>', 'configuration file')
    .option('--json', 'print {ok, maintenance}')
    .action((options: MaintenanceCommand) => runCommand(options, (out) => change('on', options, out)));
  maintenance
    .command('off')
    .description('open it again')
    .option('--config <file>', 'configuration file')
    .option('--json', 'print {ok, maintenance}')
    .action((options: MaintenanceCommand) => runCommand(options, (out) => change('off', options, out)));
  maintenance
    .command('status')
    .description('whether it is on, since when, and who closed it')
    .option('--config <file>', 'configuration file')
    .option('--json', 'print {ok, maintenance}')
    .action((options: MaintenanceCommand) => runCommand(options, (out) => status(options, out)));
};

async function load({ config: file }: MaintenanceCommand) {
  const [{ loadConfig }, { openToLook }, { terminalTexts }, app] = await Promise.all([
    import('../platform/config'),
    import('../app/open-to-look'),
    import('./words'),
    import('../app/maintenance'),
  ]);
  const config = loadConfig({ file });
  const looked = await openToLook(config.database.url).catch((error: unknown) => {
    throw refusal(error) ?? error;
  });
  return { config, looked, t: terminalTexts(), app };
}

async function change(to: 'on' | 'off', options: MaintenanceCommand, out: CommandOutput): Promise<object> {
  const { config, looked, t, app } = await load(options);
  await looked.close();
  const { openServices } = await import('../app/create-services');
  const { silentLogger } = await import('../platform/logging');
  const { systemActor } = await import('../platform/permissions');
  const { services, close } = await openServices(config, { log: silentLogger() });
  try {
    const actor = systemActor('command line');
    if (to === 'on') await app.switchMaintenanceOn(services.uow, actor, { kind: 'hand', note: options.note });
    else await app.switchMaintenanceOff(services.uow, actor);
    out.say(t(to === 'on' ? 'maintenance:switchedOn' : 'maintenance:switchedOff'));
    return { ok: true, maintenance: await app.readMaintenance(services.database.read) };
  } finally {
    await close();
  }
}

async function status(options: MaintenanceCommand, out: CommandOutput): Promise<object> {
  const { looked, t, app } = await load(options);
  try {
    const maintenance = await app.readMaintenance(looked.read);
    if (!maintenance) out.say(t('maintenance:off'));
    else if (maintenance.kind === 'upgrade') out.say(t('maintenance:upgrading'));
    else {
      const at = new Date(maintenance.since).toISOString();
      out.say(t('maintenance:on', { name: maintenance.byName ?? '', at }));
      if (maintenance.note) out.say(maintenance.note);
    }
    return { ok: true, maintenance };
  } finally {
    await looked.close();
  }
}
