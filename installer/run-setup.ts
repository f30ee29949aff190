import path from 'node:path';
import { createTranslator, type Translate } from '../src/platform/i18n';
import { resourcePath } from '../src/platform/resources';
import { version } from '../src/platform/version';
import { memoryStore, newState, stateFile, undoSteps, Wizard } from './engine';
import { finishSetup, type SetupSummary } from './finish';
import { type SetupEnvironment, setupEnvironment, setupSteps } from './steps';
import { readAnswers } from './ui/answers/answers-file';
import { printAnswers } from './ui/answers/print-answers';
import { runUnattended, type Unattended } from './ui/answers/run-unattended';
import { type Say, sayIn } from './ui/say';

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
  /** Of the browser face; 0: any free one. */
  port?: number | undefined;
  stateFile: string;
  /** The folder in which the setup was started. */
  cwd?: string | undefined;
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

/** The setup as the command line asks for it. */
export async function runSetup(run: SetupRun): Promise<SetupEnd> {
  const file = stateFile(path.resolve(run.stateFile));
  const store = run.dryRun || run.printAnswers ? memoryStore(file) : file;
  const wizard = new Wizard<SetupEnvironment>({
    steps: setupSteps,
    env: setupEnvironment({ locale: run.locale, configFile: run.config, cwd: run.cwd }),
    store,
    state: store.read() ?? newState(version),
    options: { strict: run.strict === true, allowUnsigned: run.allowUnsigned === true },
  });
  const translator = createTranslator({ folder: resourcePath('locales'), onMissing: (_locale, key) => key });
  // In the language that was chosen, as soon as it was.
  const say: Say = (text) =>
    sayIn(translator(wizard.context.given['language'] === undefined ? run.locale : languageOf(wizard)))(text);
  if (run.printAnswers) {
    run.write(printAnswers(wizard, setupSteps, say).trimEnd());
    return 'planned';
  }
  if (run.restart) {
    await undoSteps(setupSteps, wizard.context, wizard.state, store);
    Object.assign(wizard.state, newState(version), { facts: wizard.state.facts });
    for (const name of Object.keys(wizard.state.facts)) delete wizard.state.facts[name];
    store.remove();
  }
  if (run.browser) return inBrowser(wizard, run, translator, say);
  return run.answers === undefined ? inTerminal(wizard, run, say) : unattended(wizard, run, run.answers, say);
}

async function inBrowser(
  wizard: Wizard<SetupEnvironment>,
  run: SetupRun,
  translator: (locale: 'zh-CN' | 'en') => Translate,
  say: Say,
): Promise<SetupEnd> {
  const { runBrowser } = await import('./ui/browser/browser-face');
  return runBrowser(wizard, {
    host: '127.0.0.1',
    port: run.port ?? 0,
    translator,
    locale: () => (wizard.context.given['language'] === undefined ? run.locale : languageOf(wizard)),
    finish: async () => {
      const summary = await finishSetup(wizard);
      for (const line of summaryLines(summary, say)) run.say(line);
      return summary;
    },
    listening: (address) => {
      run.say(say({ key: 'setup:browser.address' }));
      run.say(`  ${address}`);
    },
  });
}

async function inTerminal(wizard: Wizard<SetupEnvironment>, run: SetupRun, say: Say): Promise<SetupEnd> {
  // Heavy, and of no use to the other faces.
  const { runTerminal } = await import('./ui/terminal/run-terminal');
  const { stdin, stdout } = process;
  const outcome = await runTerminal(wizard, { say, input: stdin, output: stdout }, { dryRun: run.dryRun === true });
  if (outcome === 'left') {
    run.say(say({ key: 'setup:terminal.goOn' }));
    return 'left';
  }
  if (outcome === 'done') for (const line of summaryLines(await finishSetup(wizard), say)) run.say(line);
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
    say({ key: 'setup:summary.commands' }),
    ...summary.commands.map((command) => `  ${command}`),
    say({ key: 'setup:summary.support' }),
  ];
}
