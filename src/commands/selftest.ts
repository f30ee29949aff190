import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import type { SelfTestReport } from '../app/selftest';
import type { CommandModule } from './program';
import { type CommandOptions, type CommandOutput, RefusedError, runCommand, UsageError } from './outcome';

interface SelfTestCommand extends CommandOptions {
  config?: string;
  database?: string;
  html?: string;
}

export const register: CommandModule['register'] = (program) => {
  program
    .command('selftest')
    .description(
      'buy, sell, take back, count and import on a scratch database and compare every figure; exit code 1 when one differs',
    )
    .option('--config <file>', 'configuration file: the test runs on the kind of database it names')
    .option('--database <url>', 'beside this database instead of the configured one')
    .option('--html <file>', 'write a report to keep: what was expected and found, in both languages')
    .option('--json', 'print {ok, flows: [{id, ok, steps}]}')
    .action((options: SelfTestCommand) => runCommand(options, (out) => run(options, out)));
};

async function run({ config: file, database, html }: SelfTestCommand, out: CommandOutput): Promise<object> {
  const { loadConfig } = await import('../platform/config');
  const { describeSelfTest, flowTitle, say, selfTest } = await import('../app/selftest');
  const { terminalTexts } = await import('./words');
  const config = loadConfig({ file, env: { ...process.env, ...(database ? { ERP_DATABASE_URL: database } : {}) } });
  if (html !== undefined) requireWritable(html);
  const t = terminalTexts();
  const stop = new AbortController();
  // What was made is removed at the next step; a scratch database of a server takes a moment.
  const interrupted = (): void => stop.abort(new RefusedError(t('selftest:interrupted')));
  process.on('SIGINT', interrupted).on('SIGTERM', interrupted);
  try {
    const report = await selfTest({
      url: config.database.url,
      signal: stop.signal,
      onScratch: (made) => out.progress(say(t, made.say)),
      onFlow: ({ id, ok, steps }) => {
        const right = steps.filter((step) => step.ok).length;
        out.say(`${ok ? 'ok  ' : 'FAIL'}  ${flowTitle(t, id)}  ${right} / ${steps.length}`);
        for (const { title, expected, found } of steps.filter((step) => !step.ok))
          out.say(`        ${t('selftest:step.bad', { title: say(t, title), expected, found })}`);
      },
    });
    if (html !== undefined) await writeReport(html, report, config.timeZone, out);
    const steps = report.flows.flatMap((flow) => flow.steps);
    const count = steps.filter(({ ok }) => report.ok || !ok).length;
    out.say(t(report.ok ? 'selftest:ok' : 'selftest:failed', { count }));
    if (!report.ok) out.fail();
    return describeSelfTest(report, t);
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
  }
}

/** Said before the test runs, not after it. */
function requireWritable(html: string): void {
  const target = existsSync(html) ? html : path.dirname(path.resolve(html));
  try {
    accessSync(target, constants.W_OK);
  } catch {
    throw new UsageError(`${html} cannot be written.`);
  }
}

async function writeReport(file: string, report: SelfTestReport, timeZone: string, out: CommandOutput): Promise<void> {
  const { writeFile } = await import('node:fs/promises');
  const { htmlReport } = await import('../app/selftest');
  const { createTranslator } = await import('../platform/i18n');
  const { resourcePath } = await import('../platform/resources');
  const { terminalLocale, terminalTexts } = await import('./words');
  const translator = createTranslator({ folder: resourcePath('locales'), onMissing: (_locale, key) => key });
  await writeFile(file, htmlReport(report, { translator, locale: terminalLocale(process.env), timeZone }));
  out.progress(terminalTexts()('selftest:written', { file }));
}
