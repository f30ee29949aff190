import type { SetupState } from './state-file';
import type { Answer, Answers, Step, StepContext } from './step';

/** What is known of the answers: those that are kept, and the secrets that live with this process alone. */
export interface Known<E> {
  steps: readonly Step<E>[];
  state: Pick<SetupState, 'answers'>;
  secrets: ReadonlyMap<string, string>;
  /** The part of a step's context that no answer changes. */
  base: Pick<StepContext<E>, 'env' | 'options' | 'facts' | 'note'>;
}

/** As given by a person or a file, without defaults. */
export const givenAnswers = <E>({ state, secrets }: Known<E>): Answers => ({
  ...state.answers,
  ...Object.fromEntries(secrets),
});

/**
 * The answers of all steps that there are, defaults where nothing was given; later ones see the earlier ones. `tentative`:
 * answers that are not kept yet; they come before those that are.
 */
export function effectiveAnswers<E>(known: Known<E>, tentative: Answers = {}): Answers {
  const { steps, state, secrets, base } = known;
  const answers: Record<string, Answer | undefined> = {};
  const context: StepContext<E> = { ...base, answers, given: givenAnswers(known) };
  for (const step of steps) {
    if (!(step.when?.(context) ?? true)) continue;
    for (const question of step.questions?.(context) ?? []) {
      if (!(question.when?.(context) ?? true)) continue;
      const given =
        question.id in tentative
          ? (tentative[question.id] ?? '')
          : question.kind === 'secret'
            ? secrets.get(question.id)
            : state.answers[question.id];
      const value = given === undefined ? question.default?.(context) : given;
      answers[question.id] = value === '' ? undefined : value;
    }
  }
  return answers;
}

/** The context as it would be with these answers. */
export const contextWith = <E>(known: Known<E>, tentative: Answers): StepContext<E> => ({
  ...known.base,
  answers: effectiveAnswers(known, tentative),
  given: givenAnswers(known),
});
