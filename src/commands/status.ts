import type { TLSSocket } from 'node:tls';
import type { Config } from '../platform/config';
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
  const server = await askServer(config.server);
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

async function askServer(server: Config['server']): Promise<ServerState> {
  const host = server.host === '0.0.0.0' || server.host === '::' ? '127.0.0.1' : server.host;
  const url = `${server.tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${server.port}`;
  try {
    const { status, body } = await get(`${url}/readyz`, server.tls?.certFile);
    const { reasons = [] } = JSON.parse(body) as { reasons?: string[] };
    return { url, answers: true, ready: status === 200, reasons };
  } catch {
    return { url, answers: false, ready: false, reasons: [] };
  }
}

/** An own certificate is known to no authority of this machine: the one on the disk must be the one that is shown. */
async function get(url: string, certFile: string | undefined): Promise<{ status: number; body: string }> {
  if (certFile === undefined) {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
    return { status: response.status, body: await response.text() };
  }
  const { request } = await import('node:https');
  const { readFileSync } = await import('node:fs');
  const { readChain } = await import('../platform/tls');
  const expected = readChain(readFileSync(certFile, 'utf8'))[0].fingerprint256;
  return new Promise((resolve, reject) => {
    const asked = request(url, { rejectUnauthorized: false, timeout: ANSWER_MS, agent: false }, (response) => {
      const shown = (response.socket as TLSSocket).getPeerCertificate().fingerprint256;
      if (shown !== expected) return void response.destroy(new Error('another certificate than the configured one'));
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (body += part));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer')));
    asked.on('error', reject);
    asked.end();
  });
}

async function lookAtDatabase(url: string): Promise<{ schema: string; error?: string }> {
  const { isMissingFile, openDatabase } = await import('../platform/database');
  if (isMissingFile(url)) return { schema: 'missing' };
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
