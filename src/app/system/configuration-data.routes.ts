import { z } from 'zod';
import { notFound } from '../../kernel';
import { checksumOf, type ConfigurationRecord } from '../../platform/configuration';
import {
  type Ctx,
  emptyForm,
  fields,
  flatten,
  type FormState,
  redirect,
  type Reply,
  type Route,
  submit,
} from '../../platform/http';
import { CONFIGURATION_PERMISSION, saveConfigurationRecord } from '../configuration';
import {
  DATA,
  kindsOf,
  type NamedSet,
  namedSets,
  readerOf,
  PREVIEWED,
  REASON,
  setHref,
  showRecord,
  showRecords,
  showSets,
} from './configuration-data.page';
import { CONFIGURATION_VIEW } from './configuration.routes';
import type { SystemPages } from './system-pages';

const view = { permission: CONFIGURATION_VIEW };
const edit = { permission: CONFIGURATION_PERMISSION };

/** 设置 › 配置资料: the records that steer the rest, a list and a form for each set, made from its schema. */
export function configurationDataRoutes({ modules }: SystemPages): Route[] {
  const sets = namedSets(modules);
  const find = ({ params }: Ctx): NamedSet => {
    const one = sets.find(({ name }) => name === params['set']);
    if (!one || one.set.page) throw notFound('system.set', (params['set'] ?? '').slice(0, 60));
    return one;
  };
  const recordOf = async (ctx: Ctx, one: NamedSet): Promise<ConfigurationRecord> => {
    const record = (await one.set.read(ctx.read)).find(({ id }) => id === ctx.id());
    if (!record) throw notFound('system.record', ctx.id());
    return record;
  };
  const save = (ctx: Ctx, one: NamedSet, record?: ConfigurationRecord): Promise<Reply> =>
    submit(
      ctx,
      schemaOf(one),
      async ({ operationKey, name, active, seen, [REASON]: reason, [PREVIEWED]: shown, values }) => {
        const wanted: ConfigurationRecord = { name, active: record ? active : true, values };
        const command = {
          set: one.name,
          record: record?.id === undefined ? wanted : { ...wanted, id: record.id },
          seen,
          reason,
        };
        const { effect } = one.set;
        const checksum = checksumOf(command.record);
        if (effect && shown !== checksum) {
          const previewed = { effect: await effect(ctx, command.record), checksum };
          return showRecord(ctx, one, record, emptyForm(flatten(ctx.body)), 200, previewed);
        }
        await saveConfigurationRecord(ctx.uow, modules, ctx.actor, command, { operationKey });
        return redirect(setHref(one), { kind: 'ok', text: ctx.t('configuration:data.saved') });
      },
      (form: FormState, status) => showRecord(ctx, one, record, form, status),
    );
  return [
    { method: 'get', path: DATA, access: view, handler: (ctx) => showSets(ctx, sets) },
    { method: 'get', path: `${DATA}/:set`, access: view, handler: (ctx) => showRecords(ctx, find(ctx)) },
    {
      method: 'get',
      path: `${DATA}/:set/new`,
      access: edit,
      handler: (ctx) => {
        const one = find(ctx);
        if (one.set.fixed) throw notFound('system.record', 0);
        return showRecord(ctx, one, undefined);
      },
    },
    { method: 'post', path: `${DATA}/:set`, access: edit, handler: (ctx) => save(ctx, find(ctx)) },
    {
      method: 'get',
      path: `${DATA}/:set/records/:id`,
      access: edit,
      handler: async (ctx) => showRecord(ctx, find(ctx), await recordOf(ctx, find(ctx))),
    },
    {
      method: 'post',
      path: `${DATA}/:set/records/:id`,
      access: edit,
      handler: async (ctx) => save(ctx, find(ctx), await recordOf(ctx, find(ctx))),
    },
  ];
}

/** The fields of the form, with the values of the record gathered. */
function schemaOf({ set }: NamedSet) {
  const kinds = kindsOf(set.values);
  const values = Object.fromEntries(kinds.map((kind) => [kind.key, readerOf(kind)]));
  return z
    .object({
      ...values,
      name: fields.required,
      active: fields.checkbox,
      seen: fields.text,
      operationKey: fields.operationKey,
      [REASON]: fields.text,
      [PREVIEWED]: fields.text,
    })
    .transform(({ name, active, seen, operationKey, [REASON]: reason, [PREVIEWED]: shown, ...rest }) => ({
      name: String(name),
      active: active === true,
      seen: String(seen),
      operationKey: operationKey,
      [REASON]: String(reason),
      [PREVIEWED]: String(shown),
      values: rest,
    }));
}
