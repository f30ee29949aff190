import type { z } from 'zod';
import { type DomainError, type FieldProblem, invalid, isDomainError } from '../../kernel';
import { freshKey, keyForContent } from './once';
import type { Reply } from './reply';
import type { Ctx } from './route';

/** What a form page shows again: what was typed, and what is wrong with it in the reader's language. */
export interface FormState {
  /** Field path → what was typed, exactly. Repeated fields: `lines.0.quantity`. */
  values: Record<string, string>;
  /** Field path → message. */
  problems: Record<string, string>;
  /** For the whole form, above the fields. */
  message: string | null;
}

export function emptyForm(values: Record<string, string | number | null | undefined> = {}): FormState {
  const typed = Object.entries(values).map(([key, value]) => [
    key,
    value === null || value === undefined ? '' : String(value),
  ]);
  return { values: Object.fromEntries(typed) as Record<string, string>, problems: {}, message: null };
}

/**
 * Parses the body with a zod schema and runs the use case. An invalid body or an expected DomainError (422, 409) shows the
 * same page again with everything that was typed and the messages beside the fields; other errors pass through.
 * zod messages are i18n keys ('purchasing:error.quantity'); zod's own words fall back to 'errors:field.invalid'.
 */
export async function submit<S extends z.ZodType>(
  ctx: Ctx,
  schema: S,
  run: (values: z.output<S>) => Promise<Reply>,
  show: (form: FormState, status: number) => Promise<Reply>,
): Promise<Reply> {
  const parsed = schema.safeParse(nest(ctx.body));
  try {
    if (!parsed.success) throw invalid('errors:form', {}, parsed.error.issues.map(toFieldProblem));
    return await run(await withContentKey(ctx, parsed.data));
  } catch (error) {
    if (!isDomainError(error) || (error.status !== 422 && error.status !== 409)) throw error;
    return show(formState(ctx, error), error.status);
  }
}

async function withContentKey<T>(ctx: Ctx, values: T): Promise<T> {
  const { operationKey } = (typeof values === 'object' && values !== null ? values : {}) as { operationKey?: unknown };
  if (typeof operationKey !== 'string') return values;
  return { ...values, operationKey: await keyForContent(ctx, operationKey) };
}

export function formState(ctx: Pick<Ctx, 'body' | 't'>, error: DomainError): FormState {
  const problems = problemsOf(ctx, error);
  const values = flatten(ctx.body);
  if (error.code === 'errors:done_before') values['operationKey'] = freshKey();
  return { values, problems, message: ctx.t(error.code, error.details) };
}

/** More at one field (the lines of a pasted list) than this are not listed. */
const MOST_AT_A_FIELD = 20;

/**
 * The first of what is wrong with a field stands beside it, by its path; what else is wrong with it follows as `path#2` and so on,
 * for the list above the form: of a pasted list every line says why.
 */
function problemsOf({ t }: Pick<Ctx, 't'>, error: DomainError): Record<string, string> {
  const problems: Record<string, string> = {};
  const told = new Map<string, Set<string>>();
  for (const { path, code, details } of error.fields) {
    const message = t(code, details);
    const here = told.get(path) ?? new Set();
    if (here.has(message) || here.size >= MOST_AT_A_FIELD) continue;
    told.set(path, here.add(message));
    problems[here.size === 1 ? path : `${path}#${here.size}`] = message;
  }
  return problems;
}

const toFieldProblem = (issue: z.core.$ZodIssue): FieldProblem => ({
  path: issue.path.join('.'),
  code: /^[a-z-]+:[\w.]+$/.test(issue.message) ? issue.message : 'errors:field.invalid',
  details: issue.code === 'custom' ? { ...issue.params } : {},
});

/** `{ 'lines.0.sku': 'A' }` → `{ lines: [{ sku: 'A' }] }`. Refuses names that would reach a prototype. */
export function nest(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(body)) {
    const keys = path.split('.');
    if (keys.length > 6 || keys.some((key) => ['__proto__', 'constructor', 'prototype', ''].includes(key))) continue;
    let node: Record<string, unknown> | unknown[] = root;
    keys.forEach((key, index) => {
      const holder = node as Record<string, unknown>;
      if (index === keys.length - 1) holder[key] = value;
      else {
        if (typeof holder[key] !== 'object' || holder[key] === null)
          holder[key] = /^\d{1,5}$/.test(keys[index + 1] ?? '') ? [] : {};
        node = holder[key] as Record<string, unknown>;
      }
    });
  }
  return root;
}

/** The body as typed, one entry per field path; repeated fields keep their first value under the name and all under `name.N`. */
export function flatten(body: unknown, prefix = ''): Record<string, string> {
  if (body === null || body === undefined) return {};
  if (typeof body !== 'object') return prefix ? { [prefix]: String(body) } : {};
  const flat: Record<string, string> = {};
  for (const [key, value] of Object.entries(body))
    Object.assign(flat, flatten(value, prefix ? `${prefix}.${key}` : key));
  return flat;
}
