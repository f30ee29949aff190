import { z } from 'zod';
import { businessDate, parseId } from '../../../kernel';
import { type Ctx, fields, page, redirect, type Reply, type Route, submit } from '../../../platform/http';
import { exportReply, readListQuery } from '../../../platform/lists';
import { can } from '../../../platform/permissions';
import type { Message } from '../../../platform/views';
import { listStores, locationsOf } from '../../organization';
import { isDue } from '../domain/cycle-count';
import { cycleCount, type CycleRow } from '../queries/cycle-count';
import { planCycleCount } from '../use-cases/plan-cycle-count';
import { CYCLE_LIST, cyclePage, type CyclePlace, shownRows } from './cycle-count.page';
import { stocktakeHref } from './stocktake-words';

const plan = { permission: 'inventory.stocktake.plan' };

export const cycleCountRoutes: readonly Route[] = [
  { method: 'get', path: '/inventory/stocktakes/cycle', access: plan, handler: (ctx) => show(ctx) },
  { method: 'get', path: '/inventory/stocktakes/cycle.xlsx', access: plan, handler: exportRows },
  { method: 'post', path: '/inventory/stocktakes/cycle', access: plan, handler: create },
];

/** Locations where the reader plans stocktakes, those of the store chosen above first. */
async function placesOf(ctx: Ctx): Promise<CyclePlace[]> {
  const stores = (await listStores(ctx.read)).filter(({ id }) => can(ctx.actor, plan.permission, id));
  stores.sort((a, b) => Number(b.id === ctx.store?.id) - Number(a.id === ctx.store?.id));
  const places: CyclePlace[] = [];
  for (const store of stores)
    for (const { id, name } of await locationsOf(ctx.read, store.id))
      places.push({ locationId: id, storeName: store.name, name: `${store.name} ${name}` });
  return places;
}

async function read(ctx: Ctx): Promise<{ places: CyclePlace[]; place: CyclePlace | null; rows: CycleRow[] }> {
  const places = await placesOf(ctx);
  const wanted = parseId(readListQuery(CYCLE_LIST, ctx.query).filters['location'] ?? '');
  const place = places.find(({ locationId }) => locationId === wanted) ?? places[0] ?? null;
  const found = place ? await cycleCount(ctx.read, place.locationId, businessDate(ctx.today)) : { rows: [] };
  return { places, place, rows: found.rows };
}

async function show(ctx: Ctx, { status = 200, notices = [] as Message[] } = {}): Promise<Reply> {
  const found = await read(ctx);
  const model = cyclePage(ctx, { ...found, query: readListQuery(CYCLE_LIST, ctx.query), notices });
  return page('inventory/cycle-count', ctx.t('inventory:cycle.title'), model, { status });
}

function create(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    z.object({ operationKey: fields.operationKey, locationId: fields.id }),
    async ({ operationKey, locationId }) => {
      const command = { locationId, note: ctx.t('inventory:cycle.note') };
      const { id, products } = await planCycleCount(ctx.uow, ctx.actor, command, { operationKey });
      const text = ctx.t('inventory:cycle.made', { count: ctx.f.number(products) });
      return redirect(stocktakeHref(id), { kind: 'ok', text });
    },
    (form, status) => show(ctx, { status, notices: [{ tone: 'bad', title: form.message ?? '' }] }),
  );
}

async function exportRows(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const query = readListQuery(CYCLE_LIST, ctx.query);
  const { rows, place } = await read(ctx);
  const shown = shownRows(rows, query);
  return exportReply(ctx, {
    name: `${t('inventory:cycle.title')}-${ctx.today}`,
    sheet: place?.name.slice(0, 31) ?? t('inventory:cycle.title'),
    columns: [
      { header: t('inventory:device.product'), type: 'text' },
      { header: t('inventory:device.sku'), type: 'text' },
      { header: t('inventory:cycle.class'), type: 'text' },
      { header: t('inventory:stock.quantity'), type: 'integer' },
      { header: t('inventory:cycle.countedOn'), type: 'date' },
      { header: t('inventory:cycle.dueOn'), type: 'date' },
      { header: t('inventory:cycle.overdue'), type: 'integer' },
      { header: t('inventory:cycle.running'), type: 'text' },
    ],
    query,
    load: () => Promise.resolve(shown.map((row) => ({ ...row, id: row.skuId, sortValue: row.skuId }))),
    toRow: (row) => [
      row.skuName,
      row.skuCode,
      row.abc,
      row.quantity,
      row.countedOn,
      row.dueOn,
      isDue(row) ? row.overdueDays : null,
      row.running ? t('common:yes') : t('common:no'),
    ],
  });
}
