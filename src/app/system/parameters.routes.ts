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
import type { ModuleManifest } from '../../platform/modules';
import { changeParameters, readParameters } from '../../platform/parameters';
import { authoriseEverywhere } from '../../platform/permissions';
import { editForm, type Field } from '../../platform/views';
import type { SystemPages } from './system.module';

export const PARAMETER_PERMISSION = 'system.parameter.edit';
const access = { permission: PARAMETER_PERMISSION };
const PARAMETERS = '/settings/parameters';

type WithParameters = ModuleManifest & { parameters: z.ZodObject };

/** What a field of a schema is edited as; the schema itself checks what was typed. */
type Kind = 'checkbox' | 'lines' | 'number' | 'text';

/** 设置 › 参数: the settings that modules declare in their manifests, a form each. */
export function parameterRoutes({ modules }: SystemPages): Route[] {
  const withParameters = modules.filter((manifest): manifest is WithParameters => manifest.parameters !== undefined);
  const find = ({ params }: Ctx): WithParameters => {
    const manifest = withParameters.find(({ name }) => name === params['module']);
    if (!manifest) throw notFound('module', (params['module'] ?? '').slice(0, 40));
    return manifest;
  };
  return [
    { method: 'get', path: PARAMETERS, access, handler: (ctx) => Promise.resolve(showList(ctx, withParameters)) },
    { method: 'get', path: `${PARAMETERS}/:module`, access, handler: (ctx) => showForm(ctx, find(ctx)) },
    {
      method: 'post',
      path: `${PARAMETERS}/:module`,
      access,
      handler: (ctx) => {
        const manifest = find(ctx);
        return submit(
          ctx,
          z.object({ operationKey: fields.operationKey }).loose(),
          async ({ operationKey, ...typed }) => {
            await save(ctx, manifest, typed, operationKey);
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
  operationKey?: string,
): Promise<void> {
  authoriseEverywhere(ctx.actor, PARAMETER_PERMISSION);
  const values = Object.fromEntries(
    kindsOf(manifest.parameters).map(([key, kind]) => [key, valueOf(kind, fields.text.parse(typed[key]))]),
  );
  const checked = manifest.parameters.safeParse(values);
  if (!checked.success) {
    const problems = checked.error.issues.map((issue): FieldProblem => ({
      path: String(issue.path[0]),
      code: 'errors:field.invalid',
    }));
    throw invalid('errors:form', {}, problems);
  }
  await ctx.uow.run(ctx.actor, (unit) => changeParameters(unit, manifest, checked.data), { operationKey });
}

function kindsOf(schema: z.ZodObject): [string, Kind][] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' });
  return Object.entries(properties).map(([key, property]) => {
    const type = typeof property === 'object' ? property.type : undefined;
    if (type === 'boolean') return [key, 'checkbox'];
    if (type === 'array') return [key, 'lines'];
    return [key, type === 'integer' || type === 'number' ? 'number' : 'text'];
  });
}

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

function showList({ t }: Ctx, modules: readonly WithParameters[]): Reply {
  const title = t('system:parameters.title');
  const list = {
    table: {
      id: 'parameters',
      caption: title,
      columns: [
        { key: 'module', label: t('system:modules.name'), card: 'title' as const },
        { key: 'what', label: t('system:parameters.what'), card: 'full' as const },
      ],
      rows: modules.map(({ name, parameters }) => ({
        id: name,
        cells: [
          { text: t(`${name}:module`), href: `${PARAMETERS}/${name}`, strong: true },
          kindsOf(parameters)
            .map(([key]) => t(`${name}:parameter.${key}`))
            .join(t('system:modules.comma')),
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
  const stored: Record<string, unknown> = await readParameters(ctx.read, name, parameters);
  const kinds = kindsOf(parameters);
  const form = typed ?? emptyForm(Object.fromEntries(kinds.map(([key, kind]) => [key, textOf(kind, stored[key])])));
  const title = t('system:parameters.of', { module: t(`${name}:module`) });
  const fieldOf = ([key, kind]: [string, Kind]): Field => ({
    name: key,
    label: t(`${name}:parameter.${key}`),
    wide: true,
    ...(kind === 'lines' ? { type: 'textarea', rows: 8, hint: t('system:parameters.lines') } : { type: kind }),
  });
  const model = {
    head: { title, crumbs: [{ href: PARAMETERS, label: t('system:parameters.title') }] },
    form: editForm(form, {
      action: `${PARAMETERS}/${name}`,
      submit: t('common:action.save'),
      cancelHref: PARAMETERS,
      fields: kinds.map(fieldOf),
    }),
  };
  return page('administration/edit', title, model, { status });
}
