import type { CommandModule } from './program';
import { refusal } from './serve';
import { type CommandOptions, type CommandOutput, runCommand, UsageError } from './outcome';

interface VerifyCommand extends CommandOptions {
  config?: string;
  head?: string;
}

export const register: CommandModule['register'] = (program) => {
  program
    .command('audit')
    .description('the audit log')
    .command('verify')
    .description('look for entries that were changed or taken away; exit code 1 when there are any')
    .option('--config <file>', 'configuration file')
    .option('--head <seq:hash>', 'a seal noted earlier (the server logs each): it must still be there')
    .option('--json', 'print {ok, sealed, unsealed, head, count, findings}')
    .action((options: VerifyCommand) => runCommand(options, (out) => verify(options, out)));
};

async function verify({ config: file, head }: VerifyCommand, out: CommandOutput): Promise<object> {
  const { loadConfig } = await import('../platform/config');
  const { openToLook } = await import('../app/open-to-look');
  const { keysToLook } = await import('../app/key-check');
  const { verifyAuditChain } = await import('../platform/audit');
  const expected = head === undefined ? undefined : readHead(head);
  const config = loadConfig({ file });
  const refused = (error: unknown): never => {
    throw refusal(error) ?? error;
  };
  const database = await openToLook(config.database.url).catch(refused);
  try {
    const keys = await keysToLook(database.read, config.security.keyFile).catch(refused);
    const report = await verifyAuditChain(database.read, keys, { expected });
    out.say(
      `${report.ok ? 'ok  ' : 'FAIL'}  ${report.sealed} sealed, ${report.unsealed} not yet, ${report.count} findings`,
    );
    for (const { kind, seq, auditId } of report.findings)
      out.say(`        ${kind}: seal ${seq}${auditId === null ? '' : `, entry ${auditId}`}`);
    if (!report.ok) out.fail();
    return report;
  } finally {
    await database.close();
  }
}

function readHead(text: string): { seq: number; hash: string } {
  const match = /^([1-9]\d{0,14}):([\w-]{43})$/.exec(text);
  if (!match) throw new UsageError('--head is SEQ:HASH, as the server logs it');
  return { seq: Number(match[1]), hash: match[2] ?? '' };
}
