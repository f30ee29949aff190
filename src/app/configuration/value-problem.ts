import type { z } from 'zod';

type ValueProblem = { code: string; details?: Record<string, unknown> };

/** What a schema holds against a value, for people: the schema's own words are English and speak of types. */
export function valueProblem(issue: z.core.$ZodIssue): ValueProblem {
  switch (issue.code) {
    case 'unrecognized_keys':
      return { code: 'configuration:problem.unknownKey' };
    case 'invalid_type':
      return { code: KINDS[issue.expected] ?? 'configuration:problem.value' };
    case 'invalid_value':
      return {
        code: 'configuration:problem.oneOf',
        details: { values: issue.values.map((value) => String(value)).join(', ') },
      };
    case 'too_small':
      return {
        code: `configuration:problem.${sizeOf(issue.origin)}AtLeast`,
        details: { limit: Number(issue.minimum) },
      };
    case 'too_big':
      return { code: `configuration:problem.${sizeOf(issue.origin)}AtMost`, details: { limit: Number(issue.maximum) } };
    default:
      return { code: 'configuration:problem.value' };
  }
}

const KINDS: Readonly<Record<string, string>> = {
  boolean: 'configuration:problem.yesNo',
  number: 'configuration:problem.number',
  int: 'configuration:problem.number',
  string: 'configuration:problem.text',
  array: 'configuration:problem.list',
};

const sizeOf = (origin: string): 'number' | 'length' =>
  origin === 'string' || origin === 'array' ? 'length' : 'number';
