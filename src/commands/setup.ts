import { isIP } from 'node:net';
import type { CommandModule } from './program';
import { type CommandOptions, type CommandOutput, RefusedError, runCommand, UsageError } from './outcome';

interface SetupCommand extends CommandOptions {
  answers?: string;
  yes?: boolean;
  printAnswers?: boolean;
  dryRun?: boolean;
  strict?: boolean;
  allowUnsigned?: boolean;
  config?: string;
  state?: string;
  restart?: boolean;
  browser?: boolean;
  port?: string;
  listen?: string;
}

export const register: CommandModule['register'] = (program) => {
  program
    .command('setup')
    .description('install the product on this machine, or repair, reconfigure or upgrade what is installed')
    .option('--answers <file>', 'take the answers from a file (YAML or JSON) instead of asking')
    .option('--yes', 'with --answers: accept warnings and begin without asking')
    .option('--print-answers', 'print every question as an answers file, and do nothing')
    .option('--dry-run', 'say what would be done, and do nothing')
    .option('--strict', 'refuse when a check warns')
    .option(
      '--allow-unsigned',
      'go on although this program is not as it was packaged and signed; the audit log keeps it',
    )
    .option('--config <file>', 'configuration of the installation to repair, reconfigure or upgrade')
    .option('--state <file>', 'where an unfinished setup is kept', 'phone-erp-setup.json')
    .option('--restart', 'forget an unfinished setup and take back what it has done')
    .option('--browser', 'ask in a browser; the address with its one-time token is printed')
    .option('--port <number>', 'with --browser: the port to listen on; default: any free one')
    .option(
      '--listen <address>',
      'with --browser: the address to listen on, such as 0.0.0.0 for the whole network (then by HTTPS)',
      '127.0.0.1',
    )
    .option('--json', 'with --answers: print one line {step, status, detail} for each step')
    .action((options: SetupCommand) =>
      // The lines of --json are written as they come, not as one document.
      runCommand({}, (out) => run(options, options.json ? { ...out, say: out.progress } : out)),
    );
};

async function run(options: SetupCommand, out: CommandOutput): Promise<void> {
  if (options.answers === undefined && (options.yes || options.json))
    throw new UsageError('--yes and --json go with --answers FILE');
  if (options.answers === undefined && !options.printAnswers && !options.browser && !process.stdin.isTTY)
    throw new UsageError('There is no terminal to ask in: use --answers FILE (--print-answers shows how it looks)');
  if (options.listen !== undefined && options.listen !== 'localhost' && isIP(options.listen) === 0)
    throw new UsageError('--listen is an address of this machine, such as 127.0.0.1 or 0.0.0.0');
  const { runSetup } = await import('../../installer/run-setup');
  const { terminalLocale } = await import('./words');
  const outcome = await runSetup({
    ...options,
    port: options.port === undefined ? undefined : portOf(options.port),
    stateFile: options.state ?? 'phone-erp-setup.json',
    locale: terminalLocale(process.env),
    write: (line) => process.stdout.write(`${line}\n`),
    say: out.say,
    progress: out.progress,
  });
  if (outcome === 'invalid') throw new UsageError('The answers are not right; nothing was changed.');
  if (outcome === 'refused') throw new RefusedError('The setup was refused; nothing was changed.');
  if (outcome === 'left') throw new RefusedError('The setup was stopped before its end.');
  if (outcome === 'failed') out.fail();
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new UsageError('--port is a number up to 65535');
  return port;
}
