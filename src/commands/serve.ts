import type { CommandModule } from './program';
import { RefusedError, runCommand } from './outcome';

interface ServeCommand {
  port?: string;
  host?: string;
  config?: string;
  untilStdinEnds?: boolean;
  printConfig?: boolean;
}

export const register: CommandModule['register'] = (program) => {
  program
    .command('serve')
    .description('run the server (until SIGTERM or Ctrl-C)')
    .option('--port <number>', 'listen here instead of the configured port; 0: any free one')
    .option('--host <address>', 'listen on this address instead of the configured one')
    .option('--config <file>', 'configuration file (see config/example.yaml)')
    .option(
      '--until-stdin-ends',
      'stop in order when standard input is closed (for what starts it as a Windows service)',
    )
    .option('--print-config', 'print the configuration in force, secrets masked, and end')
    .action((options: ServeCommand) => runCommand({}, (out) => run(options, out.say)));
};

async function run(options: ServeCommand, say: (text: string) => void): Promise<void> {
  const { loadServerConfig } = await import('./server-config');
  if (options.printConfig) {
    const { stringify } = await import('yaml');
    const { maskedConfig } = await import('../platform/config');
    say(stringify(maskedConfig(loadServerConfig(options)), { lineWidth: 0 }).trimEnd());
    return;
  }
  const { RestartNeeded, serve, stopOnSignals } = await import('../app/serve');
  const serving = await serve(loadServerConfig(options), { configFile: options.config }).catch((error: unknown) => {
    if (error instanceof RestartNeeded) return undefined;
    throw refusal(error) ?? error;
  });
  if (!serving) return restart(options.config);
  stopOnSignals(serving);
  if (options.untilStdinEnds) process.stdin.on('end', () => void serving.stop()).resume();
  say(`Phone ERP: ${serving.url}`);
  const how = await serving.stopped;
  if (how === 'restart') return restart(options.config);
  // An open pipe would keep the process.
  if (options.untilStdinEnds) process.stdin.destroy();
}

/**
 * Lets the version that is in force take the place of this process: whoever started it goes on seeing the same one. Where the
 * system cannot do that (Windows), it ends with a failure, and whoever looks after the service starts it again.
 */
export async function restart(configFile: string | undefined): Promise<void> {
  const { installationAt, programOf, versionOfLink } = await import('../platform/release');
  const path = await import('node:path');
  const installation = configFile === undefined ? undefined : installationAt(configFile);
  const args = process.argv.slice(2);
  // Set by scripts/run-built.mjs.
  const launcher = process.env.PHONE_ERP_LAUNCHER;
  const own = [
    process.execPath,
    ...process.execArgv,
    ...(launcher === undefined ? [] : [launcher]),
    path.resolve(process.argv[1] ?? ''),
  ];
  const [file = process.execPath, ...before] = installation
    ? [path.join(installation.current, path.basename(programOf(installation, versionOfLink(installation) ?? '')))]
    : own;
  if (typeof process.execve !== 'function' || process.platform === 'win32') process.exit(RESTART_CODE);
  process.execve(file, [file, ...before, ...args], process.env);
}

/** EX_TEMPFAIL of sysexits.h. */
const RESTART_CODE = 75;

const SAID_IN_WORDS = new Set(['SchemaMismatch', 'KeyMismatch', 'MissingKeyFile', 'MissingDatabase']);

/** What the operator can put right is refused in one sentence; everything else is a failure with its stack. */
export function refusal(error: unknown): RefusedError | null {
  const { name, code, message } = error as { name?: string; code?: string; message?: string };
  if (name !== undefined && SAID_IN_WORDS.has(name)) return new RefusedError(message);
  if (code === 'EADDRINUSE') return new RefusedError(`The port is in use by another program (${message}).`);
  if (code === 'EACCES') return new RefusedError(`Not allowed: ${message}.`);
  return null;
}
