import { z } from 'zod';
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
} from '../../../platform/http';
import { editForm, type Field, stateLabel } from '../../../platform/views';
import { listChannels, listStores } from '../../organization';
import { registersPage, registerView } from '../queries/shifts';
import { saveRegister } from '../use-cases/registers';

const EDIT = { permission: 'sales.register.edit' };
const REGISTERS = '/sales/registers';

async function showList(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const rows = await registersPage(ctx.read, ctx.actor, ctx.store?.id ?? null);
  const create = {
    label: t('sales:register.create'),
    href: `${REGISTERS}/new`,
    icon: 'plus' as const,
    look: 'primary' as const,
  };
  const model = {
    head: { title: t('sales:register.list'), say: ctx.store?.name ?? t('common:frame.allStores'), actions: [create] },
    list: {
      table: {
        id: 'registers',
        caption: t('sales:register.list'),
        columns: [
          { key: 'name', label: t('sales:register.name'), card: 'title' },
          { key: 'code', label: t('sales:register.code') },
          { key: 'store', label: t('sales:sale.store'), card: 'full' },
          { key: 'shift', label: t('sales:shift.shift'), card: 'full' },
          { key: 'state', label: t('sales:sale.state'), card: 'state' },
        ],
        rows: rows.map((row) => ({
          id: row.id,
          label: row.name,
          cells: [
            { text: row.name, href: `${REGISTERS}/${row.id}`, strong: true },
            row.code,
            row.storeName,
            row.openShiftId === null
              ? ''
              : { text: t('sales:register.isOpen'), href: `/sales/shifts/${row.openShiftId}` },
            { state: stateLabel(t, row.active ? 'active' : 'inactive') },
          ],
        })),
      },
      empty: { title: t('sales:register.empty'), text: t('sales:register.emptyHint'), action: create },
    },
  };
  return page('sales/list', model.head.title, model);
}

async function showForm(ctx: Ctx, id: number | null, typed?: FormState, status = 200): Promise<Reply> {
  const { t } = ctx;
  const row = id === null ? null : await registerView(ctx.read, ctx.actor, id, 'sales.register.edit');
  const stores = (await listStores(ctx.read)).filter(
    (store) => store.kind === 'store' && ctx.can('sales.register.edit', store.id),
  );
  const channels = (await listChannels(ctx.read)).filter(({ active }) => active);
  const ticked = channels.filter(({ id: channel }) => row?.channelIds?.includes(channel) ?? true);
  const ticks = Object.fromEntries(ticked.map(({ id: channel }) => [`channels.c${channel}`, '1']));
  const stored = row
    ? emptyForm({ name: row.name, code: row.code, active: row.active ? '1' : '', version: row.version, ...ticks })
    : emptyForm({ active: '1', storeId: ctx.store?.id ?? '', ...ticks });
  const list: Field[] = [
    ...(row
      ? []
      : [
          {
            name: 'storeId',
            label: t('sales:sale.store'),
            type: 'select' as const,
            required: true,
            options: stores.map((store) => ({ value: store.id, label: store.name })),
          },
        ]),
    {
      name: 'code',
      label: t('sales:register.code'),
      required: true,
      maxlength: 20,
      hint: t('sales:register.codeHint'),
      autocomplete: 'off',
    },
    { name: 'name', label: t('sales:register.name'), required: true, maxlength: 40 },
    ...channels.map((channel): Field => ({
      name: `channels.c${channel.id}`,
      label: t('sales:register.sellsBy', { name: channel.name }),
      type: 'checkbox',
      wide: true,
    })),
    { name: 'active', label: t('sales:register.active'), type: 'checkbox', wide: true },
  ];
  const title = row?.name ?? t('sales:register.newTitle');
  const model = {
    head: { title, crumbs: [{ href: REGISTERS, label: t('sales:register.list') }] },
    form: editForm(typed ?? stored, {
      action: row ? `${REGISTERS}/${row.id}` : REGISTERS,
      hidden: row ? ['version'] : [],
      submit: t(row ? 'sales:register.save' : 'sales:register.create'),
      cancelHref: REGISTERS,
      fields: list,
    }),
  };
  return page('sales/edit', title, model, { status });
}

const words = {
  code: fields.required,
  name: fields.required,
  active: fields.checkbox,
  /** Named by id with a letter before it; an unticked one is missing. */
  channels: z.record(z.string().regex(/^c\d{1,15}$/), fields.checkbox).default({}),
  operationKey: fields.operationKey,
};

const idsOf = (ticks: Readonly<Record<string, boolean>>): number[] =>
  Object.entries(ticks).flatMap(([name, on]) => (on ? [Number(name.slice(1))] : []));
const newRegister = z.object({ ...words, storeId: fields.id });
const change = z.object({ ...words, version: fields.version });

function create(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    newRegister,
    async ({ operationKey, channels, ...command }) => {
      const channelIds = idsOf(channels);
      await saveRegister(ctx.uow, ctx.actor, { ...command, channelIds, id: null, version: null }, { operationKey });
      return redirect(REGISTERS, { kind: 'ok', text: ctx.t('sales:register.created', { name: command.name }) });
    },
    (form, status) => showForm(ctx, null, form, status),
  );
}

function update(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    change,
    async ({ operationKey, channels, ...command }) => {
      const change = { ...command, channelIds: idsOf(channels), id: ctx.id(), storeId: 0 };
      await saveRegister(ctx.uow, ctx.actor, change, { operationKey });
      return redirect(REGISTERS, { kind: 'ok', text: ctx.t('sales:register.saved', { name: command.name }) });
    },
    (form, status) => showForm(ctx, ctx.id(), form, status),
  );
}

export const registerRoutes: readonly Route[] = [
  { method: 'get', path: REGISTERS, access: EDIT, handler: showList },
  { method: 'get', path: `${REGISTERS}/new`, access: EDIT, handler: (ctx) => showForm(ctx, null) },
  { method: 'post', path: REGISTERS, access: EDIT, handler: create },
  { method: 'get', path: `${REGISTERS}/:id`, access: EDIT, handler: (ctx) => showForm(ctx, ctx.id()) },
  { method: 'post', path: `${REGISTERS}/:id`, access: EDIT, handler: update },
];
