import type { CheckOutcome } from '../../../src/platform/checks';
import { StepFailed, type Step, type Wizard } from '../../engine';
import { type Say, sayError } from '../say';

/** One line a step, as scripts read it. */
export interface StepLine {
  step: string;
  /** `planned` in a dry run only. */
  status: 'ok' | 'warn' | 'refused' | 'invalid' | 'planned' | 'done' | 'failed';
  detail: string;
}

export interface UnattendedOptions {
  /** Nobody is asked: warnings are accepted, and the work begins. */
  yes: boolean;
  dryRun: boolean;
  say: Say;
  emit: (line: StepLine) => void;
  progress: (step: string, done: number, total: number, label: string) => void;
}

/** `invalid`: an answer is wrong or missing; `refused`: a check says no, or somebody would have to be asked. */
export type Unattended = 'done' | 'planned' | 'invalid' | 'refused' | 'failed';

/** The setup without anybody to ask: every step takes its prepared answers or what is offered. */
export async function runUnattended<E>(wizard: Wizard<E>, options: UnattendedOptions): Promise<Unattended> {
  const { say, emit } = options;
  for (let step = wizard.current(); step; step = wizard.current()) {
    const outcomes: CheckOutcome[] = [];
    const result = await wizard.submit({}, { accept: options.yes, onResult: (outcome) => outcomes.push(outcome) });
    if (result.kind === 'problems') {
      const detail = result.problems.map(({ id, text }) => `${id}: ${say(text)}`).join('; ');
      emit({ step: step.id, status: 'invalid', detail });
      return 'invalid';
    }
    if (result.kind === 'report') {
      emit({ step: step.id, status: 'refused', detail: findings(result.outcomes, say) });
      return 'refused';
    }
    if (!step.apply) emit(passedLine(step, wizard, outcomes, say));
  }
  if (options.dryRun) {
    for (const step of wizard.steps().filter(({ apply }) => apply)) {
      const plan = (step.plan?.(wizard.context) ?? []).map(say).join('\n');
      emit({ step: step.id, status: 'planned', detail: plan });
    }
    return 'planned';
  }
  if (!options.yes) {
    emit({ step: 'start', status: 'refused', detail: say({ key: 'setup:answers.needsYes' }) });
    return 'refused';
  }
  return apply(wizard, options);
}

async function apply<E>(wizard: Wizard<E>, { say, emit, progress }: UnattendedOptions): Promise<'done' | 'failed'> {
  try {
    await wizard.run((event) => {
      if (event.kind === 'progress') progress(event.step, event.done, event.total, say(event.label));
      if (event.kind === 'done') {
        const detail = event.earlier ? say({ key: 'setup:run.earlier' }) : event.detail ? say(event.detail) : '';
        emit({ step: event.step, status: 'done', detail });
      }
      if (event.kind === 'failed') emit({ step: event.step, status: 'failed', detail: sayError(event.error, say) });
    });
    return 'done';
  } catch (error) {
    if (error instanceof StepFailed) return 'failed';
    throw error;
  }
}

function passedLine<E>(step: Step<E>, wizard: Wizard<E>, outcomes: readonly CheckOutcome[], say: Say): StepLine {
  const warned = outcomes.filter(({ status }) => status === 'warn');
  if (warned.length > 0) return { step: step.id, status: 'warn', detail: findings(warned, say) };
  const fact = step.fact?.(wizard.context);
  return { step: step.id, status: 'ok', detail: fact ? say(fact) : '' };
}

/** What a report holds against going on, in one line each. */
export function findings(outcomes: readonly CheckOutcome[], say: Say): string {
  return outcomes
    .filter(({ status }) => status === 'fail' || status === 'warn')
    .map(({ title, found, evidence, remedy }) =>
      [`${say(title)}: ${say(found)}`, evidence, ...(remedy ?? []).map(say)].filter(Boolean).join(' · '),
    )
    .join('\n');
}
