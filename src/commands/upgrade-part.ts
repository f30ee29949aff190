import { createInterface } from 'node:readline';
import type { PartInput } from '../app/upgrade';
import { runCommand, UsageError } from './outcome';
import type { CommandModule } from './program';

interface PartOptions {
  config: string;
  url?: string;
  dataDir?: string;
  file?: string;
  folder?: string;
  token?: string;
  by?: string;
  from?: string;
  to?: string;
  outcome?: PartInput['outcome'];
  unsigned?: boolean;
  keyFile?: string;
  send?: boolean;
  since?: string;
}

/** For `phone-erp upgrade`, which lets each version do what only that version can; see src/app/upgrade/run-part.ts. */
export const register: CommandModule['register'] = (program) => {
  program
    .command('upgrade-part', { hidden: true })
    .description('a part of an upgrade; started by phone-erp upgrade, not by people')
    .argument('<name>')
    .requiredOption('--config <file>')
    .option('--url <url>')
    .option('--data-dir <path>')
    .option('--file <file>')
    .option('--folder <path>')
    .option('--token <text>')
    .option('--by <name>')
    .option('--from <version>')
    .option('--to <version>')
    .option('--outcome <word>')
    .option('--unsigned')
    .option('--key-file <file>')
    .option('--send')
    .option('--since <milliseconds>')
    // A later version may say more than this one understands.
    .allowUnknownOption()
    .action((name: string, options: PartOptions) =>
      runCommand({ json: true }, () => run(name, options), { lines: true }),
    );
};

async function run(name: string, { config, since, ...options }: PartOptions): Promise<object> {
  const done = await permission();
  const { parts } = await import('../app/upgrade');
  const part = parts[name];
  if (!part) throw new UsageError(`There is no part ${name}.`);
  const say = (text: string): void => void process.stdout.write(`${JSON.stringify({ type: 'progress', text })}\n`);
  try {
    const result = await part({
      ...options,
      configFile: config,
      ...(since === undefined ? {} : { since: Number(since) }),
      say,
    });
    return { ok: true, ...result };
  } finally {
    done();
  }
}

/**
 * Begins when whoever started it has noted that it did, and ends with them: what nobody waits for any more must not go on
 * changing a database that is being put back.
 */
async function permission(): Promise<() => void> {
  let state: 'waiting' | 'working' | 'done' = 'waiting';
  const lines = createInterface({ input: process.stdin });
  await new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      if (line !== 'go') return;
      state = 'working';
      resolve();
    });
    lines.on('close', () => {
      if (state !== 'done') process.exit(130);
    });
  });
  return () => {
    state = 'done';
    lines.close();
    process.stdin.destroy();
  };
}
