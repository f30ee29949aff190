import { isBusinessDate, parseId } from '../../../kernel';
import { type Ctx, page, type Reply, type Route } from '../../../platform/http';
import { exportReply, pageOf, readListQuery } from '../../../platform/lists';
import { SETTLEMENT_DOCUMENT } from '../domain/settlement-posting';
import { partnersNamed } from '../queries/consignment-list';
import { documentTimeline } from '../queries/consignment-page';
import {
  SETTLEMENT_LIST,
  settlementCounts,
  type SettlementFilter,
  settlementList,
  VIEW_SETTLEMENTS,
} from '../queries/settlement-list';
import { settledDevices, settlementView } from '../queries/settlement-page';
import { seesCost } from './rights';
import { settlementListPage } from './settlement-list.page';
import { SETTLEMENTS } from './settlement-words';
import { settlementPage, type SettlementPageInput } from './settlement.page';

const view = { permission: VIEW_SETTLEMENTS };

export const settlementRoutes: readonly Route[] = [
  { method: 'get', path: SETTLEMENTS, access: view, handler: list },
  { method: 'get', path: `${SETTLEMENTS}.xlsx`, access: view, handler: exportList },
  { method: 'get', path: `${SETTLEMENTS}/:id`, access: view, handler: (ctx) => showSettlement(ctx) },
];

async function readFilter(ctx: Ctx): Promise<SettlementFilter> {
  const { q = '', store = '', customer = '', unpaid, from, to } = readListQuery(SETTLEMENT_LIST, ctx.query).filters;
  const text = q.trim();
  return {
    text,
    named: await partnersNamed(ctx.read, ctx.services.keys, text),
    storeId: parseId(store) ?? ctx.store?.id ?? null,
    customerId: parseId(customer),
    unpaid: Boolean(unpaid),
    from: isBusinessDate(from) ? from : null,
    to: isBusinessDate(to) ? to : null,
    scope: ctx.actor.scope(VIEW_SETTLEMENTS),
  };
}

async function list(ctx: Ctx): Promise<Reply> {
  const query = readListQuery(SETTLEMENT_LIST, ctx.query);
  const filter = await readFilter(ctx);
  const withCost = seesCost(ctx, VIEW_SETTLEMENTS);
  const { keys } = ctx.services;
  const model = settlementListPage(ctx, {
    query,
    filter,
    found: pageOf(query, await settlementList(ctx.read, query, filter, { keys, withCost })),
    counts: await settlementCounts(ctx.read, filter),
    withCost,
  });
  return page('sales/list', model.head.title, model);
}

async function exportList(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const filter = await readFilter(ctx);
  const withCost = seesCost(ctx, VIEW_SETTLEMENTS);
  const { keys } = ctx.services;
  return exportReply(ctx, {
    name: `${t('sales:settlement.list')}-${ctx.today}`,
    sheet: t('sales:settlement.list'),
    columns: [
      { header: t('sales:consignment.number'), type: 'text' },
      { header: t('sales:sale.state'), type: 'text' },
      { header: t('sales:consignment.partner'), type: 'text' },
      { header: t('sales:sale.store'), type: 'text' },
      { header: t('sales:settlement.settledOn'), type: 'date' },
      { header: t('sales:consignment.devices'), type: 'integer' },
      { header: t('sales:settlement.amount'), type: 'money' },
      { header: t('sales:sale.net'), type: 'money' },
      { header: t('sales:settlement.commission'), type: 'money' },
      { header: t('sales:settlement.open'), type: 'money' },
      { header: t('sales:settlement.dueOn'), type: 'date' },
      { header: t('sales:settlement.reference'), type: 'text' },
      { header: t('sales:consignment.by'), type: 'text' },
      ...(withCost
        ? [
            { header: t('sales:sale.cost'), type: 'money' as const },
            { header: t('sales:sale.margin'), type: 'money' as const },
          ]
        : []),
    ],
    query: readListQuery(SETTLEMENT_LIST, ctx.query),
    load: (query) => settlementList(ctx.read, query, filter, { keys, withCost }),
    toRow: (row) => [
      row.number,
      t(`sales:settlement.state.${row.state}`),
      row.customerName,
      row.storeName,
      row.businessDate,
      row.devices,
      row.amountFen,
      row.netFen,
      row.commissionFen,
      row.openFen,
      row.dueOn,
      row.reference,
      row.createdByName,
      ...(row.costFen === undefined ? [] : [row.costFen, row.netFen - row.costFen]),
    ],
  });
}

/** The page of a settlement, also with what was just refused on it. */
export async function showSettlement(
  ctx: Ctx,
  { status = 200, ...more }: Pick<SettlementPageInput, 'notices'> & { status?: number } = {},
): Promise<Reply> {
  const row = await settlementView(ctx.read, ctx.actor, ctx.services.keys, ctx.id());
  const devices = await settledDevices(ctx.read, row, ctx.actor);
  const timeline = await documentTimeline(ctx.read, SETTLEMENT_DOCUMENT, row.id);
  return page('sales/settlement', row.number, settlementPage(ctx, { row, devices, timeline, ...more }), { status });
}
