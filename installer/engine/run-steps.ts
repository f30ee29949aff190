import type { Text } from '../../src/platform/checks';
import type { SetupState, StateStore } from './state-file';
import type { Step, StepContext, StepProgress } from './step';

export type SetupEvent =
  | { kind: 'start'; step: string }
  | ({ kind: 'progress'; step: string } & StepProgress)
  /** `earlier`: done by a run before this one. */
  | { kind: 'done'; step: string; detail: Text | undefined; earlier: boolean }
  | { kind: 'failed'; step: string; error: Error; undone: boolean };

export interface RunStepsOptions<E> {
  steps: readonly Step<E>[];
  context: StepContext<E>;
  state: SetupState;
  store: StateStore;
  onEvent: (event: SetupEvent) => void;
}

/** What a step has to say about its failure in words for a person. */
export class StepFault extends Error {
  override name = 'StepFault';
  constructor(readonly texts: readonly Text[]) {
    super(texts.map(({ key }) => key).join(', '));
  }
}

/** A step could not do its part; what it had done of it is taken back when `undone`. */
export class StepFailed extends Error {
  override name = 'StepFailed';
  constructor(
    readonly step: string,
    readonly undone: boolean,
    cause: Error,
  ) {
    super(cause.message, { cause });
  }
}

/**
 * The doing half of the setup: each step in order, noted before it begins and when it is done, so that a run after an
 * interruption goes on with the step that was at work. Throws StepFailed; everything done before that step stays.
 */
export async function runSteps<E>({ steps, context, state, store, onEvent }: RunStepsOptions<E>): Promise<void> {
  state.applying = true;
  for (const step of steps) {
    if (!step.apply) continue;
    if (state.done.includes(step.id)) {
      onEvent({ kind: 'done', step: step.id, detail: undefined, earlier: true });
      continue;
    }
    // Left half-way by a process that was killed.
    if (state.running === step.id) await step.undo?.(context);
    state.running = step.id;
    store.write(state);
    onEvent({ kind: 'start', step: step.id });
    let detail: Text | undefined;
    try {
      detail = await step.apply(context, (progress) => onEvent({ kind: 'progress', step: step.id, ...progress }));
    } catch (error) {
      throw await failed(step, context, state, store, onEvent, asError(error));
    }
    state.done.push(step.id);
    state.running = null;
    store.write(state);
    onEvent({ kind: 'done', step: step.id, detail, earlier: false });
  }
}

async function failed<E>(
  step: Step<E>,
  context: StepContext<E>,
  state: SetupState,
  store: StateStore,
  onEvent: (event: SetupEvent) => void,
  error: Error,
): Promise<StepFailed> {
  let undone = step.undo !== undefined;
  try {
    await step.undo?.(context);
    state.running = null;
    store.write(state);
  } catch {
    // Stays marked as at work: the next run tries to take it back before it begins.
    undone = false;
  }
  onEvent({ kind: 'failed', step: step.id, error, undone });
  return new StepFailed(step.id, undone, error);
}

/** Takes back all that was done, the last first. */
export async function undoSteps<E>(
  steps: readonly Step<E>[],
  context: StepContext<E>,
  state: SetupState,
  store: StateStore,
): Promise<void> {
  for (const step of [...steps].reverse()) {
    if (!state.done.includes(step.id) && state.running !== step.id) continue;
    await step.undo?.(context);
    state.done = state.done.filter((id) => id !== step.id);
    if (state.running === step.id) state.running = null;
    store.write(state);
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
