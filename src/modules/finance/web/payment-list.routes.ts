import { type Ctx, page, type Reply, type Route } from '../../../platform/http';
import { exportReply, pageOf, readListQuery } from '../../../platform/lists';
import { PAYMENT_LIST, paymentRows, paymentTotalsByState } from '../queries/payment-list';
import { supplierNames, VIEW_PAYMENTS } from '../queries/scope';
import { paymentListPage } from './payment-list.page';

const view = { permission: VIEW_PAYMENTS };

export const paymentListRoutes: readonly Route[] = [
  { method: 'get', path: '/finance/payments', access: view, handler: list },
  { method: 'get', path: '/finance/payments.xlsx', access: view, handler: exportList },
];

async function list(ctx: Ctx): Promise<Reply> {
  const query = readListQuery(PAYMENT_LIST, ctx.query);
  const storeId = ctx.store?.id ?? null;
  const found = pageOf(query, await paymentRows(ctx.read, ctx.actor, query, storeId));
  const totals = await paymentTotalsByState(ctx.read, ctx.actor, query, storeId);
  const model = paymentListPage(ctx, query, found, totals, await supplierNames(ctx.read));
  return page('finance/list', ctx.t('finance:payment.title'), model);
}

async function exportList(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const text = (key: string) => ({ header: t(`finance:payment.${key}`), type: 'text' as const });
  const money = (key: string) => ({ header: t(`finance:payment.${key}`), type: 'money' as const });
  return exportReply(ctx, {
    name: `${t('finance:payment.title')}-${ctx.today}`,
    sheet: t('finance:payment.title'),
    columns: [
      text('number'),
      text('stateLabel'),
      text('supplier'),
      text('store'),
      { header: t('finance:payment.businessDate'), type: 'date' },
      text('account'),
      money('amount'),
      money('payable'),
      money('credit'),
      text('reference'),
      text('by'),
      text('approvedBy'),
    ],
    query: readListQuery(PAYMENT_LIST, ctx.query),
    load: (query) => paymentRows(ctx.read, ctx.actor, query, ctx.store?.id ?? null),
    toRow: (row) => [
      row.number,
      t(`finance:payment.state.${row.state}`),
      row.supplierName,
      row.storeName,
      row.businessDate,
      t(`finance:account.${row.account}`),
      row.amountFen,
      row.payableFen,
      row.creditFen,
      row.reference,
      row.createdByName,
      row.approvedByName,
    ],
  });
}
