import type { Config } from '../platform/config';
import type { CommandModule } from './program';
import { type CommandOptions, type CommandOutput, runCommand } from './outcome';

interface StatusCommand extends CommandOptions {
  config?: string;
  port?: string;
}

export const register: CommandModule['register'] = (program) => {
  program
    .command('status')
    .description('the service, whether the server answers, the database is reachable and its schema fits')
    .option('--config <file>', 'configuration file')
    .option('--port <number>', 'the port that the server was started with, when it is not the configured one')
    .option('--json', 'print one JSON document')
    .action((options: StatusCommand) => runCommand(options, (out) => run(options, out)));
};

async function run({ config: file, port }: StatusCommand, out: CommandOutput): Promise<object> {
  const { version } = await import('../platform/version');
  const { maskUrl } = await import('../platform/config');
  const { loadServerConfig } = await import('./server-config');
  const config = loadServerConfig({ config: file, port });
  const server = await lookAtServer(config.server);
  const database = await lookAtDatabase(config.database.url);
  const service = await lookAtService();
  const ok = server.ready && database.schema === 'current';
  if (!ok) out.fail();
  const result = {
    ok,
    version,
    dataDir: config.dataDir,
    service,
    server,
    database: { url: maskUrl(config.database.url), ...database },
  };
  out.say(`Phone ERP ${version}`);
  out.say(`service   ${service ? `${service.name} ${service.detail}` : 'none on this machine'}`);
  out.say(
    `server    ${server.ready ? 'ready' : server.answers ? `not ready: ${server.reasons.join('; ')}` : 'does not answer'}  ${server.url}`,
  );
  out.say(`database  ${database.schema}${database.error ? `: ${database.error}` : ''}  ${result.database.url}`);
  return result;
}

interface ServiceSeen {
  name: string;
  installed: boolean;
  running: boolean;
  enabled: boolean;
  detail: string;
}

/** Null where nothing looks after services, as in a container. Not having one is no fault: the server may run without. */
async function lookAtService(): Promise<ServiceSeen | null> {
  const { serviceKind, serviceState } = await import('../../installer/service');
  const kind = serviceKind();
  const state = await serviceState(kind);
  if (!kind || !state) return null;
  const { installed, running, enabled, detail } = state;
  return { name: kind.name, installed, running, enabled, detail: installed ? detail : 'not installed' };
}

interface ServerState {
  url: string;
  answers: boolean;
  ready: boolean;
  reasons: string[];
}

async function lookAtServer(server: Config['server']): Promise<ServerState> {
  const { askServer, localAddress } = await import('../app/ask-server');
  const url = localAddress(server);
  try {
    const { status, body } = await askServer(server, '/readyz');
    const { reasons = [] } = JSON.parse(body) as { reasons?: string[] };
    return { url, answers: true, ready: status === 200, reasons };
  } catch {
    return { url, answers: false, ready: false, reasons: [] };
  }
}

async function lookAtDatabase(url: string): Promise<{ schema: string; error?: string }> {
  const { isMissingFile, openDatabase } = await import('../platform/database');
  if (isMissingFile(url)) return { schema: 'missing' };
  const { schemaState } = await import('../app/schema-state');
  try {
    const database = await openDatabase(url, { poolSize: 1, readOnly: true });
    try {
      return { schema: (await schemaState(database)).state };
    } finally {
      await database.close();
    }
  } catch (error) {
    return { schema: 'unreachable', error: error instanceof Error ? error.message : String(error) };
  }
}
