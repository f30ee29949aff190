import { isBusinessDate, parseId } from '../../../kernel';
import { type Ctx, page, redirect, type Reply, type Route } from '../../../platform/http';
import { exportReply, pageOf, readListQuery } from '../../../platform/lists';
import { CONSIGNMENT_DOCUMENT } from '../domain/consignment';
import {
  CONSIGNMENT_LIST,
  consignmentCounts,
  type ConsignmentFilter,
  consignmentList,
  partnersNamed,
  VIEW_CONSIGNMENTS,
} from '../queries/consignment-list';
import {
  consignmentDevices,
  consignmentOfReturn,
  consignmentView,
  documentTimeline,
} from '../queries/consignment-page';
import { consignmentListPage } from './consignment-list.page';
import { consignmentHref, CONSIGNMENTS } from './consignment-words';
import { consignmentPage, type ConsignmentPageInput } from './consignment.page';

const view = { permission: VIEW_CONSIGNMENTS };

export const consignmentRoutes: readonly Route[] = [
  { method: 'get', path: CONSIGNMENTS, access: view, handler: list },
  { method: 'get', path: `${CONSIGNMENTS}.xlsx`, access: view, handler: exportList },
  { method: 'get', path: `${CONSIGNMENTS}/:id`, access: view, handler: (ctx) => showConsignment(ctx) },
  // Where entries of a return link to.
  {
    method: 'get',
    path: '/sales/consignment_returns/:id',
    access: view,
    handler: async (ctx) => redirect(consignmentHref(await consignmentOfReturn(ctx.read, ctx.id()))),
  },
];

async function readFilter(ctx: Ctx): Promise<ConsignmentFilter> {
  const { q = '', store = '', customer = '', late, from, to } = readListQuery(CONSIGNMENT_LIST, ctx.query).filters;
  const text = q.trim();
  return {
    text,
    named: await partnersNamed(ctx.read, ctx.services.keys, text),
    storeId: parseId(store) ?? ctx.store?.id ?? null,
    customerId: parseId(customer),
    lateOn: late ? ctx.today : null,
    from: isBusinessDate(from) ? from : null,
    to: isBusinessDate(to) ? to : null,
    scope: ctx.actor.scope(VIEW_CONSIGNMENTS),
  };
}

async function list(ctx: Ctx): Promise<Reply> {
  const query = readListQuery(CONSIGNMENT_LIST, ctx.query);
  const filter = await readFilter(ctx);
  const model = consignmentListPage(ctx, {
    query,
    filter,
    found: pageOf(query, await consignmentList(ctx.read, ctx.services.keys, query, filter)),
    counts: await consignmentCounts(ctx.read, filter),
  });
  return page('sales/list', model.head.title, model);
}

async function exportList(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const filter = await readFilter(ctx);
  return exportReply(ctx, {
    name: `${t('sales:consignment.list')}-${ctx.today}`,
    sheet: t('sales:consignment.list'),
    columns: [
      { header: t('sales:consignment.number'), type: 'text' },
      { header: t('sales:sale.state'), type: 'text' },
      { header: t('sales:consignment.partner'), type: 'text' },
      { header: t('sales:sale.store'), type: 'text' },
      { header: t('sales:consignment.givenOn'), type: 'date' },
      { header: t('sales:consignment.dueOn'), type: 'date' },
      { header: t('sales:consignment.devices'), type: 'integer' },
      { header: t('sales:consignment.settled'), type: 'integer' },
      { header: t('sales:consignment.open'), type: 'integer' },
      { header: t('sales:consignment.amount'), type: 'money' },
      { header: t('sales:consignment.openAmount'), type: 'money' },
      { header: t('sales:consignment.by'), type: 'text' },
      { header: t('sales:sale.note'), type: 'text' },
    ],
    query: readListQuery(CONSIGNMENT_LIST, ctx.query),
    load: (query) => consignmentList(ctx.read, ctx.services.keys, query, filter),
    toRow: (row) => [
      row.number,
      t(`sales:consignment.state.${row.state}`),
      row.customerName,
      row.storeName,
      row.businessDate,
      row.dueOn,
      row.devices,
      row.settled,
      row.stillOut,
      row.amountFen,
      row.openFen,
      row.createdByName,
      row.note,
    ],
  });
}

/** The page of a consignment, also with what was just refused on it. */
export async function showConsignment(
  ctx: Ctx,
  { status = 200, ...more }: Pick<ConsignmentPageInput, 'notices'> & { status?: number } = {},
): Promise<Reply> {
  const row = await consignmentView(ctx.read, ctx.actor, ctx.services.keys, ctx.id());
  const devices = await consignmentDevices(ctx.read, row.id);
  const timeline = await documentTimeline(ctx.read, CONSIGNMENT_DOCUMENT, row.id);
  return page('sales/consignment', row.number, consignmentPage(ctx, { row, devices, timeline, ...more }), { status });
}
