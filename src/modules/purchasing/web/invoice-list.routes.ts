import { type Ctx, page, type Reply, type Route } from '../../../platform/http';
import { exportReply, pageOf, readListQuery } from '../../../platform/lists';
import { INVOICE_LIST, invoiceRows, invoiceTotalsByState, VIEW_INVOICES } from '../queries/invoice-list';
import { activeSuppliers } from '../queries/suppliers';
import { invoiceListPage } from './invoice-list.page';

const view = { permission: VIEW_INVOICES };

export const invoiceListRoutes: readonly Route[] = [
  { method: 'get', path: '/purchasing/invoices', access: view, handler: list },
  { method: 'get', path: '/purchasing/invoices.xlsx', access: view, handler: exportList },
];

async function list(ctx: Ctx): Promise<Reply> {
  const query = readListQuery(INVOICE_LIST, ctx.query);
  const storeId = ctx.store?.id ?? null;
  const found = pageOf(query, await invoiceRows(ctx.read, ctx.actor, query, storeId, ctx.today));
  const totals = await invoiceTotalsByState(ctx.read, ctx.actor, query, storeId, ctx.today);
  const model = invoiceListPage(ctx, query, found, totals, await activeSuppliers(ctx.read));
  return page('purchasing/list', ctx.t('purchasing:invoice.title'), model);
}

async function exportList(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  return exportReply(ctx, {
    name: `${t('purchasing:invoice.title')}-${ctx.today}`,
    sheet: t('purchasing:invoice.title'),
    columns: [
      { header: t('purchasing:receipt.number'), type: 'text' },
      { header: t('purchasing:receipt.state'), type: 'text' },
      { header: t('purchasing:receipt.supplier'), type: 'text' },
      { header: t('purchasing:invoice.storeId'), type: 'text' },
      { header: t('purchasing:invoice.invoiceNumber'), type: 'text', width: 24 },
      { header: t('purchasing:invoice.invoicedOn'), type: 'date' },
      { header: t('purchasing:invoice.dueOn'), type: 'date' },
      { header: t('purchasing:invoice.quantity'), type: 'integer' },
      { header: t('purchasing:receipt.gross'), type: 'money' },
      { header: t('purchasing:invoice.tax'), type: 'money' },
      { header: t('purchasing:invoice.open'), type: 'money' },
      { header: t('purchasing:return.by'), type: 'text' },
    ],
    query: readListQuery(INVOICE_LIST, ctx.query),
    load: (query) => invoiceRows(ctx.read, ctx.actor, query, ctx.store?.id ?? null, ctx.today),
    toRow: (row) => [
      row.number,
      t(`purchasing:invoice.state.${row.state}`),
      row.supplierName,
      row.storeName,
      row.invoiceNumber,
      row.invoicedOn,
      row.dueOn,
      row.quantity,
      row.grossFen,
      row.taxFen,
      row.openFen,
      row.createdByName,
    ],
  });
}
