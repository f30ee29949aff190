import type { CheckOutcome } from '../../../src/platform/checks';
import { type Answer, StepFailed, type Step, type Wizard } from '../../engine';
import { sayError } from '../say';
import { ask, BACK, choose, type Prompting } from './prompts';
import { bar, mark, showOutcome } from './show';

/** `left`: somebody stopped; the state is kept and the next run goes on. */
export type TerminalOutcome = 'done' | 'planned' | 'left';

/** The setup as questions in a terminal. */
export async function runTerminal<E>(
  wizard: Wizard<E>,
  prompting: Prompting,
  { dryRun }: { dryRun: boolean },
): Promise<TerminalOutcome> {
  const { say, output } = prompting;
  const write = (line = ''): void => void output.write(`${line}\n`);
  try {
    write(say({ key: 'setup:terminal.keys' }));
    if (wizard.state.applying || wizard.state.asked.length > 0) write(say({ key: 'setup:terminal.resumed' }));
    for (;;) {
      const left = await askAll(wizard, prompting);
      if (left) return 'left';
      const go = await lastLook(wizard, prompting, dryRun);
      if (go === 'planned') return 'planned';
      if (go === 'left') return 'left';
      if (go === 'begin' && (await doAll(wizard, prompting))) return 'done';
    }
  } catch (error) {
    // Ctrl-C in a prompt.
    if (error instanceof Error && error.name === 'ExitPromptError') return 'left';
    throw error;
  }
}

/** True when somebody stops. */
async function askAll<E>(wizard: Wizard<E>, prompting: Prompting): Promise<boolean> {
  for (let step = wizard.current(); step; step = wizard.current()) {
    const outcome = await askStep(wizard, step, prompting);
    if (outcome === 'left') return true;
    if (outcome === 'back') wizard.back();
  }
  return false;
}

async function askStep<E>(wizard: Wizard<E>, step: Step<E>, prompting: Prompting): Promise<'next' | 'back' | 'left'> {
  const { say, output } = prompting;
  const steps = wizard.steps().filter((one) => one.check || wizard.questions(one).length > 0);
  output.write(`\n[${steps.indexOf(step) + 1}/${steps.length}] ${say(step.title)}\n`);
  if (step.say) output.write(`  ${say(step.say)}\n`);
  const values = await askQuestions(wizard, step, prompting);
  if (values === BACK) return 'back';
  let accept = false;
  for (;;) {
    const shown: CheckOutcome[] = [];
    const result = await wizard.submit(values, {
      accept,
      onResult: (outcome) => {
        shown.push(outcome);
        if (!accept) showOutcome(outcome, prompting);
      },
    });
    if (result.kind === 'next') return 'next';
    if (result.kind === 'problems') {
      for (const { text } of result.problems) output.write(`  ${mark('fail')} ${say(text)}\n`);
      return 'next';
    }
    for (const outcome of result.outcomes.filter((one) => !shown.includes(one))) showOutcome(outcome, prompting);
    const answer = await afterReport(result.acceptable, prompting, wizard.questions(step).length > 0);
    if (answer === 'accept') accept = true;
    else if (answer !== 'again') return answer;
    else if (wizard.questions(step).length > 0) return 'next';
  }
}

/** The questions one after the other; Escape goes one back, before the first to the step before. */
async function askQuestions<E>(
  wizard: Wizard<E>,
  step: Step<E>,
  prompting: Prompting,
): Promise<Record<string, Answer | undefined> | typeof BACK> {
  const values: Record<string, Answer | undefined> = {};
  /** What was typed before somebody went back is offered again. */
  const typed: Record<string, Answer | undefined> = {};
  const order: string[] = [];
  for (;;) {
    const asked = wizard.questions(step, values).find(({ question }) => !order.includes(question.id));
    if (!asked) return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
    const value = typed[asked.question.id] ?? asked.value;
    const answer = await ask(prompting, wizard, { ...asked, value }, values);
    if (answer === BACK) {
      const before = order.pop();
      if (before === undefined) return BACK;
      delete values[before];
      continue;
    }
    if (asked.question.kind !== 'secret') typed[asked.question.id] = answer;
    values[asked.question.id] = answer ?? (asked.question.kind === 'secret' ? undefined : '');
    order.push(asked.question.id);
  }
}

async function afterReport(
  acceptable: boolean,
  prompting: Prompting,
  hasQuestions: boolean,
): Promise<'accept' | 'again' | 'back' | 'left'> {
  const { say } = prompting;
  const one = <V extends string>(value: V) => ({ value, name: say({ key: `setup:terminal.${value}` }) });
  const again = { value: 'again' as const, name: say({ key: `setup:terminal.${hasQuestions ? 'change' : 'again'}` }) };
  const answer = await choose<'accept' | 'again' | 'back' | 'left'>(
    prompting,
    say({ key: acceptable ? 'setup:terminal.warned' : 'setup:terminal.failed' }),
    [...(acceptable ? [one('accept')] : []), again, one('back'), one('left')],
  );
  return answer === BACK ? 'back' : answer;
}

async function lastLook<E>(
  wizard: Wizard<E>,
  prompting: Prompting,
  dryRun: boolean,
): Promise<'begin' | 'back' | 'left' | 'planned'> {
  const { say, output } = prompting;
  output.write(`\n${say({ key: 'setup:terminal.plan' })}\n`);
  for (const step of wizard.steps())
    for (const line of step.plan?.(wizard.context) ?? []) output.write(`  · ${say(line)}\n`);
  if (dryRun) return 'planned';
  const answer = await choose<'begin' | 'back' | 'left'>(
    prompting,
    say({ key: 'setup:terminal.ready' }),
    (['begin', 'back', 'left'] as const).map((value) => ({ value, name: say({ key: `setup:terminal.${value}` }) })),
  );
  if (answer !== 'begin' && answer !== 'left') {
    wizard.back();
    return 'back';
  }
  return answer;
}

/** True when all steps have done their part; after a failure somebody tries again or changes an answer. */
async function doAll<E>(wizard: Wizard<E>, prompting: Prompting): Promise<boolean> {
  const { say, output } = prompting;
  const titles = new Map(wizard.steps().map(({ id, title }) => [id, say(title)]));
  const progress = bar(output);
  output.write('\n');
  for (;;) {
    try {
      await wizard.run((event) => {
        const title = titles.get(event.step) ?? event.step;
        if (event.kind === 'start') progress.show(title, 0, 0, '');
        if (event.kind === 'progress') progress.show(title, event.done, event.total, say(event.label));
        if (event.kind === 'done') {
          const detail = event.earlier ? say({ key: 'setup:run.earlier' }) : event.detail ? say(event.detail) : '';
          progress.end(`${mark('ok')} ${title}  ${detail}`);
        }
        if (event.kind === 'failed') progress.end(`${mark('fail')} ${title}  ${sayError(event.error, say)}`);
      });
      return true;
    } catch (error) {
      if (!(error instanceof StepFailed)) throw error;
      const answer = await choose<'again' | 'back' | 'left'>(
        prompting,
        say({ key: error.undone ? 'setup:terminal.stepUndone' : 'setup:terminal.stepFailed' }),
        (['again', 'back', 'left'] as const).map((value) => ({ value, name: say({ key: `setup:terminal.${value}` }) })),
      );
      if (answer === 'again') continue;
      if (answer === 'left') throw Object.assign(new Error('left'), { name: 'ExitPromptError' });
      wizard.back();
      return false;
    }
  }
}
