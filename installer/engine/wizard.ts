import type { CheckOutcome } from '../../src/platform/checks';
import { checkAnswer, type Problem } from './check-answer';
import { contextWith, effectiveAnswers, givenAnswers, type Known } from './known-answers';
import type { SetupState, StateStore } from './state-file';
import type { Answer, Answers, Choice, Question, SetupOptions, Step, StepContext } from './step';
import { runSteps, type SetupEvent, undoSteps } from './run-steps';

/** A question with its choices and the value that is offered. */
export interface AskedQuestion<E> {
  question: Question<E>;
  choices: readonly Choice[];
  value: Answer | undefined;
  /** A secret that is known already: it may be left empty. */
  kept: boolean;
}

export type Submitted =
  | { kind: 'next' }
  /** Answers that do not fit. */
  | { kind: 'problems'; problems: readonly Problem[] }
  /** Checks found something: a failure, or warnings that nobody has accepted yet. */
  | { kind: 'report'; outcomes: readonly CheckOutcome[]; acceptable: boolean };

export interface WizardOptions<E> {
  steps: readonly Step<E>[];
  env: E;
  store: StateStore;
  /** What an earlier run left, or newState(). */
  state: SetupState;
  options: SetupOptions;
  /** Right before the steps do their part, in every run: throws when they must not. */
  onBegin?: (context: StepContext<E>) => void;
}

/** The setup, whichever face shows it: where it stands, what is asked, what was answered; and then the doing. */
export class Wizard<E> {
  readonly context: StepContext<E>;
  readonly state: SetupState;
  readonly store: StateStore;
  private readonly all: readonly Step<E>[];
  /** Given in this process; written nowhere. */
  private readonly secrets = new Map<string, string>();
  private readonly known: Known<E>;
  private readonly onBegin: ((context: StepContext<E>) => void) | undefined;
  /** Steps without questions that were passed in this process: their checks are made again after an interruption. */
  private readonly passed = new Set<string>();
  private position: string | undefined;
  private effective: Answers | undefined;

  constructor({ steps, env, store, state, options, onBegin }: WizardOptions<E>) {
    this.all = steps;
    this.state = state;
    this.store = store;
    this.onBegin = onBegin;
    const note: StepContext<E>['note'] = (name, value) => {
      state.facts[name] = value;
      this.effective = undefined;
      store.write(state);
    };
    this.known = { steps, state, secrets: this.secrets, base: { env, options, facts: state.facts, note } };
    const answers = (): Answers => (this.effective ??= effectiveAnswers(this.known));
    const given = (): Answers => givenAnswers(this.known);
    this.context = {
      env,
      options,
      get answers() {
        return answers();
      },
      get given() {
        return given();
      },
      facts: state.facts,
      note,
    };
  }

  /** The steps that there are with the answers so far. */
  steps(): readonly Step<E>[] {
    return this.all.filter((step) => step.when?.(this.context) ?? true);
  }

  /** The step that is to be shown; undefined when all was answered. */
  current(): Step<E> | undefined {
    const steps = this.steps();
    return steps.find(({ id }) => id === this.position) ?? steps.find((step) => !this.isPassed(step));
  }

  isPassed(step: Step<E>): boolean {
    if (this.state.done.includes(step.id)) return true;
    const questions = this.visible(step);
    if (questions.length === 0) return step.check === undefined || this.passed.has(step.id);
    return this.state.asked.includes(step.id) && questions.every((question) => this.hasSecret(question));
  }

  /** `tentative`: answers to questions of this step that are not submitted yet; they decide what else is asked. */
  questions(step: Step<E>, tentative: Answers = {}): AskedQuestion<E>[] {
    const context = contextWith(this.known, tentative);
    return (step.questions?.(context) ?? [])
      .filter((question) => question.when?.(context) ?? true)
      .map((question) => ({
        question,
        choices: question.choices?.(context) ?? [],
        value: question.kind === 'secret' ? undefined : context.answers[question.id],
        kept: question.kind === 'secret' && this.isKept(question),
      }));
  }

  /** Whether an answer would do, before the whole step is submitted. */
  try(question: Question<E>, given: unknown, tentative: Answers = {}): ReturnType<typeof checkAnswer> {
    return checkAnswer(question, given, contextWith(this.known, tentative));
  }

  /** Answers given beforehand, by a file: used where the step is submitted without a value of its own. */
  async prefill(answers: Readonly<Record<string, unknown>>): Promise<Problem[]> {
    const problems: Problem[] = [];
    const taken: [Question<E>, Answer | undefined][] = [];
    const tentative: Record<string, Answer | undefined> = {};
    for (const question of this.everyQuestion()) {
      if (!(question.id in answers)) continue;
      // Choices may follow from answers that come later in the file: where to install tells what is there already.
      const given = { ...givenAnswers(this.known), ...(answers as Answers) };
      const context: StepContext<E> = { ...contextWith(this.known, tentative), given };
      const checked = checkAnswer(question, answers[question.id], context);
      if ('problem' in checked) {
        problems.push(checked.problem);
        continue;
      }
      taken.push([question, checked.value]);
      tentative[question.id] = checked.value;
    }
    if (problems.length > 0) return problems;
    const { state } = this;
    if (state.done.length > 0 && taken.some(([question, value]) => this.changes(question, value)))
      await this.takeBack();
    for (const [question, value] of taken) this.keep(question, value);
    // The checks of every step are made again with them.
    state.asked = [];
    return problems;
  }

  /** Every question of every step, asked or not. */
  everyQuestion(): Question<E>[] {
    return this.all.flatMap((step) => step.questions?.(this.context) ?? []);
  }

  /** Takes the answers to the current step, checks them, and goes on; `accept`: go on in spite of warnings. */
  async submit(
    values: Readonly<Record<string, unknown>>,
    {
      accept = false,
      onResult = () => undefined,
    }: { accept?: boolean; onResult?: (outcome: CheckOutcome) => void } = {},
  ): Promise<Submitted> {
    const step = this.current();
    if (!step) return { kind: 'next' };
    const before = JSON.stringify(this.state.answers);
    const taken = await this.take(step, values);
    if (taken.length > 0) return { kind: 'problems', problems: taken };
    const told = new Set<string>();
    const tell = (outcome: CheckOutcome): void => {
      if (!told.has(outcome.id)) onResult(outcome);
      told.add(outcome.id);
    };
    const outcomes = (await step.check?.(this.context, tell)) ?? [];
    outcomes.forEach(tell);
    const failed = outcomes.some(({ status }) => status === 'fail');
    const warned = outcomes.filter(({ status }) => status === 'warn');
    const acceptable = !failed && !this.context.options.strict;
    if (failed || (warned.length > 0 && !(accept && acceptable))) {
      this.store.write(this.state);
      return { kind: 'report', outcomes, acceptable };
    }
    if (warned.length > 0) this.noteAccepted(step, warned);
    this.pass(step, before !== JSON.stringify(this.state.answers));
    return { kind: 'next' };
  }

  /** To the step before; false at the first. */
  back(): boolean {
    const steps = this.steps();
    const here = steps.indexOf(this.current() as Step<E>);
    const before = steps
      .slice(0, here < 0 ? steps.length : here)
      .findLast((step) => this.visible(step).length > 0 || step.check !== undefined);
    if (!before) return false;
    this.position = before.id;
    return true;
  }

  /** To any step that was passed or stands next. */
  goTo(id: string): boolean {
    const steps = this.steps();
    const wanted = steps.findIndex((step) => step.id === id);
    const furthest = steps.findIndex((step) => !this.isPassed(step));
    if (wanted < 0 || (furthest >= 0 && wanted > furthest)) return false;
    this.position = id;
    return true;
  }

  /** The doing half, after all was answered. Throws StepFailed, or what `onBegin` throws. */
  async run(onEvent: (event: SetupEvent) => void): Promise<void> {
    const { context, state, store } = this;
    this.onBegin?.(context);
    await runSteps({ steps: this.steps(), context, state, store, onEvent });
  }

  /** Forgets everything that was answered and done; what was done is taken back first. */
  async restart(fresh: SetupState): Promise<void> {
    const { state, store } = this;
    await undoSteps(this.all, this.context, state, store);
    // The context holds on to these facts.
    const { facts } = state;
    for (const name of Object.keys(facts)) delete facts[name];
    Object.assign(state, fresh, { facts });
    this.effective = undefined;
    store.remove();
  }

  private async take(step: Step<E>, values: Readonly<Record<string, unknown>>): Promise<Problem[]> {
    const problems: Problem[] = [];
    // One after the other: an answer decides whether the next question is asked.
    for (const question of step.questions?.(this.context) ?? []) {
      if (!(question.when?.(this.context) ?? true)) continue;
      const offered = question.kind === 'secret' ? this.secrets.get(question.id) : this.context.answers[question.id];
      const typed = values[question.id];
      const blankSecret = question.kind === 'secret' && (typed === undefined || typed === '');
      if (blankSecret && (offered !== undefined || question.stored?.(this.context))) continue;
      const checked = checkAnswer(question, typed === undefined ? offered : typed, this.context);
      if ('problem' in checked) {
        problems.push(checked.problem);
        continue;
      }
      if (this.state.done.length > 0 && this.differs(question, checked.value)) await this.takeBack();
      this.keep(question, checked.value);
    }
    return problems;
  }

  /** An answer is changed after steps have done their part with the old one. */
  private async takeBack(): Promise<void> {
    await undoSteps(this.all, this.context, this.state, this.store);
  }

  /** Compared with what was given, for answers that come all at once; a secret of an earlier run is not known any more. */
  private changes(question: Question<E>, value: Answer | undefined): boolean {
    if (question.kind === 'secret') return false;
    return JSON.stringify(this.state.answers[question.id]) !== JSON.stringify(value ?? '');
  }

  private differs(question: Question<E>, value: Answer | undefined): boolean {
    if (question.kind !== 'secret') return JSON.stringify(this.context.answers[question.id]) !== JSON.stringify(value);
    const before = this.secrets.get(question.id);
    // Given again after an interruption it takes nothing back, unless it replaces one that was put into its place.
    return before === undefined ? (question.stored?.(this.context) ?? false) : before !== value;
  }

  private keep(question: Question<E>, value: Answer | undefined): void {
    this.effective = undefined;
    if (question.kind === 'secret') {
      if (typeof value === 'string') this.secrets.set(question.id, value);
      else this.secrets.delete(question.id);
    } else if (value === undefined) this.state.answers[question.id] = '';
    else this.state.answers[question.id] = value;
  }

  private pass(step: Step<E>, changed: boolean): void {
    const { state } = this;
    // What comes later was answered for other circumstances: its values are offered again and its checks are made again.
    if (changed) {
      const later = new Set(this.all.slice(this.all.indexOf(step) + 1).map(({ id }) => id));
      state.asked = state.asked.filter((id) => !later.has(id));
      for (const id of later) this.passed.delete(id);
    }
    if (this.visible(step).length === 0) this.passed.add(step.id);
    else if (!state.asked.includes(step.id)) state.asked.push(step.id);
    this.position = undefined;
    this.store.write(state);
  }

  private noteAccepted(step: Step<E>, warned: readonly CheckOutcome[]): void {
    const before = this.state.facts['accepted'] as Record<string, string[]> | undefined;
    this.state.facts['accepted'] = { ...before, [step.id]: warned.map(({ id }) => id) };
  }

  private visible(step: Step<E>): Question<E>[] {
    return (step.questions?.(this.context) ?? []).filter((question) => question.when?.(this.context) ?? true);
  }

  private hasSecret(question: Question<E>): boolean {
    return question.kind !== 'secret' || question.optional === true || this.isKept(question);
  }

  private isKept(question: Question<E>): boolean {
    return this.secrets.has(question.id) || (question.stored?.(this.context) ?? false);
  }
}
