import { z } from 'zod';
import { type FieldProblem, invalid, notFound } from '../../kernel';
import {
  type Ctx,
  emptyForm,
  fields,
  type FormState,
  page,
  redirect,
  type Reply,
  type Route,
  submit,
} from '../../platform/http';
import { sayValue } from '../../platform/configuration';
import type { ModuleManifest } from '../../platform/modules';
import { changeParameters, lastChanges, type ParameterChange, readParameters } from '../../platform/parameters';
import { authoriseEverywhere } from '../../platform/permissions';
import { editForm, type Field } from '../../platform/views';
import type { SystemPages } from './system-pages';

export const PARAMETER_PERMISSION = 'system.parameter.edit';
const access = { permission: PARAMETER_PERMISSION };
const PARAMETERS = '/settings/parameters';
/** Beside the parameters in the same form: no parameter can have this name. */
const REASON = 'reason-for-change';

type WithParameters = ModuleManifest & { parameters: z.ZodObject };

/** What a field of a schema is edited as; the schema itself checks what was typed. */
type Kind = 'checkbox' | 'lines' | 'number' | 'text';

interface Limits {
  min?: number;
  max?: number;
}

/** 设置 › 参数: the settings that modules declare in their manifests, a form each. */
export function parameterRoutes({ modules }: SystemPages): Route[] {
  const withParameters = modules.filter((manifest): manifest is WithParameters => manifest.parameters !== undefined);
  const find = ({ params }: Ctx): WithParameters => {
    const manifest = withParameters.find(({ name }) => name === params['module']);
    if (!manifest) throw notFound('module', (params['module'] ?? '').slice(0, 40));
    return manifest;
  };
  return [
    { method: 'get', path: PARAMETERS, access, handler: (ctx) => showList(ctx, withParameters) },
    { method: 'get', path: `${PARAMETERS}/:module`, access, handler: (ctx) => showForm(ctx, find(ctx)) },
    {
      method: 'post',
      path: `${PARAMETERS}/:module`,
      access,
      handler: (ctx) => {
        const manifest = find(ctx);
        return submit(
          ctx,
          z.object({ operationKey: fields.operationKey, [REASON]: fields.text }).loose(),
          async ({ operationKey, [REASON]: reason, ...typed }) => {
            await save(ctx, manifest, typed, reason, operationKey);
            return redirect(PARAMETERS, { kind: 'ok', text: ctx.t('system:parameters.saved') });
          },
          (form, status) => showForm(ctx, manifest, form, status),
        );
      },
    },
  ];
}

async function save(
  ctx: Ctx,
  manifest: WithParameters,
  typed: Record<string, unknown>,
  reason: string,
  operationKey?: string,
): Promise<void> {
  authoriseEverywhere(ctx.actor, PARAMETER_PERMISSION);
  const values = Object.fromEntries(
    kindsOf(manifest.parameters).map(([key, kind]) => [key, valueOf(kind, fields.text.parse(typed[key]))]),
  );
  const checked = manifest.parameters.safeParse(values);
  if (!checked.success) {
    const limits = new Map(kindsOf(manifest.parameters).map(([key, , of]) => [key, of]));
    const problems = checked.error.issues.map(({ path: [key] }): FieldProblem => {
      const { min, max } = limits.get(String(key)) ?? {};
      const code = min === undefined || max === undefined ? 'errors:field.invalid' : 'errors:field.range';
      return { path: String(key), code, details: { min, max } };
    });
    throw invalid('errors:form', {}, problems);
  }
  await ctx.uow.run(ctx.actor, (unit) => changeParameters(unit, manifest, checked.data, reason.slice(0, 200)), {
    operationKey,
  });
}

function kindsOf(schema: z.ZodObject): [string, Kind, Limits][] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' });
  return Object.entries(properties).map(([key, property]) => {
    const { type, minimum, maximum } = typeof property === 'object' ? property : {};
    if (type === 'boolean') return [key, 'checkbox', {}];
    if (type === 'array') return [key, 'lines', {}];
    if (type !== 'integer' && type !== 'number') return [key, 'text', {}];
    return [key, 'number', { ...limitOf('min', minimum), ...limitOf('max', maximum) }];
  });
}

/** A schema without a limit of its own has that of the numbers that can be counted with. */
const limitOf = (name: keyof Limits, value: number | undefined): Limits =>
  value === undefined || Math.abs(value) === Number.MAX_SAFE_INTEGER ? {} : { [name]: value };

function valueOf(kind: Kind, typed: string): unknown {
  if (kind === 'checkbox') return typed !== '';
  if (kind === 'number') return typed.trim() === '' ? undefined : Number(typed);
  if (kind === 'text') return typed.trim();
  return typed
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function textOf(kind: Kind, value: unknown): string {
  if (kind === 'checkbox') return value === true ? '1' : '';
  if (kind === 'lines') return Array.isArray(value) ? value.join('\n') : '';
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Every parameter by its name, found by a part of it; a click leads to the form of its module. */
async function showList({ t, f, query, read }: Ctx, modules: readonly WithParameters[]): Promise<Reply> {
  const title = t('system:parameters.title');
  const text = (query['q'] ?? '').trim().toLowerCase();
  const rows: {
    name: string;
    key: string;
    label: string;
    help: string;
    module: string;
    now: string;
    changed: string;
  }[] = [];
  for (const { name, parameters } of modules) {
    const stored: Record<string, unknown> = await readParameters(read, name, parameters);
    const changes = await lastChanges(read, name);
    for (const [key] of kindsOf(parameters)) {
      const last = changes.get(key);
      rows.push({
        name,
        key,
        label: t(`${name}:parameter.${key}`),
        help: t(`${name}:parameterHelp.${key}`),
        module: t(`${name}:module`),
        now: sayValue(t, stored[key]) || t('system:parameters.empty_value'),
        changed: last ? t('system:parameters.changedBy', { name: last.name, when: f.dateTime(last.at) }) : '',
      });
    }
  }
  const found = rows.filter(({ name, key, label, help, module }) =>
    `${label} ${help} ${module} ${name}.${key}`.toLowerCase().includes(text),
  );
  const list = {
    filtered: text !== '',
    clearHref: PARAMETERS,
    filters: {
      action: PARAMETERS,
      text: { name: 'q', value: query['q'] ?? '', label: t('system:parameters.find') },
      chips: [],
    },
    table: {
      id: 'parameters',
      caption: title,
      columns: [
        { key: 'what', label: t('system:parameters.what'), card: 'title' as const },
        { key: 'module', label: t('system:modules.name') },
        { key: 'now', label: t('system:parameters.now') },
        { key: 'changed', label: t('system:parameters.lastChange') },
      ],
      rows: found.map(({ name, key, label, help, module, now, changed }) => ({
        id: `${name}.${key}`,
        cells: [
          { text: label, href: `${PARAMETERS}/${name}`, strong: true, sub: help },
          module,
          now,
          changed || { text: t('system:parameters.never'), muted: true },
        ],
      })),
    },
    empty: { title: t('system:parameters.empty') },
  };
  return page('administration/list', title, { head: { title, say: t('system:parameters.say') }, list });
}

async function showForm(ctx: Ctx, manifest: WithParameters, typed?: FormState, status = 200): Promise<Reply> {
  const { t } = ctx;
  const { name, parameters } = manifest;
  const defaults: Record<string, unknown> = parameters.parse({});
  const changed = await lastChanges(ctx.read, name);
  const stored: Record<string, unknown> = await readParameters(ctx.read, name, parameters);
  const kinds = kindsOf(parameters);
  const form = typed ?? emptyForm(Object.fromEntries(kinds.map(([key, kind]) => [key, textOf(kind, stored[key])])));
  const title = t('system:parameters.of', { module: t(`${name}:module`) });
  const fieldOf = ([key, kind, limits]: [string, Kind, Limits]): Field => ({
    name: key,
    label: t(`${name}:parameter.${key}`),
    wide: true,
    hint: [
      t(`${name}:parameterHelp.${key}`),
      kind === 'lines' ? t('system:parameters.lines') : '',
      limits.min === undefined || limits.max === undefined ? '' : t('errors:field.range', { ...limits }),
      hintOf(ctx, defaults[key], changed.get(key)),
    ]
      .filter(Boolean)
      .join(' '),
    ...(kind === 'lines' ? { type: 'textarea', rows: 8 } : { type: kind, ...limits }),
  });
  const reason: Field = {
    name: REASON,
    label: t('system:parameters.reason'),
    hint: t('system:parameters.reasonHint'),
    maxlength: 200,
    wide: true,
  };
  const model = {
    head: { title, crumbs: [{ href: PARAMETERS, label: t('system:parameters.title') }] },
    form: editForm(form, {
      action: `${PARAMETERS}/${name}`,
      submit: t('common:action.save'),
      cancelHref: PARAMETERS,
      fields: [...kinds.map(fieldOf), reason],
    }),
  };
  return page('administration/edit', title, model, { status });
}

function hintOf({ t, f }: Ctx, byDefault: unknown, changed: ParameterChange | undefined): string {
  const value = sayValue(t, byDefault) || t('system:parameters.empty_value');
  return changed
    ? t('system:parameters.changed', { value, name: changed.name, when: f.dateTime(changed.at) })
    : t('system:parameters.default', { value });
}
