import { type Ctx, page, type Reply, type Route } from '../../../platform/http';
import { exportReply, pageOf, readListQuery } from '../../../platform/lists';
import { RETURN_LIST, returnRows, returnTotalsByState } from '../queries/return-list';
import { activeSuppliers } from '../queries/suppliers';
import { returnListPage, returnListShowsCost } from './return-list.page';

const view = { permission: 'purchasing.return.view' };

export const returnListRoutes: readonly Route[] = [
  { method: 'get', path: '/purchasing/returns', access: view, handler: list },
  { method: 'get', path: '/purchasing/returns.xlsx', access: view, handler: exportList },
];

async function list(ctx: Ctx): Promise<Reply> {
  const query = readListQuery(RETURN_LIST, ctx.query);
  const storeId = ctx.store?.id ?? null;
  const found = pageOf(query, await returnRows(ctx.read, ctx.actor, query, storeId));
  const totals = await returnTotalsByState(ctx.read, ctx.actor, query, storeId);
  const model = returnListPage(ctx, query, found, totals, await activeSuppliers(ctx.read));
  return page('purchasing/list', ctx.t('purchasing:return.title'), model);
}

async function exportList(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const seesCost = returnListShowsCost(ctx);
  return exportReply(ctx, {
    name: `${t('purchasing:return.title')}-${ctx.today}`,
    sheet: t('purchasing:return.title'),
    columns: [
      { header: t('purchasing:receipt.number'), type: 'text' },
      { header: t('purchasing:receipt.state'), type: 'text' },
      { header: t('purchasing:receipt.supplier'), type: 'text' },
      { header: t('purchasing:receipt.store'), type: 'text' },
      { header: t('purchasing:receipt.businessDate'), type: 'date' },
      { header: t('purchasing:return.reason'), type: 'text' },
      { header: t('purchasing:return.settle'), type: 'text' },
      { header: t('purchasing:return.quantity'), type: 'integer' },
      { header: t('purchasing:return.replaced'), type: 'integer' },
      { header: t('purchasing:return.foreignPieces'), type: 'integer' },
      { header: t('purchasing:return.by'), type: 'text' },
      { header: t('purchasing:return.creditNoteNumber'), type: 'text' },
      { header: t('purchasing:return.creditNoteOn'), type: 'date' },
      ...(seesCost
        ? [
            { header: t('purchasing:return.agreed'), type: 'money' as const },
            { header: t('purchasing:return.cost'), type: 'money' as const },
          ]
        : []),
    ],
    query: readListQuery(RETURN_LIST, ctx.query),
    load: (query) => returnRows(ctx.read, ctx.actor, query, ctx.store?.id ?? null),
    toRow: (row) => [
      row.number,
      t(`common:state.${row.state}`),
      row.supplierName,
      row.storeName,
      row.businessDate,
      row.reason,
      t(row.exchange ? 'purchasing:return.byExchange' : 'purchasing:return.byMoney'),
      row.quantity,
      row.replaced,
      row.foreignPieces,
      row.createdByName,
      row.creditNoteNumber,
      row.creditNoteOn,
      ...(seesCost ? [row.grossFen, row.costFen] : []),
    ],
  });
}
