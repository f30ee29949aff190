import type { z } from 'zod';
import type { CheckOutcome, Text } from '../../src/platform/checks';

export type Answer = string | number | boolean | readonly string[];
/** By the id of the question. */
export type Answers = Readonly<Record<string, Answer | undefined>>;
export type FactValue =
  string | number | boolean | null | readonly FactValue[] | { readonly [name: string]: FactValue };
/** What steps found out or did, kept beside the answers: never a secret. */
export type Facts = Readonly<Record<string, FactValue | undefined>>;

export type QuestionKind = 'text' | 'secret' | 'choice' | 'confirm' | 'number' | 'path' | 'multi' | 'lines';

export interface Choice {
  value: string;
  label: Text;
}

export interface Question<E> {
  /** 'server.port': the place in the answers file. */
  id: string;
  kind: QuestionKind;
  label: Text;
  help?: Text;
  /** Of a `choice` or `multi`. */
  choices?: (context: StepContext<E>) => readonly Choice[];
  default?: (context: StepContext<E>) => Answer | undefined;
  /** May stay empty. */
  optional?: boolean;
  /** Beyond what the kind says. The message of an issue is the key of a text. */
  schema?: z.ZodType;
  when?: (context: StepContext<E>) => boolean;
  /** A secret that is made up here, and is typed twice where a person types it. */
  isNew?: boolean;
  /** A secret that an earlier run has put where it belongs: it is not asked again. */
  stored?: (context: StepContext<E>) => boolean;
}

export interface SetupOptions {
  /** Warnings of checks refuse. */
  strict: boolean;
  /** Go on with a package whose files or signature are not right; it is noted. */
  allowUnsigned: boolean;
}

export interface StepContext<E> {
  readonly env: E;
  readonly options: SetupOptions;
  /** Values of the questions that are asked, with their defaults; secrets while this process lives. */
  readonly answers: Answers;
  /** As given by a person or a file, without defaults. */
  readonly given: Answers;
  readonly facts: Facts;
  /** Kept at once: an interruption right afterwards does not lose it. */
  note: (name: string, value: FactValue) => void;
}

export interface StepProgress {
  done: number;
  total: number;
  label: Text;
}

/**
 * A step of the setup as data. First all steps ask and check, which changes nothing; then all steps do their part in order.
 * `apply` may be run again on what an earlier run has done; `undo` takes back what `apply` has done, in part or whole, and
 * may be called when nothing was done.
 */
export interface Step<E> {
  id: string;
  title: Text;
  say?: Text;
  when?: (context: StepContext<E>) => boolean;
  questions?: (context: StepContext<E>) => readonly Question<E>[];
  /** Run with the answers of this step in the context. A failed check stops; a warning asks. */
  check?: (context: StepContext<E>, onResult: (outcome: CheckOutcome) => void) => Promise<readonly CheckOutcome[]>;
  /** One short fact for the list of steps. */
  fact?: (context: StepContext<E>) => Text | undefined;
  /** What `apply` is going to do, for the last look before it and for a dry run. */
  plan?: (context: StepContext<E>) => readonly Text[];
  apply?: (context: StepContext<E>, onProgress: (progress: StepProgress) => void) => Promise<Text | undefined>;
  undo?: (context: StepContext<E>) => Promise<void>;
}
