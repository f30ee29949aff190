import type { CommandModule } from './program';
import { type CommandOptions, type CommandOutput, runCommand } from './outcome';

export const register: CommandModule['register'] = (program) => {
  program
    .command('selftest')
    .description('buy, sell and take back on a scratch database and compare every figure; exit code 1 when one differs')
    .option('--json', 'print {ok, flows: [{id, ok, steps}]}')
    .action((options: CommandOptions) => runCommand(options, run));
};

async function run(out: CommandOutput): Promise<object> {
  const { selfTest } = await import('../app/selftest');
  const { terminalTexts } = await import('./words');
  const t = terminalTexts();
  out.progress(t('selftest:scratch'));
  // An interruption ends through exit, where the scratch folder is removed.
  const interrupted = (): void => process.exit(130);
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  const report = await selfTest();
  process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
  const steps = report.flows.flatMap((flow) => flow.steps);
  const bad = steps.filter(({ ok }) => !ok);
  for (const { ok, title, expected, found } of steps)
    out.say(`${ok ? 'ok  ' : 'FAIL'}  ${t('selftest:step', { title, expected, found })}`);
  out.say(t(report.ok ? 'selftest:ok' : 'selftest:failed', { count: report.ok ? steps.length : bad.length }));
  if (!report.ok) out.fail();
  return report;
}
