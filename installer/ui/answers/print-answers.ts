import { stringify } from 'yaml';
import type { Answer, Question, Step, Wizard } from '../../engine';
import type { Say } from '../say';

/** Every question as a commented answers file, with the answers so far or what is offered; secrets are left to the reader. */
export function printAnswers<E>(wizard: Wizard<E>, steps: readonly Step<E>[], say: Say): string {
  const { context } = wizard;
  const { answers, given } = context;
  const lines = [`# ${say({ key: 'setup:answers.head' })}`, `# ${say({ key: 'setup:answers.use' })}`];
  let before: string[] = [];
  for (const step of steps) {
    const questions = step.questions?.(context) ?? [];
    if (questions.length === 0) continue;
    lines.push('', `# ── ${say(step.title)}`);
    for (const question of questions) {
      const parts = question.id.split('.');
      const shared = sharedDepth(before, parts.slice(0, -1));
      for (let depth = shared; depth < parts.length - 1; depth++) lines.push(`${'  '.repeat(depth)}${parts[depth]}:`);
      before = parts.slice(0, -1);
      const indent = '  '.repeat(parts.length - 1);
      lines.push(...describe(question, say, context).map((line) => `${indent}# ${line}`));
      const value = given[question.id] ?? answers[question.id] ?? question.default?.(context);
      // What would not be asked as things are is shown, and left to who needs it.
      const asked = question.id in given || (isThere(step, context) && (question.when?.(context) ?? true));
      const { text, said } = entry(question, parts.at(-1) ?? '', value);
      lines.push(...text.map((line) => indent + (asked && said ? line : `# ${line}`)));
    }
  }
  return `${lines.join('\n')}\n`;
}

const isThere = <E>(step: Step<E>, context: Wizard<E>['context']): boolean => step.when?.(context) ?? true;

function sharedDepth(before: readonly string[], now: readonly string[]): number {
  let depth = 0;
  while (depth < now.length && before[depth] === now[depth]) depth++;
  return depth;
}

function describe<E>(question: Question<E>, say: Say, context: Wizard<E>['context']): string[] {
  const choices = question.choices?.(context) ?? [];
  return [
    say(question.label),
    ...(question.help ? [say(question.help)] : []),
    ...choices.map(({ value, label }) => `  ${value}: ${say(label)}`),
  ].flatMap((text) => text.split('\n'));
}

/** `said`: there is a value that may stand in the file. */
function entry<E>(question: Question<E>, name: string, value: Answer | undefined): { text: string[]; said: boolean } {
  if (question.kind === 'secret') return { text: [`${name}File: `], said: false };
  if (value === undefined || value === '') return { text: [`${name}: `], said: false };
  return {
    text: stringify({ [name]: value }, { lineWidth: 0 })
      .trimEnd()
      .split('\n'),
    said: true,
  };
}
