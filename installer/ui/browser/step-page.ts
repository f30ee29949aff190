import type { CheckOutcome, Text } from '../../../src/platform/checks';
import type { Translate } from '../../../src/platform/i18n';
import { type Field, stateLabel, type StatusLabel } from '../../../src/platform/views';
import type { Answer, AskedQuestion, Problem, Step, Wizard } from '../../engine';

interface CheckRow {
  title: string;
  required: string;
  found: string;
  verdict: StatusLabel;
  remedy: string;
}

export interface StepModel {
  id: string;
  title: string;
  say: string;
  fields: (
    Field | { group: string; hint: string; name: string; options: { value: string; label: string; checked: boolean }[] }
  )[];
  checks: CheckRow[];
  /** Something was found: what may be done about it. */
  report: 'none' | 'warned' | 'failed';
}

interface Shown {
  say: (text: Text) => string;
  t: Translate;
  problems: readonly Problem[];
  typed: Readonly<Record<string, unknown>>;
  report?: { outcomes: readonly CheckOutcome[]; acceptable: boolean };
}

const STATE = { ok: 'passed', warn: 'warning', fail: 'failed', skipped: 'inactive' } as const;

/** A step of the setup as its page shows it. */
export function stepModel<E>(wizard: Wizard<E>, step: Step<E>, shown: Shown): StepModel {
  const { say, report } = shown;
  // All questions of the step stand on one page; those that another answer calls for appear when it was given.
  const asked = wizard.questions(step, shown.typed as Record<string, Answer>);
  return {
    id: step.id,
    title: say(step.title),
    say: step.say ? say(step.say) : '',
    fields: asked.map((one) => fieldOf(one, shown)),
    checks: (report?.outcomes ?? []).map(({ status, title, found, required, evidence, remedy }) => ({
      title: say(title),
      required: required ? say(required) : '',
      found: [say(found), status === 'fail' ? evidence : undefined].filter(Boolean).join(' · '),
      verdict: { ...stateLabel(shown.t, STATE[status], true), text: say({ key: `checks:status.${status}` }) },
      remedy: (remedy ?? []).map(say).join(' '),
    })),
    report: !report ? 'none' : report.acceptable ? 'warned' : 'failed',
  };
}

function fieldOf<E>(
  { question, choices, value, kept }: AskedQuestion<E>,
  { say, problems, typed }: Shown,
): StepModel['fields'][number] {
  const label = say(question.label);
  const hint = question.help ? say(question.help) : '';
  const problem = problems.find(({ id }) => id === question.id);
  const now = typed[question.id] ?? value;
  const options = choices.map((choice) => ({ value: choice.value, label: say(choice.label) }));
  const common = {
    name: question.id,
    label,
    wide: true,
    ...(hint && { hint }),
    ...(problem && { error: say(problem.text) }),
    ...(question.optional && question.kind !== 'confirm' && { optional: true }),
  };
  switch (question.kind) {
    case 'choice':
      return { ...common, type: 'radio', value: typeof now === 'string' ? now : '', options };
    case 'confirm':
      return { ...common, type: 'checkbox', checked: now === true };
    case 'multi': {
      const chosen = Array.isArray(now) ? (now as readonly string[]) : [];
      return {
        group: label,
        hint: [hint, problem ? say(problem.text) : ''].filter(Boolean).join(' '),
        name: question.id,
        options: options.map((one) => ({ ...one, checked: chosen.includes(one.value) })),
      };
    }
    case 'lines':
      return { ...common, type: 'textarea', rows: 6, value: Array.isArray(now) ? now.join('\n') : '' };
    case 'secret':
      return { ...common, type: 'password', autocomplete: 'new-password', ...(kept && { optional: true }) };
    default:
      return {
        ...common,
        type: question.kind === 'number' ? 'number' : 'text',
        value: typeof now === 'string' || typeof now === 'number' ? now : '',
        autocomplete: 'off',
      };
  }
}

/** What the form brought for each question; what it did not show is left to the defaults. */
export function typedValues<E>(
  wizard: Wizard<E>,
  step: Step<E>,
  body: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const shown = new Set([body['shown']].flat().filter((one) => typeof one === 'string'));
  const values: Record<string, unknown> = {};
  for (const { id, kind } of step.questions?.(wizard.context) ?? []) {
    if (!shown.has(id)) continue;
    const given = body[id];
    if (kind === 'confirm') values[id] = given !== undefined;
    else if (kind === 'multi') values[id] = given === undefined ? [] : [given].flat();
    else if (given !== undefined) values[id] = given;
  }
  return values;
}
