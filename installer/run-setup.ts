import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createTranslator, type Translate } from '../src/platform/i18n';
import { resourcePath } from '../src/platform/resources';
import { version } from '../src/platform/version';
import { Locked, memoryStore, newState, stateFile, takeLock, Wizard } from './engine';
import { finishSetup, type SetupSummary } from './finish';
import { installFolder, type SetupEnvironment, setupEnvironment, setupSteps } from './steps';
import { readAnswers } from './ui/answers/answers-file';
import { printAnswers } from './ui/answers/print-answers';
import { runUnattended, type Unattended } from './ui/answers/run-unattended';
import { type Say, sayError, sayIn } from './ui/say';

export interface SetupRun {
  answers?: string | undefined;
  yes?: boolean | undefined;
  json?: boolean | undefined;
  printAnswers?: boolean | undefined;
  dryRun?: boolean | undefined;
  strict?: boolean | undefined;
  allowUnsigned?: boolean | undefined;
  config?: string | undefined;
  restart?: boolean | undefined;
  browser?: boolean | undefined;
  /** Address of the browser face; default: this machine only. */
  listen?: string | undefined;
  /** Of the browser face; 0: any free one. */
  port?: number | undefined;
  stateFile: string;
  /** The folder in which the setup was started. */
  cwd?: string | undefined;
  /** What the steps see of the machine; for tests. */
  environment?: Partial<SetupEnvironment>;
  locale: 'zh-CN' | 'en';
  /** A line of the result, on standard output whatever happens. */
  write: (line: string) => void;
  /** A line for a person. */
  say: (line: string) => void;
  /** A line about what is going on. */
  progress: (line: string) => void;
}

/** `left`: somebody stopped before the end; the next run goes on. */
export type SetupEnd = Unattended | 'left';

/** The setup as the command line asks for it. Only one at a time works with a state file, and on an installation. */
export async function runSetup(run: SetupRun): Promise<SetupEnd> {
  const file = stateFile(path.resolve(run.stateFile));
  const changesNothing = run.dryRun === true || run.printAnswers === true;
  const locks: { release: () => void }[] = [];
  const say = sayInLocale(run.locale);
  try {
    if (!changesNothing) locks.push(takeLock(`${path.resolve(run.stateFile)}.lock`));
    const store = changesNothing ? memoryStore(file) : file;
    const wizard = new Wizard<SetupEnvironment>({
      steps: setupSteps,
      env: { ...setupEnvironment({ locale: run.locale, configFile: run.config, cwd: run.cwd }), ...run.environment },
      store,
      state: (changesNothing && run.restart ? undefined : store.read()) ?? newState(version),
      options: { strict: run.strict === true, allowUnsigned: run.allowUnsigned === true },
      // Two that were started in different folders meet here.
      onBegin: (context) => {
        if (locks.length < 2) locks.push(takeLock(lockOfInstallation(installFolder(context))));
      },
    });
    return await runWizard(wizard, run);
  } catch (error) {
    if (!(error instanceof Locked)) throw error;
    const detail = sayError(error, say);
    if (run.json) run.write(JSON.stringify({ step: 'start', status: 'refused', detail }));
    else run.say(detail);
    return 'refused';
  } finally {
    for (const { release } of locks) release();
  }
}

const lockOfInstallation = (folder: string): string =>
  path.join(tmpdir(), `phone-erp-setup-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}.lock`);

async function runWizard(wizard: Wizard<SetupEnvironment>, run: SetupRun): Promise<SetupEnd> {
  // In the language that was chosen, as soon as it was.
  const locale = (): 'zh-CN' | 'en' =>
    wizard.context.given['language'] === undefined ? run.locale : languageOf(wizard);
  const say: Say = (text) => sayInLocale(locale())(text);
  if (run.printAnswers) {
    run.write(printAnswers(wizard, setupSteps, say).trimEnd());
    return 'planned';
  }
  if (run.restart && !run.dryRun) await wizard.restart(newState(version));
  if (run.browser) return inBrowser(wizard, run, locale, say);
  return run.answers === undefined ? inTerminal(wizard, run, say) : unattended(wizard, run, run.answers, say);
}

const translator = (locale: 'zh-CN' | 'en'): Translate => {
  texts ??= createTranslator({ folder: resourcePath('locales'), onMissing: (_locale, key) => key });
  return texts(locale);
};
let texts: ((locale: 'zh-CN' | 'en') => Translate) | undefined;
const sayInLocale = (locale: 'zh-CN' | 'en'): Say => sayIn(translator(locale));

async function inBrowser(
  wizard: Wizard<SetupEnvironment>,
  run: SetupRun,
  locale: () => 'zh-CN' | 'en',
  say: Say,
): Promise<SetupEnd> {
  const { runBrowser } = await import('./ui/browser/browser-face');
  return runBrowser(wizard, {
    host: run.listen ?? '127.0.0.1',
    port: run.port ?? 0,
    translator,
    locale,
    finish: async () => {
      const summary = await finishSetup(wizard);
      for (const line of summaryLines(summary, say)) run.say(line);
      run.say(say({ key: 'setup:browser.stillOpen' }));
      return summary;
    },
    listening: ({ addresses, fingerprint }) => {
      if (fingerprint !== null) run.say(say({ key: 'setup:browser.fingerprint', values: { fingerprint } }));
      run.say(say({ key: 'setup:browser.address' }));
      for (const address of addresses) run.say(`  ${address}`);
    },
  });
}

async function inTerminal(wizard: Wizard<SetupEnvironment>, run: SetupRun, say: Say): Promise<SetupEnd> {
  // Heavy, and of no use to the other faces.
  const [{ runTerminal }, { askForSheet }] = await Promise.all([
    import('./ui/terminal/run-terminal'),
    import('./ui/terminal/ask-for-sheet'),
  ]);
  const prompting = { say, input: process.stdin, output: process.stdout };
  const outcome = await runTerminal(wizard, prompting, { dryRun: run.dryRun === true });
  if (outcome === 'left') {
    run.say(say({ key: 'setup:terminal.goOn' }));
    return 'left';
  }
  if (outcome !== 'done') return outcome;
  const summary = await finishSetup(wizard);
  for (const line of summaryLines(summary, say)) run.say(line);
  await askForSheet(prompting, summary.backup);
  return outcome;
}

const languageOf = ({ context }: Wizard<SetupEnvironment>): 'zh-CN' | 'en' =>
  context.answers['language'] === 'en' ? 'en' : 'zh-CN';

async function unattended(wizard: Wizard<SetupEnvironment>, run: SetupRun, file: string, say: Say): Promise<SetupEnd> {
  const given = readAnswers(file, wizard.everyQuestion());
  const emit = (line: { step: string; status: string; detail: unknown }): void => {
    if (run.json) run.write(JSON.stringify(line));
    else run.say(`${line.step.padEnd(15)} ${line.status.padEnd(8)} ${String(line.detail)}`);
  };
  const problems = await wizard.prefill(given);
  if (problems.length > 0) {
    for (const { id, text } of problems) emit({ step: id, status: 'invalid', detail: say(text) });
    return 'invalid';
  }
  const outcome = await runUnattended(wizard, {
    yes: run.yes === true,
    dryRun: run.dryRun === true,
    say,
    emit,
    progress: (step, done, total, label) => {
      if (!run.json && (done % 10 === 0 || done === total)) run.progress(`${step}  ${done} / ${total}  ${label}`);
    },
  });
  if (outcome === 'done') {
    const summary = await finishSetup(wizard);
    if (run.json) emit({ step: 'summary', status: 'done', detail: summary });
    else for (const line of summaryLines(summary, say)) run.say(line);
  }
  return outcome;
}

/** What the terminal shows at the end. */
export function summaryLines(summary: SetupSummary, say: Say): string[] {
  return [
    '',
    say({ key: 'setup:summary.title' }),
    say({ key: 'setup:summary.address', values: { address: summary.address } }),
    ...(summary.link === null
      ? []
      : [say({ key: 'setup:summary.link', values: { login: summary.login ?? '' } }), `  ${summary.link}`]),
    say({ key: 'setup:summary.config', values: { file: summary.config } }),
    say({ key: 'setup:summary.data', values: { folder: summary.dataDir } }),
    say({ key: 'setup:summary.report', values: { file: summary.report } }),
    ...summary.backup.next.map((one, at) => `${at === 0 ? '\n' : ''}! ${say(one.text)}`),
    ...serviceLines(summary, say),
    say({ key: `setup:summary.${summary.service.state === 'running' ? 'commandsRunning' : 'commands'}` }),
    ...summary.commands.map((command) => `  ${command}`),
    say({ key: 'setup:summary.support' }),
  ];
}

function serviceLines({ service }: SetupSummary, say: Say): string[] {
  if (service.state === 'running') return [say({ key: 'setup:summary.running', values: { name: service.name ?? '' } })];
  if (service.state === 'none') return [];
  return [say({ key: 'setup:summary.byHand', values: { name: service.name ?? '' } }), ...service.commands, ''];
}
