import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { invalidField } from '../../../kernel';
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
import { skusByCodes } from '../../catalog';
import { countScans, stocktakeEvents, stocktakeFigures, stocktakeView } from '../queries/stocktake-page';
import { stocktakeApproval } from '../queries/stocktake-approval';
import { STOCKTAKE_LIST, stocktakeCounts, type StocktakeFilter, stocktakeList } from '../queries/stocktake-list';
import { planStocktake } from '../use-cases/plan-stocktake';
import { stocktakeFormPage } from './stocktake-form.page';
import { stocktakeListPage } from './stocktake-list.page';
import { stocktakeHref } from './stocktake-words';
import { stocktakePage, type StocktakePageInput } from './stocktake.page';

const view = { permission: 'inventory.stocktake.view' };
const plan = { permission: 'inventory.stocktake.plan' };
const BASE = '/inventory/stocktakes/:id';

export const stocktakeRoutes: readonly Route[] = [
  { method: 'get', path: '/inventory/stocktakes', access: view, handler: list },
  { method: 'get', path: '/inventory/stocktakes.xlsx', access: view, handler: exportList },
  { method: 'get', path: '/inventory/stocktakes/new', access: plan, handler: (ctx) => showNew(ctx) },
  { method: 'post', path: '/inventory/stocktakes', access: plan, handler: create },
  { method: 'get', path: BASE, access: view, handler: (ctx) => showStocktake(ctx) },
];

function readFilter(ctx: Ctx): StocktakeFilter {
  const { q, store } = readListQuery(STOCKTAKE_LIST, ctx.query).filters;
  return {
    text: q ?? '',
    storeId: /^[1-9]\d{0,14}$/.test(store ?? '') ? Number(store) : (ctx.store?.id ?? null),
    scope: ctx.actor.scope('inventory.stocktake.view'),
  };
}

async function list(ctx: Ctx): Promise<Reply> {
  const query = readListQuery(STOCKTAKE_LIST, ctx.query);
  const filter = readFilter(ctx);
  const found = pageOf(query, await stocktakeList(ctx.read, query, filter));
  const model = stocktakeListPage(ctx, query, found, await stocktakeCounts(ctx.read, filter));
  return page('inventory/stocktake-list', ctx.t('inventory:stocktake.list'), model);
}

async function exportList(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const filter = readFilter(ctx);
  return exportReply(ctx, {
    name: `${t('inventory:stocktake.list')}-${ctx.today}`,
    sheet: t('inventory:stocktake.list'),
    columns: [
      { header: t('inventory:stocktake.number'), type: 'text' },
      { header: t('inventory:device.state'), type: 'text' },
      { header: t('inventory:device.store'), type: 'text' },
      { header: t('inventory:device.location'), type: 'text' },
      { header: t('inventory:stocktake.startedAt'), type: 'datetime' },
      { header: t('inventory:stocktake.endedAt'), type: 'datetime' },
      { header: t('inventory:stocktake.list4.missing'), type: 'integer' },
      { header: t('inventory:stocktake.taken'), type: 'integer' },
      { header: t('inventory:stocktake.short'), type: 'integer' },
      { header: t('inventory:stocktake.surplus'), type: 'integer' },
    ],
    query: readListQuery(STOCKTAKE_LIST, ctx.query),
    load: (query) => stocktakeList(ctx.read, query, filter),
    toRow: (row) => [
      row.number,
      t(`inventory:stocktake.state.${row.state}`),
      row.storeName,
      row.locationName,
      row.startedAt,
      row.endedAt,
      row.missingDevices,
      row.takenDevices,
      row.shortPieces,
      row.surplusPieces,
    ],
  });
}

async function showNew(ctx: Ctx, form: FormState = emptyForm(), status = 200): Promise<Reply> {
  const title = ctx.t('inventory:stocktake.new');
  return page('inventory/stocktake-form', title, await stocktakeFormPage(ctx, form), { status });
}

const planSchema = z.object({
  operationKey: fields.operationKey,
  locationId: fields.id,
  category: fields.optionalId,
  brand: fields.optionalId,
  blind: fields.checkbox,
  frozen: fields.checkbox,
  skus: fields.text,
  note: fields.text,
});

function create(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    planSchema,
    async ({ operationKey, locationId, category, brand, blind, frozen, skus, note }) => {
      const scope = {
        categoryIds: category === null ? [] : [category],
        brandIds: brand === null ? [] : [brand],
        skuIds: await skuIdsOf(ctx, skus),
      };
      const plan = { locationId, scope, blind, frozen, note };
      const made = await planStocktake(ctx.uow, ctx.actor, plan, { operationKey });
      return redirect(stocktakeHref(made.id));
    },
    (form, status) => showNew(ctx, form, status),
  );
}

/** Codes or barcodes, a line each or with commas between them. */
async function skuIdsOf(ctx: Ctx, typed: string): Promise<number[]> {
  const codes = typed
    .split(/[\n\r,，、;；\t]+/)
    .map((code) => code.trim())
    .filter(Boolean);
  const found = await skusByCodes(ctx.read, codes);
  const unknown = codes.filter((code) => !found.has(code));
  if (unknown.length > 0)
    throw invalidField('skus', 'inventory:error.stocktake_unknown_sku', {
      codes: unknown.slice(0, 5).join('、'),
      count: unknown.length,
    });
  return [...found.values()].map(({ id }) => id);
}

/** The page of a stocktake, also with what was just refused on it. */
export async function showStocktake(
  ctx: Ctx,
  more: Pick<StocktakePageInput, 'notices' | 'pasted'> & { status?: number } = {},
): Promise<Reply> {
  const stocktake = await stocktakeView(ctx.read, ctx.actor, ctx.id());
  const { status = 200, ...shown } = more;
  const counts = stocktake.state === 'counting' && ctx.can('inventory.stocktake.count', stocktake.storeId);
  const model = stocktakePage(ctx, {
    stocktake,
    figures: await stocktakeFigures(ctx.read, stocktake),
    scans: counts ? await countScans(ctx.read, stocktake.id) : null,
    events: await stocktakeEvents(ctx.read, stocktake.id),
    approval: await stocktakeApproval(ctx.read, ctx.actor, stocktake, ctx.now),
    operationKey: randomUUID(),
    ...shown,
  });
  return page('inventory/stocktake', stocktake.number, model, { status });
}
