import type { CheckOutcome } from '../platform/checks';
import type { CommandModule } from './program';
import { type CommandOptions, type CommandOutput, runCommand } from './outcome';

interface DoctorCommand extends CommandOptions {
  config?: string;
  fix?: boolean;
}

const SIGNS = { ok: '✓', warn: '!', fail: '✗', skipped: '–' } as const;

export const register: CommandModule['register'] = (program) => {
  program
    .command('doctor')
    .description('look at machine, network, files, database and books; exit code 1 when something failed')
    .option('--config <file>', 'configuration file')
    .option('--fix', 'mend what can be mended without risk')
    .option('--json', 'print {ok, checks: [{id, category, status, found, required, evidence, remedy}]}')
    .action((options: DoctorCommand) => runCommand(options, (out) => run(options, out)));
};

async function run({ config: file, fix = false }: DoctorCommand, out: CommandOutput): Promise<object> {
  const { loadConfig } = await import('../platform/config');
  const { describeReport } = await import('../platform/checks');
  const { examine } = await import('../app/checks');
  const { terminalTexts } = await import('./words');
  const { answersAsPhoneErp } = await import('../app/ask-server');
  const config = loadConfig({ file });
  const t = terminalTexts();
  let category = '';
  const onResult = (outcome: CheckOutcome): void => {
    if (outcome.category !== category) out.say(`\n${t(`checks:category.${outcome.category}`)}`);
    category = outcome.category;
    for (const line of linesOf(outcome, t)) out.say(line);
  };
  const report = await examine(config, {
    ...(file === undefined ? {} : { configFile: file }),
    isOurs: () => answersAsPhoneErp(config.server),
    fix,
    onResult,
  });
  const count = (status: CheckOutcome['status']) => report.checks.filter((check) => check.status === status).length;
  out.say(`\n${t('checks:summary', { ok: count('ok'), warn: count('warn'), fail: count('fail') })}`);
  if (!report.ok) out.fail();
  return describeReport(report, t);
}

type Texts = (key: string, values?: Record<string, unknown>) => string;

function linesOf({ status, title, found, required, evidence, remedy = [], fixed }: CheckOutcome, t: Texts): string[] {
  const say = ({ key, values }: { key: string; values?: Record<string, unknown> }): string => t(key, values);
  const lines = [`  ${SIGNS[status]} ${say(title)}: ${say(found)}`];
  if (fixed) lines.push(`      ${say(fixed)}`);
  if (status === 'ok' || status === 'skipped') return lines;
  if (required) lines.push(`      ${t('checks:required', { text: say(required) })}`);
  if (evidence) lines.push(`      ${evidence}`);
  return [...lines, ...remedy.map((step) => `      → ${say(step)}`)];
}
