import { z } from 'zod';
import { isBusinessDate } from '../../../kernel';
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
import { exportReply, pageOf, readListQuery } from '../../../platform/lists';
import { seesCostIn } from '../../../platform/permissions';
import { editForm } from '../../../platform/views';
import { listStores, locationsOf } from '../../organization';
import { CHANGE_EFFECTS } from '../domain/change-effect';
import { CHANGE_LIST, changeCounts, type ChangeFilter, changeList } from '../queries/change-list';
import { changeReasons, rightOf } from '../queries/change-reasons';
import { createChange } from '../use-cases/create-change';
import { changeListPage } from './change-list.page';
import { changeHref } from './change-words';
import { showChange } from './show-change';

// Which right a change needs follows from what its reason does; the use case asks for it.
const view = { permission: 'inventory.change.view' };

export const changeRoutes: readonly Route[] = [
  { method: 'get', path: '/inventory/changes', access: view, handler: list },
  { method: 'get', path: '/inventory/changes.xlsx', access: view, handler: exportList },
  { method: 'get', path: '/inventory/changes/new', access: view, handler: (ctx) => showNew(ctx) },
  { method: 'post', path: '/inventory/changes', access: view, handler: create },
  { method: 'get', path: '/inventory/changes/:id', access: view, handler: (ctx) => showChange(ctx) },
];

/** What the reader may make somewhere. */
const madeEffects = (ctx: Ctx) => CHANGE_EFFECTS.filter((effect) => ctx.can(rightOf(effect)));

function readFilter(ctx: Ctx): ChangeFilter {
  const { q, store, effect, reason, from, to } = readListQuery(CHANGE_LIST, ctx.query).filters;
  const id = (text: string | undefined): number | null => (/^[1-9]\d{0,14}$/.test(text ?? '') ? Number(text) : null);
  return {
    text: q ?? '',
    storeId: id(store) ?? ctx.store?.id ?? null,
    effect: CHANGE_EFFECTS.find((one) => one === effect) ?? null,
    reasonId: id(reason),
    from: isBusinessDate(from) ? from : null,
    to: isBusinessDate(to) ? to : null,
    scope: ctx.actor.scope('inventory.change.view'),
  };
}

const seesCost = (ctx: Ctx, { scope, storeId }: ChangeFilter): boolean => seesCostIn(ctx.actor, scope, storeId);

async function list(ctx: Ctx): Promise<Reply> {
  const query = readListQuery(CHANGE_LIST, ctx.query);
  const filter = readFilter(ctx);
  const model = changeListPage(ctx, {
    query,
    filter,
    found: pageOf(query, await changeList(ctx.read, query, filter)),
    counts: await changeCounts(ctx.read, filter),
    reasons: await changeReasons(ctx.read),
    cost: seesCost(ctx, filter),
    makes: madeEffects(ctx).length > 0,
  });
  return page('inventory/change-list', ctx.t('inventory:change.list'), model);
}

async function exportList(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const filter = readFilter(ctx);
  const cost = seesCost(ctx, filter);
  return exportReply(ctx, {
    name: `${t('inventory:change.list')}-${ctx.today}`,
    sheet: t('inventory:change.list'),
    columns: [
      { header: t('inventory:change.number'), type: 'text' },
      { header: t('inventory:device.state'), type: 'text' },
      { header: t('inventory:change.effectTitle'), type: 'text' },
      { header: t('inventory:change.reason'), type: 'text' },
      { header: t('inventory:device.store'), type: 'text' },
      { header: t('inventory:device.location'), type: 'text' },
      { header: t('inventory:change.businessDate'), type: 'date' },
      { header: t('inventory:change.devices'), type: 'integer' },
      { header: t('inventory:change.pieces'), type: 'integer' },
      ...(cost ? [{ header: t('inventory:change.netValue'), type: 'money' as const }] : []),
      { header: t('inventory:change.by'), type: 'text' },
      { header: t('inventory:change.postedAt'), type: 'datetime' },
      { header: t('inventory:change.note'), type: 'text' },
    ],
    query: readListQuery(CHANGE_LIST, ctx.query),
    load: (query) => changeList(ctx.read, query, filter),
    toRow: (row) => [
      row.number,
      t(`common:state.${row.state}`),
      t(`inventory:change.effect.${row.effect}`),
      row.reasonName,
      row.storeName,
      row.locationName,
      row.businessDate,
      row.devices,
      row.pieces,
      ...(cost ? [row.netFen] : []),
      row.createdByName,
      row.postedAt,
      row.note,
    ],
  });
}

async function showNew(ctx: Ctx, form: FormState = emptyForm(), status = 200): Promise<Reply> {
  const { t } = ctx;
  const effects = madeEffects(ctx);
  const stores = (await listStores(ctx.read)).filter(({ id }) => effects.some((one) => ctx.can(rightOf(one), id)));
  // The store chosen above comes first: the first location is the one that is chosen.
  stores.sort((a, b) => Number(b.id === ctx.store?.id) - Number(a.id === ctx.store?.id));
  const places = [];
  for (const store of stores) places.push({ store, locations: await locationsOf(ctx.read, store.id) });
  const reasons = (await changeReasons(ctx.read)).filter(({ active }) => active);
  const title = t('inventory:change.new');
  const model = {
    head: { title, crumbs: [{ label: t('inventory:change.list'), href: '/inventory/changes' }] },
    form: editForm(form, {
      action: '/inventory/changes',
      cancelHref: '/inventory/changes',
      submit: t('inventory:change.form.submit'),
      columns: true,
      fields: [
        {
          name: 'locationId',
          label: t('inventory:device.location'),
          type: 'select',
          required: true,
          choose: false,
          options: places.map(({ store, locations }) => ({
            label: store.name,
            options: locations.map(({ id, name }) => ({ value: id, label: `${store.name} ${name}` })),
          })),
        },
        {
          name: 'reasonId',
          label: t('inventory:change.reason'),
          type: 'select',
          required: true,
          hint: t('inventory:change.form.reasonHint'),
          options: effects.map((effect) => ({
            label: t(`inventory:change.effect.${effect}`),
            options: reasons.filter((one) => one.effect === effect).map(({ id, name }) => ({ value: id, label: name })),
          })),
        },
        { name: 'note', label: t('inventory:change.note'), maxlength: 400, optional: true, wide: true },
      ],
    }),
  };
  return page('inventory/change-form', title, model, { status });
}

const createSchema = z.object({
  operationKey: fields.operationKey,
  locationId: fields.id,
  reasonId: fields.id,
  note: fields.text,
});

function create(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    createSchema,
    async ({ operationKey, ...command }) => {
      const { id } = await createChange(ctx.uow, ctx.actor, command, { operationKey });
      return redirect(changeHref(id));
    },
    (form, status) => showNew(ctx, form, status),
  );
}
