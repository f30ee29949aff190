import { randomUUID } from 'node:crypto';
import { isBusinessDate } from '../../../kernel';
import { type Ctx, page, type Reply, type Route } from '../../../platform/http';
import { exportReply, pageOf, readListQuery } from '../../../platform/lists';
import { COST_PERMISSION } from '../../../platform/permissions';
import { BUILD_KINDS } from '../domain/build';
import { BUILD_LIST, buildCounts, type BuildFilter, buildList, VIEW_BUILDS } from '../queries/build-list';
import { buildTimeline, buildView } from '../queries/build-page';
import { buildListPage, valueOf } from './build-list.page';
import { BUILDS } from './build-words';
import { buildPage, type BuildPageInput } from './build.page';

const view = { permission: VIEW_BUILDS };

export const buildRoutes: readonly Route[] = [
  { method: 'get', path: BUILDS, access: view, handler: list },
  { method: 'get', path: `${BUILDS}.xlsx`, access: view, handler: exportList },
  { method: 'get', path: `${BUILDS}/:id`, access: view, handler: (ctx) => showBuild(ctx) },
];

function readFilter(ctx: Ctx): BuildFilter {
  const { q, store, kind, from, to } = readListQuery(BUILD_LIST, ctx.query).filters;
  return {
    text: q ?? '',
    storeId: /^[1-9]\d{0,14}$/.test(store ?? '') ? Number(store) : (ctx.store?.id ?? null),
    kind: BUILD_KINDS.find((one) => one === kind) ?? null,
    from: isBusinessDate(from) ? from : null,
    to: isBusinessDate(to) ? to : null,
    scope: ctx.actor.scope(VIEW_BUILDS),
  };
}

async function list(ctx: Ctx): Promise<Reply> {
  const query = readListQuery(BUILD_LIST, ctx.query);
  const filter = readFilter(ctx);
  const model = buildListPage(ctx, {
    query,
    filter,
    found: pageOf(query, await buildList(ctx.read, query, filter)),
    counts: await buildCounts(ctx.read, filter),
  });
  return page('inventory/loan-list', ctx.t('inventory:build.list'), model);
}

async function exportList(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const filter = readFilter(ctx);
  const seesCost = ctx.can(COST_PERMISSION);
  return exportReply(ctx, {
    name: `${t('inventory:build.list')}-${ctx.today}`,
    sheet: t('inventory:build.list'),
    columns: [
      { header: t('inventory:change.number'), type: 'text' },
      { header: t('inventory:build.kindTitle'), type: 'text' },
      { header: t('inventory:device.state'), type: 'text' },
      { header: t('inventory:device.product'), type: 'text' },
      { header: t('inventory:build.sku'), type: 'text' },
      { header: t('inventory:build.pieces'), type: 'integer' },
      ...(seesCost ? [{ header: t('inventory:build.value'), type: 'money' as const }] : []),
      { header: t('inventory:device.store'), type: 'text' },
      { header: t('inventory:build.place'), type: 'text' },
      { header: t('inventory:build.date'), type: 'date' },
      { header: t('inventory:change.by'), type: 'text' },
      { header: t('inventory:change.note'), type: 'text' },
    ],
    query: readListQuery(BUILD_LIST, ctx.query),
    load: (query) => buildList(ctx.read, query, filter),
    toRow: (row) => [
      row.number,
      t(`inventory:build.kind.${row.kind}`),
      t(`common:state.${row.state}`),
      row.skuName,
      row.skuCode,
      row.pieces,
      ...(seesCost ? [valueOf(ctx, row)] : []),
      row.storeName,
      row.locationName,
      row.businessDate,
      row.createdByName,
      row.note,
    ],
  });
}

/** The page of a document, also with what was just refused on it. */
export async function showBuild(
  ctx: Ctx,
  { status = 200, ...more }: Pick<BuildPageInput, 'notices'> & { status?: number } = {},
): Promise<Reply> {
  const build = await buildView(ctx.read, ctx.actor, ctx.id());
  const timeline = await buildTimeline(ctx.read, build.id);
  const model = buildPage(ctx, { build, timeline, operationKey: randomUUID(), ...more });
  return page('inventory/build', build.number, model, { status });
}
