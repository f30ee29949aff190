import { type Ctx, page, type Reply, type Route } from '../../../platform/http';
import { exportReply, pageOf, readListQuery } from '../../../platform/lists';
import { ORDER_LIST, orderRows, orderTotalsByState } from '../queries/order-list';
import { activeSuppliers } from '../queries/suppliers';
import { listShowsCost, orderListPage } from './order-list.page';

const view = { permission: 'purchasing.order.view' };

export const orderListRoutes: readonly Route[] = [
  { method: 'get', path: '/purchasing/orders', access: view, handler: list },
  { method: 'get', path: '/purchasing/orders.xlsx', access: view, handler: exportList },
];

async function list(ctx: Ctx): Promise<Reply> {
  const query = readListQuery(ORDER_LIST, ctx.query);
  const storeId = ctx.store?.id ?? null;
  const found = pageOf(query, await orderRows(ctx.read, ctx.actor, query, storeId, ctx.today));
  const totals = await orderTotalsByState(ctx.read, ctx.actor, query, storeId, ctx.today);
  const model = orderListPage(ctx, query, found, totals, await activeSuppliers(ctx.read));
  return page('purchasing/list', ctx.t('purchasing:order.title'), model);
}

async function exportList(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const seesCost = listShowsCost(ctx);
  return exportReply(ctx, {
    name: `${t('purchasing:order.title')}-${ctx.today}`,
    sheet: t('purchasing:order.title'),
    columns: [
      { header: t('purchasing:receipt.number'), type: 'text' },
      { header: t('purchasing:receipt.state'), type: 'text' },
      { header: t('purchasing:receipt.supplier'), type: 'text' },
      { header: t('purchasing:order.store'), type: 'text' },
      { header: t('purchasing:order.orderedOn'), type: 'date' },
      { header: t('purchasing:order.expectedOn'), type: 'date' },
      { header: t('purchasing:order.by'), type: 'text' },
      { header: t('purchasing:order.quantity'), type: 'integer' },
      { header: t('purchasing:order.arrived'), type: 'integer' },
      ...(seesCost ? [{ header: t('purchasing:receipt.gross'), type: 'money' as const }] : []),
    ],
    query: readListQuery(ORDER_LIST, ctx.query),
    load: (query) => orderRows(ctx.read, ctx.actor, query, ctx.store?.id ?? null, ctx.today),
    toRow: (row) => [
      row.number,
      t(`purchasing:order.state.${row.state}`),
      row.supplierName,
      row.storeName,
      row.orderedOn,
      row.expectedOn,
      row.createdByName,
      row.quantity,
      row.received,
      ...(seesCost ? [row.amountFen] : []),
    ],
  });
}
