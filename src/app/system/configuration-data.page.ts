import { z } from 'zod';
import { plainMoney, fen } from '../../kernel';
import { checksumOf, type ConfigurationRecord, sayField, sayFieldValue, sayName } from '../../platform/configuration';
import { type Ctx, emptyForm, fields, type FormState, page, percentText, type Reply } from '../../platform/http';
import type { ConfigurationSet, Effect, ModuleManifest } from '../../platform/modules';
import { editForm, type Field, type List, type Message, type PageHead, stateLabel } from '../../platform/views';
import { CONFIGURATION_PERMISSION } from '../configuration';

export const DATA = '/settings/data';
/** Beside the values in the same form: no value can have this name. */
export const REASON = 'reason-for-change';

export interface NamedSet {
  /** `<module>.<id>` */
  name: string;
  module: string;
  set: ConfigurationSet;
}

/** What a value is edited as; the schema itself checks what was typed. Fen and basis points are told by their names. */
interface Kind {
  key: string;
  type: 'checkbox' | 'money' | 'percent' | 'number' | 'select' | 'date' | 'text';
  optional: boolean;
  options: string[];
}

export const namedSets = (modules: readonly ModuleManifest[]): NamedSet[] =>
  modules.flatMap(({ name, configuration = [] }) =>
    configuration.map((set) => ({ name: `${name}.${set.id}`, module: name, set })),
  );

export function kindsOf(values: z.ZodObject): Kind[] {
  const { properties = {} } = z.toJSONSchema(values, { io: 'output', unrepresentable: 'any' });
  return Object.entries(properties).map(([key, property]) => {
    const parts = typeof property === 'object' ? [property, ...(property.anyOf ?? [])] : [];
    const schemas = parts.filter((part): part is z.core.JSONSchema.JSONSchema => typeof part === 'object');
    const types = schemas.flatMap(({ type }) => type ?? []);
    const options = schemas.flatMap((part) => part.enum ?? []).filter((one) => typeof one === 'string');
    const isNumber = types.includes('integer') || types.includes('number');
    const type = types.includes('boolean')
      ? 'checkbox'
      : options.length > 0
        ? 'select'
        : key.endsWith('Fen')
          ? 'money'
          : key.endsWith('Bp')
            ? 'percent'
            : isNumber
              ? 'number'
              : schemas.some(({ format }) => format === 'date')
                ? 'date'
                : 'text';
    return { key, type, optional: types.includes('null'), options };
  });
}

/** What was typed as a value of the record; throws zod's or the kernel's error, which the form shows beside the field. */
export function readerOf({ type, optional }: Kind): z.ZodType<ConfigurationRecord['values'][string]> {
  const orNull = <T>(read: (text: string) => T) =>
    fields.text.transform((typed) => (optional && typed.trim() === '' ? null : read(typed)));
  switch (type) {
    case 'checkbox':
      return fields.checkbox;
    case 'money':
      return optional ? fields.optionalMoney : fields.money;
    case 'percent':
      return fields.percent;
    case 'number':
      return orNull((typed) => (/^\d{1,9}$/.test(typed.trim()) ? Number(typed) : Number.NaN));
    default:
      return orNull((typed) => typed.trim());
  }
}

function textOf({ type }: Kind, value: unknown): string {
  if (value === null || value === undefined) return '';
  if (type === 'checkbox') return value === true ? '1' : '';
  if (typeof value === 'number' && type === 'money') return plainMoney(fen(value));
  if (typeof value === 'number' && type === 'percent') return percentText(value);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

const titleOf = ({ t }: Pick<Ctx, 't'>, { module, set }: NamedSet): string =>
  t(`${module}:configuration.${set.id}.title`);
const sayOf = ({ t }: Pick<Ctx, 't'>, { module, set }: NamedSet): string => t(`${module}:configuration.${set.id}.say`);
export const setHref = ({ name, set }: NamedSet): string => set.page ?? `${DATA}/${name}`;

export async function showSets(ctx: Ctx, sets: readonly NamedSet[]): Promise<Reply> {
  const { t, f } = ctx;
  const title = t('configuration:data.title');
  const rows: List['table']['rows'] = [];
  for (const one of sets) {
    const records = await one.set.read(ctx.read);
    const active = records.filter((record) => record.active).length;
    rows.push({
      id: one.name,
      cells: [
        { text: titleOf(ctx, one), href: setHref(one), strong: true, sub: sayOf(ctx, one) },
        t(`${one.module}:module`),
        f.number(active),
        f.number(records.length - active),
      ],
    });
  }
  const list: List = {
    table: {
      id: 'sets',
      caption: title,
      columns: [
        { key: 'what', label: t('configuration:data.set'), card: 'title' },
        { key: 'module', label: t('system:modules.name'), card: 'number' },
        { key: 'active', label: t('configuration:data.active'), num: true, card: 'number' },
        { key: 'inactive', label: t('configuration:data.inactive'), num: true, card: 'number' },
      ],
      rows,
    },
    empty: { title: t('configuration:data.none') },
  };
  return page('administration/list', title, { head: { title, say: t('configuration:data.say') }, list });
}

export async function showRecords(ctx: Ctx, one: NamedSet): Promise<Reply> {
  const { t } = ctx;
  const kinds = kindsOf(one.set.values);
  const title = titleOf(ctx, one);
  const records = await one.set.read(ctx.read);
  const mayEdit = ctx.can(CONFIGURATION_PERMISSION);
  const head: PageHead = {
    title,
    say: sayOf(ctx, one),
    crumbs: [{ href: DATA, label: t('configuration:data.title') }],
    actions:
      mayEdit && !one.set.fixed
        ? [{ label: t('configuration:data.add'), href: `${setHref(one)}/new`, icon: 'plus', look: 'primary' }]
        : [],
  };
  const list: List = {
    table: {
      id: 'records',
      caption: title,
      columns: [
        { key: 'name', label: t('configuration:field.name'), card: 'title' },
        ...kinds.map(({ key, type }) => ({
          key,
          label: sayField(t, one.name, key),
          num: type === 'money' || type === 'number' || type === 'percent',
          card: 'number' as const,
        })),
        ...(one.set.fixed ? [] : [{ key: 'state', label: t('configuration:data.state'), card: 'state' as const }]),
      ],
      rows: records.map((record) => ({
        id: record.id ?? record.name,
        cells: [
          {
            text: sayName(t, one.name, record.name),
            strong: true,
            ...(mayEdit ? { href: `${setHref(one)}/records/${record.id}` } : {}),
          },
          ...kinds.map(({ key }) => sayFieldValue(t, one.name, key, record.values[key]) || { text: '—', muted: true }),
          ...(one.set.fixed ? [] : [{ state: stateLabel(t, record.active ? 'active' : 'inactive') }]),
        ],
      })),
    },
    empty: { title: t('configuration:data.empty'), text: t('configuration:data.emptyHint') },
  };
  return page('administration/list', title, { head, list });
}

/** Of a form shown again with what saving it would do; the checksum of what was typed then. */
export interface Previewed {
  effect: Effect;
  checksum: string;
}
/** Hidden in the form: what the effect that was shown is of. */
export const PREVIEWED = 'previewed-change';

/** The form of one record, or of a new one. */
export async function showRecord(
  ctx: Ctx,
  one: NamedSet,
  record: ConfigurationRecord | undefined,
  typed?: FormState,
  status = 200,
  previewed?: Previewed,
): Promise<Reply> {
  const { t } = ctx;
  const { name, module, set } = one;
  const choices = (await set.choices?.(ctx.read)) ?? {};
  const kinds = kindsOf(set.values);
  const title = record ? sayName(t, name, record.name) : t('configuration:data.addTo', { set: titleOf(ctx, one) });
  const stored = emptyForm({
    name: record?.name ?? '',
    active: record?.active === false ? '' : '1',
    ...Object.fromEntries(
      kinds.map((kind) => [kind.key, textOf(kind, record?.values[kind.key] ?? defaultOf(set, kind))]),
    ),
    ...(record ? { seen: checksumOf(record) } : {}),
  });
  const fieldOf = (kind: Kind): Field => ({
    name: kind.key,
    label: sayField(t, name, kind.key),
    hint: t(`${module}:configuration.${set.id}.hints.${kind.key}`, { defaultValue: '' }),
    ...(kind.optional || kind.type === 'checkbox' ? {} : { required: true }),
    ...(kind.optional ? { optional: true } : {}),
    ...inputOf(ctx, name, kind, choices[kind.key]?.names),
  });
  const first: Field = {
    name: 'name',
    label: t('configuration:field.name'),
    required: true,
    maxlength: 40,
    autocomplete: 'off',
  };
  const active: Field = {
    name: 'active',
    label: t('configuration:field.active'),
    type: 'checkbox',
    hint: t('configuration:data.activeHint'),
    wide: true,
  };
  const reason: Field = {
    name: REASON,
    label: t('configuration:reason'),
    hint: t('configuration:reasonHint'),
    maxlength: 200,
    wide: true,
    optional: true,
  };
  const form = typed ?? stored;
  const model = {
    effect: previewed ? { message: effectMessage(t, previewed.effect), table: previewed.effect.table ?? null } : null,
    head: {
      title,
      crumbs: [
        { href: DATA, label: t('configuration:data.title') },
        { href: setHref(one), label: titleOf(ctx, one) },
      ],
      say: sayOf(ctx, one),
    },
    form: editForm(
      { ...form, values: { ...form.values, [PREVIEWED]: previewed?.checksum ?? '' } },
      {
        action: record ? `${setHref(one)}/records/${record.id}` : setHref(one),
        submit: t(set.effect && !previewed ? 'configuration:data.preview' : 'common:action.save'),
        cancelHref: setHref(one),
        hidden: [...(set.fixed ? ['seen', 'name', 'active'] : ['seen']), ...(set.effect ? [PREVIEWED] : [])],
        fields: [
          ...(set.fixed ? [] : [first]),
          ...kinds.map(fieldOf),
          ...(set.fixed || !record ? [] : [active]),
          reason,
        ],
      },
    ),
  };
  return page('administration/record', title, model, { status });
}

function effectMessage(t: Ctx['t'], { says }: Effect): Message {
  const [title = '', ...items] = says;
  return { tone: 'way', title, text: t('configuration:data.previewed'), items };
}

function inputOf(
  { t }: Ctx,
  set: string,
  { key, type, options, optional }: Kind,
  names?: readonly string[],
): Partial<Field> {
  if (names) {
    const all = sayFieldValue(t, set, key, null) || t('common:none');
    return {
      type: 'select',
      choose: optional ? all : t('common:form.choose'),
      options: names.map((value) => ({ value, label: sayFieldValue(t, set, key, value) })),
    };
  }
  if (type === 'percent') return { inputmode: 'decimal', after: '%' };
  if (type === 'select')
    return {
      type,
      choose: false,
      options: options.map((value) => ({ value, label: sayFieldValue(t, set, key, value) })),
    };
  return { type };
}

/** What a new record starts with. */
function defaultOf(set: ConfigurationSet, { key }: Kind): unknown {
  const field = set.values.shape[key] as z.ZodType | undefined;
  const parsed = field?.safeParse(undefined);
  return parsed?.success ? parsed.data : undefined;
}
