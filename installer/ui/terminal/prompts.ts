import { checkbox, input, password, select } from '@inquirer/prompts';
import type { Answer, AskedQuestion, Wizard } from '../../engine';
import type { Say } from '../say';

/** Somebody wants to go one question back. */
export const BACK = Symbol('back');

const separator = /[;；]/;

export interface Prompting {
  say: Say;
  input: NodeJS.ReadStream;
  output: NodeJS.WriteStream;
}

/** Asks one question; `BACK` when Escape is pressed. Ctrl-C throws inquirer's ExitPromptError. */
export async function ask<E>(
  prompting: Prompting,
  wizard: Wizard<E>,
  asked: AskedQuestion<E>,
  tentative: Readonly<Record<string, Answer | undefined>>,
): Promise<Answer | undefined | typeof BACK> {
  const { say } = prompting;
  const { question, choices, value, kept } = asked;
  const message = say(question.label);
  const validate = (given: unknown): true | string => {
    const checked = wizard.try(question, given, tentative);
    return 'problem' in checked ? say(checked.problem.text) : true;
  };
  const taken = (given: unknown): Answer | undefined => {
    const checked = wizard.try(question, given, tentative);
    return 'value' in checked ? checked.value : undefined;
  };
  if (question.help) prompting.output.write(`  ${say(question.help)}\n`);
  switch (question.kind) {
    case 'choice':
      return choose(
        prompting,
        message,
        choices.map((choice) => ({ value: choice.value, name: say(choice.label) })),
        typeof value === 'string' ? value : undefined,
      );
    case 'confirm': {
      const yes = { value: 'yes', name: say({ key: 'setup:terminal.yes' }) };
      const no = { value: 'no', name: say({ key: 'setup:terminal.no' }) };
      const answer = await choose(prompting, message, [yes, no], value === true ? 'yes' : 'no');
      return answer === BACK ? BACK : answer === 'yes';
    }
    case 'multi': {
      const chosen = Array.isArray(value) ? (value as readonly string[]) : [];
      return withBack(prompting, (context) =>
        checkbox(
          {
            message,
            choices: choices.map((choice) => ({
              value: choice.value,
              name: say(choice.label),
              checked: chosen.includes(choice.value),
            })),
            validate: (all) => validate(all.map((one) => one.value)),
            loop: false,
            theme: { style: { keysHelpTip: () => say({ key: 'setup:terminal.multiKeys' }) } },
          },
          context,
        ),
      );
    }
    case 'secret':
      return askSecret(prompting, message, kept || question.optional === true, question.isNew === true, validate);
    case 'lines': {
      const lines = Array.isArray(value) ? (value as readonly string[]) : [];
      const split = (text: string): string[] => text.split(separator);
      const answer = await withBack(prompting, (context) =>
        input(
          {
            message: `${message} ${say({ key: 'setup:terminal.separated' })}`,
            ...(lines.length > 0 && { default: lines.join('; ') }),
            validate: (text) => validate(split(text)),
          },
          context,
        ),
      );
      return answer === BACK ? BACK : taken(split(answer));
    }
    default: {
      const answer = await withBack(prompting, (context) =>
        input({ message, ...(value !== undefined && { default: String(value) }), validate }, context),
      );
      return answer === BACK ? BACK : taken(answer);
    }
  }
}

/** One of several, by the arrow keys. */
export function choose<V extends string>(
  prompting: Prompting,
  message: string,
  choices: readonly { value: V; name: string }[],
  initial?: V,
): Promise<V | typeof BACK> {
  return withBack(prompting, (context) =>
    select<V>(
      {
        message,
        choices,
        ...(initial !== undefined && { default: initial }),
        loop: false,
        theme: { style: { keysHelpTip: () => prompting.say({ key: 'setup:terminal.choiceKeys' }) } },
      },
      context,
    ),
  );
}

async function askSecret(
  prompting: Prompting,
  message: string,
  mayBeEmpty: boolean,
  twice: boolean,
  validate: (given: unknown) => true | string,
): Promise<string | undefined | typeof BACK> {
  const hidden = (text: string, check: (given: string) => true | string): Promise<string | typeof BACK> =>
    withBack(prompting, (context) => password({ message: text, mask: '*', validate: check }, context));
  for (;;) {
    const typed = await hidden(message, (given) => (given === '' && mayBeEmpty ? true : validate(given)));
    if (typed === BACK) return BACK;
    if (typed === '') return undefined;
    if (!twice) return typed;
    const again = await hidden(prompting.say({ key: 'setup:terminal.repeat' }), () => true);
    if (again === BACK) return BACK;
    if (again === typed) return typed;
    prompting.output.write(`  ${prompting.say({ key: 'setup:terminal.different' })}\n`);
  }
}

interface PromptContext {
  input: NodeJS.ReadStream;
  output: NodeJS.WriteStream;
  signal: AbortSignal;
}

/** Escape ends the prompt: readline tells it from the beginning of an arrow key by waiting a moment. */
async function withBack<T>(
  { input: from, output }: Prompting,
  prompt: (context: PromptContext) => Promise<T>,
): Promise<T | typeof BACK> {
  const escape = new AbortController();
  const onKey = (_text: string | undefined, key: { name?: string } | undefined): void => {
    if (key?.name === 'escape') escape.abort();
  };
  from.on('keypress', onKey);
  try {
    return await prompt({ input: from, output, signal: escape.signal });
  } catch (error) {
    if (escape.signal.aborted) return BACK;
    throw error;
  } finally {
    from.off('keypress', onKey);
  }
}
