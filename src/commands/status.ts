import type { CommandModule } from './program';
import { type CommandOptions, type CommandOutput, runCommand } from './outcome';

interface StatusCommand extends CommandOptions {
  config?: string;
  port?: string;
}

const ANSWER_MS = 5000;

export const register: CommandModule['register'] = (program) => {
  program
    .command('status')
    .description('whether the server answers, the database is reachable and its schema fits')
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
  const server = await askServer(config.server);
  const database = await lookAtDatabase(config.database.url);
  const ok = server.ready && database.schema === 'current';
  if (!ok) out.fail();
  const result = {
    ok,
    version,
    dataDir: config.dataDir,
    server,
    database: { url: maskUrl(config.database.url), ...database },
  };
  out.say(`Phone ERP ${version}`);
  out.say(
    `server    ${server.ready ? 'ready' : server.answers ? `not ready: ${server.reasons.join('; ')}` : 'does not answer'}  ${server.url}`,
  );
  out.say(`database  ${database.schema}${database.error ? `: ${database.error}` : ''}  ${result.database.url}`);
  return result;
}

interface ServerState {
  url: string;
  answers: boolean;
  ready: boolean;
  reasons: string[];
}

async function askServer(server: { host: string; port: number; tls?: object | undefined }): Promise<ServerState> {
  const host = server.host === '0.0.0.0' || server.host === '::' ? '127.0.0.1' : server.host;
  const url = `${server.tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${server.port}`;
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(ANSWER_MS) });
    const { reasons = [] } = (await response.json()) as { reasons?: string[] };
    return { url, answers: true, ready: response.ok, reasons };
  } catch {
    return { url, answers: false, ready: false, reasons: [] };
  }
}

async function lookAtDatabase(url: string): Promise<{ schema: string; error?: string }> {
  const { existsSync } = await import('node:fs');
  // Opening an embedded database would create it.
  if (url.startsWith('sqlite:') && !existsSync(url.slice('sqlite:'.length))) return { schema: 'missing' };
  const { openDatabase } = await import('../platform/database');
  const { schemaState } = await import('../app/schema-state');
  try {
    const database = await openDatabase(url, { poolSize: 1 });
    try {
      return { schema: (await schemaState(database)).state };
    } finally {
      await database.close();
    }
  } catch (error) {
    return { schema: 'unreachable', error: error instanceof Error ? error.message : String(error) };
  }
}
