import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { parseId } from '../../../kernel';
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
import { listHref, pageOf, readListQuery } from '../../../platform/lists';
import { can } from '../../../platform/permissions';
import { editForm, type Field } from '../../../platform/views';
import { listChannels, listStores } from '../../organization';
import { listLevels } from '../queries/levels';
import { scopeNames } from '../queries/price-lists';
import { changedPrices } from '../domain/typed-prices';
import {
  floorsInList,
  priceHistory,
  type PriceListRow,
  priceListSpec,
  priceRows,
  ruleFloors,
  visibleLists,
} from '../queries/price-page';
import { changePrices } from '../use-cases/set-prices';
import { createList } from '../use-cases/create-list';
import { PRICES, pricesPage } from './prices.page';

const view = { permission: 'pricing.price.view' };
const edit = { permission: 'pricing.price.edit' };
const editLists = { permission: 'pricing.list.edit' };

const typedPrice = z.object({
  skuId: fields.id,
  price: fields.text,
  floor: z.string().optional(),
  wasPrice: fields.text,
  wasFloor: z.string().optional(),
});
const priceForm = z.object({
  items: z.array(typedPrice).max(100).default([]),
  list: fields.optionalId,
  back: fields.text,
  operationKey: fields.operationKey,
});
const newList = z.object({
  name: fields.text,
  storeId: fields.optionalId,
  channelId: fields.optionalId,
  levelId: fields.optionalId,
  fromOn: fields.text.transform((typed) => typed.trim() || null),
  untilOn: fields.text.transform((typed) => typed.trim() || null),
  operationKey: fields.operationKey,
});

export const priceRoutes: readonly Route[] = [
  { method: 'get', path: PRICES, access: view, handler: (ctx) => showPrices(ctx, ctx.query) },
  {
    method: 'post',
    path: PRICES,
    access: edit,
    handler: (ctx) =>
      submit(
        ctx,
        priceForm,
        async ({ items, list, back, operationKey }) => {
          const seesFloor = ctx.can('pricing.floor.view');
          // Who may not see floors keeps them: the price may then not go below.
          const floors = await floorsInList(
            ctx.read,
            list,
            items.map((item) => item.skuId),
            ctx.now,
          );
          const typed = items.map((item) => (seesFloor ? item : { ...item, floor: undefined, wasFloor: undefined }));
          const changes = changedPrices(typed, (skuId) => floors.get(skuId) ?? null);
          const { changed } = await changePrices(
            ctx.uow,
            ctx.actor,
            { priceListId: list ?? undefined, items: changes },
            { operationKey },
          );
          return redirect(backTo(back), { kind: 'ok', text: ctx.t('pricing:price.saved', { count: changed }) });
        },
        (form, status) => showPrices(ctx, queryOf(backTo(form.values['back'] ?? '')), form, status),
      ),
  },
  { method: 'get', path: '/pricing/skus/:id', access: view, handler: showHistory },
  { method: 'get', path: '/pricing/lists/new', access: editLists, handler: (ctx) => showNewList(ctx, emptyForm()) },
  {
    method: 'post',
    path: '/pricing/lists',
    access: editLists,
    handler: (ctx) =>
      submit(
        ctx,
        newList,
        async ({ operationKey, ...list }) => {
          const { id } = await createList(ctx.uow, ctx.actor, list, { operationKey });
          return redirect(`${PRICES}?list=${id}`, { kind: 'ok', text: ctx.t('pricing:list.created') });
        },
        (form, status) => showNewList(ctx, form, status),
      ),
  },
];

/** Back to the list as it was filtered; anything else than this list is ignored. */
const backTo = (back: string): string => (/^\/pricing\/prices(\?[\w%=&.~-]*)?$/.test(back) ? back : PRICES);

const queryOf = (href: string): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(href.split('?')[1] ?? ''));

async function showPrices(
  ctx: Ctx,
  address: Readonly<Record<string, string | undefined>>,
  form: FormState | null = null,
  status = 200,
): Promise<Reply> {
  const query = readListQuery(priceListSpec, address);
  const lists = (await visibleLists(ctx.read, ctx.actor)).filter(({ active }) => active);
  const list =
    lists.find((one) => one.id === parseId(query.filters['list'])) ?? lists.find((one) => one.kind === 'base') ?? null;
  const found = pageOf(query, await priceRows(ctx.read, ctx.actor, query, list, ctx.now));
  const operationKey = form?.values['operationKey'] ?? randomUUID();
  const back = listHref(query, { after: address['after'] ?? null, before: address['before'] ?? null });
  const names = await scopeNames(ctx.read);
  const floors = await ruleFloors(ctx.read, ctx.actor, found.rows, list);
  const model = pricesPage(ctx, query, found, {
    lists,
    list,
    names,
    floors,
    mayEdit: mayEdit(ctx, list),
    form,
    operationKey,
    back,
  });
  return page('pricing/prices', ctx.t('pricing:price.title'), model, { status });
}

function mayEdit(ctx: Ctx, list: PriceListRow | null): boolean {
  if (list && list.storeId !== null) return can(ctx.actor, 'pricing.price.edit', list.storeId);
  return ctx.actor.scope('pricing.price.edit') === 'all';
}

async function showHistory(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const { name, code, rows } = await priceHistory(ctx.read, ctx.actor, ctx.id());
  const showFloor = ctx.can('pricing.floor.view');
  const model = {
    head: { title: name, crumbs: [{ href: PRICES, label: t('pricing:price.title') }], say: code },
    list: {
      table: {
        id: 'history',
        caption: t('pricing:history.title'),
        columns: [
          { key: 'list', label: t('pricing:list.one'), card: 'title' as const },
          { key: 'from', label: t('pricing:history.from'), num: true, card: 'number' as const },
          { key: 'until', label: t('pricing:history.until'), num: true, card: 'number' as const },
          { key: 'price', label: t('pricing:price.price'), num: true, card: 'number' as const },
          ...(showFloor ? [{ key: 'floor', label: t('pricing:price.floor'), num: true, card: 'number' as const }] : []),
          { key: 'by', label: t('pricing:history.by') },
        ],
        rows: rows.map((row, index) => ({
          id: index,
          cells: [
            row.listName,
            f.dateTime(row.fromAt),
            row.untilAt === null ? t('pricing:history.now') : f.dateTime(row.untilAt),
            f.money(row.priceFen),
            ...(showFloor ? [f.money(row.floorFen)] : []),
            row.setByName,
          ],
        })),
      },
      empty: { title: t('pricing:history.empty') },
    },
  };
  return page('pricing/history', name, model);
}

async function showNewList(ctx: Ctx, form: FormState, status = 200): Promise<Reply> {
  const { t } = ctx;
  const stores = (await listStores(ctx.read)).filter((one) => can(ctx.actor, 'pricing.list.edit', one.id));
  const everywhere = ctx.actor.scope('pricing.list.edit') === 'all';
  const channels = (await listChannels(ctx.read)).filter(({ active }) => active);
  const levels = (await listLevels(ctx.read)).filter(({ active }) => active);
  const title = t('pricing:list.newTitle');
  const choice = (name: string, label: string, all: string, options: { value: number; label: string }[]): Field => ({
    name,
    label,
    type: 'select',
    choose: all,
    optional: true,
    options,
  });
  const named = (rows: readonly { id: number; name: string }[]) =>
    rows.map(({ id, name }) => ({ value: id, label: name }));
  const storeOptions = stores.map((one) => ({ value: one.id, label: `${one.code} ${one.name}` }));
  const model = {
    head: { title, crumbs: [{ href: PRICES, label: t('pricing:price.title') }], say: t('pricing:list.newSay') },
    form: editForm(form, {
      action: '/pricing/lists',
      submit: t('pricing:list.create'),
      cancelHref: PRICES,
      fields: [
        {
          name: 'name',
          label: t('pricing:list.name'),
          hint: t('pricing:list.nameHint'),
          maxlength: 40,
          optional: true,
          autocomplete: 'off',
        },
        everywhere
          ? choice('storeId', t('pricing:list.store'), t('pricing:list.allStores'), storeOptions)
          : { name: 'storeId', label: t('pricing:list.store'), type: 'select', required: true, options: storeOptions },
        choice('channelId', t('pricing:list.channel'), t('pricing:list.allChannels'), named(channels)),
        choice('levelId', t('pricing:list.level'), t('pricing:list.allCustomers'), named(levels)),
        { name: 'fromOn', label: t('pricing:list.from'), type: 'date', optional: true },
        { name: 'untilOn', label: t('pricing:list.until'), type: 'date', optional: true },
      ],
    }),
  };
  return page('pricing/edit', title, model, { status });
}
