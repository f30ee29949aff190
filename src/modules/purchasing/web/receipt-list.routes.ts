import { type Ctx, page, redirect, type Reply, type Route } from '../../../platform/http';
import { exportReply, pageOf, readListQuery } from '../../../platform/lists';
import { seesCostIn } from '../../../platform/permissions';
import type { ExportColumn } from '../../../platform/spreadsheet';
import { RECEIPT_LIST, receiptRows, receiptTotalsByState } from '../queries/receipt-list';
import { activeSuppliers } from '../queries/suppliers';
import { receiptListPage } from './receipt-list.page';

const view = { permission: 'purchasing.receipt.view' };

export const receiptListRoutes: readonly Route[] = [
  { method: 'get', path: '/purchasing', access: view, handler: async () => redirect('/purchasing/receipts') },
  { method: 'get', path: '/purchasing/receipts', access: view, handler: list },
  { method: 'get', path: '/purchasing/receipts.xlsx', access: view, handler: exportList },
];

async function list(ctx: Ctx): Promise<Reply> {
  const query = readListQuery(RECEIPT_LIST, ctx.query);
  const storeId = ctx.store?.id ?? null;
  const found = pageOf(query, await receiptRows(ctx.read, ctx.actor, query, storeId));
  const totals = await receiptTotalsByState(ctx.read, ctx.actor, query, storeId);
  const model = receiptListPage(ctx, query, found, totals, await activeSuppliers(ctx.read));
  return page('purchasing/list', ctx.t('purchasing:receipt.title'), model);
}

async function exportList(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const money: ExportColumn[] = seesCostIn(ctx.actor, ctx.actor.scope('purchasing.receipt.view'), ctx.store?.id ?? null)
    ? [
        { header: t('purchasing:receipt.net'), type: 'money' },
        { header: t('purchasing:receipt.tax'), type: 'money' },
        { header: t('purchasing:receipt.gross'), type: 'money' },
      ]
    : [];
  return exportReply(ctx, {
    name: `${t('purchasing:receipt.title')}-${ctx.today}`,
    sheet: t('purchasing:receipt.title'),
    columns: [
      { header: t('purchasing:receipt.number'), type: 'text' },
      { header: t('purchasing:receipt.state'), type: 'text' },
      { header: t('purchasing:receipt.businessDate'), type: 'date' },
      { header: t('purchasing:receipt.supplier'), type: 'text' },
      { header: t('purchasing:receipt.place'), type: 'text' },
      { header: t('purchasing:receipt.deliveryNote'), type: 'text' },
      { header: t('purchasing:receipt.quantity'), type: 'integer' },
      { header: t('purchasing:receipt.received'), type: 'integer' },
      { header: t('purchasing:receipt.postedAt'), type: 'datetime' },
      ...money,
    ],
    query: readListQuery(RECEIPT_LIST, ctx.query),
    load: (query) => receiptRows(ctx.read, ctx.actor, query, ctx.store?.id ?? null),
    toRow: (row) => [
      row.number,
      t(`purchasing:receipt.tab.${row.state}`),
      row.businessDate,
      row.supplierName,
      `${row.storeName} ${row.locationName}`,
      row.deliveryNote,
      row.quantity,
      row.received,
      row.postedAt,
      ...(money.length > 0 ? [row.netFen, row.taxFen, row.grossFen] : []),
    ],
  });
}
