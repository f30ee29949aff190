import type { CommandModule } from './program';
import { refusal } from './serve';
import { type CommandOptions, type CommandOutput, runCommand } from './outcome';

interface VerifyCommand extends CommandOptions {
  config?: string;
  database?: string;
}

export const register: CommandModule['register'] = (program) => {
  program
    .command('ledger')
    .description('the books')
    .command('verify')
    .description('check every invariant of the books over the whole database; exit code 1 when one does not hold')
    .option('--config <file>', 'configuration file')
    .option('--database <url>', 'this database instead of the configured one')
    .option('--json', 'print {ok, checks: [{id, ok, count, findings}]}')
    .action((options: VerifyCommand) => runCommand(options, (out) => verify(options, out)));
};

async function verify({ config, database: url }: VerifyCommand, out: CommandOutput): Promise<object> {
  const { loadConfig } = await import('../platform/config');
  const { openToLook } = await import('../app/open-to-look');
  const { modules } = await import('../app/modules');
  const { verifyLedger } = await import('../ledger');
  const database = await openToLook(url ?? loadConfig({ file: config }).database.url).catch((error: unknown) => {
    throw refusal(error) ?? error;
  });
  try {
    const verdict = await verifyLedger(
      database.read,
      modules.flatMap((one) => one.checks ?? []),
    );
    for (const { id, ok, count, findings } of verdict.checks) {
      out.say(`${ok ? 'ok  ' : 'FAIL'}  ${id}${ok ? '' : `  ${count} findings`}`);
      for (const finding of findings) out.say(`        ${finding}`);
    }
    if (!verdict.ok) out.fail();
    return verdict;
  } finally {
    await database.close();
  }
}
