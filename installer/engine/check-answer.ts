import { z } from 'zod';
import { type Text, text } from '../../src/platform/checks';
import type { Answer, Question, StepContext } from './step';

export interface Problem {
  /** Of the question. */
  id: string;
  text: Text;
}

const LONGEST = 2000;
const line = z.string().max(LONGEST, 'setup:error.long').trim();

/** Reads what a form, a terminal or a file gave for a question: text is turned into what the kind wants. */
export function checkAnswer<E>(
  question: Question<E>,
  given: unknown,
  context: StepContext<E>,
): { value: Answer | undefined } | { problem: Problem } {
  const refuse = (issue: z.core.$ZodIssue | undefined): { problem: Problem } => ({
    problem: { id: question.id, text: textOf(issue?.message) },
  });
  if (given === undefined && (question.optional || question.kind === 'multi'))
    return { value: question.optional ? undefined : [] };
  if (given === undefined) return { problem: { id: question.id, text: text('setup:error.required') } };
  const parsed = kindSchema(question, context).safeParse(given);
  if (!parsed.success) return refuse(parsed.error.issues[0]);
  const { data } = parsed;
  const empty = data === undefined || data === '' || (Array.isArray(data) && data.length === 0);
  if (empty && question.kind !== 'multi')
    return question.optional
      ? { value: undefined }
      : { problem: { id: question.id, text: text('setup:error.required') } };
  const checked = question.schema?.safeParse(data);
  if (checked && !checked.success) return refuse(checked.error.issues[0]);
  return { value: data };
}

function kindSchema<E>(question: Question<E>, context: StepContext<E>): z.ZodType<Answer | undefined> {
  const known = new Set((question.choices?.(context) ?? []).map(({ value }) => value));
  switch (question.kind) {
    case 'confirm':
      return z.union(
        [
          z.boolean(),
          z.literal(['true', '1', 'on', 'yes']).transform(() => true),
          z.literal(['false', '0', '', 'no']).transform(() => false),
        ],
        { error: 'setup:error.confirm' },
      );
    case 'number':
      return z.union([z.number(), z.literal('').transform(() => undefined), line.regex(/^-?\d+$/).transform(Number)], {
        error: 'setup:error.number',
      });
    case 'choice':
      return z.string('setup:error.choice').refine((value) => known.has(value), 'setup:error.choice');
    case 'multi':
      return z
        .array(z.string(), 'setup:error.choice')
        .refine((values) => values.every((value) => known.has(value)), 'setup:error.choice')
        .transform((values) => [...new Set(values)]);
    case 'lines':
      return z
        .union([z.array(line), z.string().transform((value) => value.split(/\r?\n/))], { error: 'setup:error.text' })
        .transform((lines) => lines.map((one) => one.trim()).filter((one) => one !== ''));
    case 'secret':
      // A blank at the end of a password may be meant.
      return z.string('setup:error.text').max(LONGEST, 'setup:error.long');
    default:
      return z.union([line, z.number().transform(String)], { error: 'setup:error.text' });
  }
}

const textOf = (message: string | undefined): Text =>
  text(message?.includes(':') && !message.includes(' ') ? message : 'setup:error.invalid');
