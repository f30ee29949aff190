import { Command, CommanderError } from 'commander';
import { version } from '../platform/version';
import { ExitCode } from './outcome';

/** What a file in this folder exports; its heavy imports belong inside the action, so that --help stays quick. */
export interface CommandModule {
  register(program: Command): void;
}

/** Command name → its file. Only the file of the asked command is loaded; all of them for the overview. */
export type CommandTable = Record<string, () => Promise<CommandModule>>;

/** Runs the command line (without node and script). Sets process.exitCode; a usage error gives 2. */
export async function runProgram(table: CommandTable, args: readonly string[]): Promise<void> {
  const program = new Command('phone-erp')
    .description('手机零售 ERP / Phone Retail ERP')
    .version(version, '-V, --version')
    .exitOverride()
    .showHelpAfterError('(phone-erp --help)');
  for (const load of modulesFor(table, args[0])) (await load()).register(program);
  for (const command of program.commands) sayWhereHelpIs(command, 'phone-erp');
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
  }
}

/** The help of the command that was called in a wrong way, not that of the whole program. */
function sayWhereHelpIs(command: Command, before: string): void {
  const name = `${before} ${command.name()}`;
  command.showHelpAfterError(`(${name} --help)`);
  for (const one of command.commands) sayWhereHelpIs(one, name);
}

function modulesFor(table: CommandTable, name: string | undefined): CommandTable[string][] {
  const one = name !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
  return one ? [one] : Object.values(table);
}
