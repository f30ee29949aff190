import { type Ctx, page, type Reply, type Route } from '../../../platform/http';
import { exportReply, pageOf, readListQuery } from '../../../platform/lists';
import { listStores } from '../../organization';
import { TRANSFER_LIST, transferRows, transferTotals } from '../queries/transfer-list';
import { openPieces, transferListPage } from './transfer-list.page';

const access = { permission: 'inventory.transfer.view' };

export const transferListRoutes: readonly Route[] = [
  { method: 'get', path: '/inventory/transfers', access, handler: list },
  { method: 'get', path: '/inventory/transfers.xlsx', access, handler: exportList },
];

async function list(ctx: Ctx): Promise<Reply> {
  const query = readListQuery(TRANSFER_LIST, ctx.query);
  const storeId = ctx.store?.id ?? null;
  const found = pageOf(query, await transferRows(ctx.read, ctx.actor, query, storeId, ctx.today));
  const totals = await transferTotals(ctx.read, ctx.actor, query, storeId, ctx.today);
  const model = transferListPage(ctx, query, found, totals, await listStores(ctx.read));
  return page('inventory/transfer-list', ctx.t('inventory:transfer.title'), model);
}

function exportList(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const storeId = ctx.store?.id ?? null;
  return Promise.resolve(
    exportReply(ctx, {
      name: `${t('inventory:transfer.title')}-${ctx.today}`,
      sheet: t('inventory:transfer.title'),
      columns: [
        { header: t('inventory:transfer.number'), type: 'text', width: 22 },
        { header: t('inventory:device.state'), type: 'text' },
        { header: t('inventory:transfer.from_store'), type: 'text' },
        { header: t('inventory:transfer.fromPlace'), type: 'text' },
        { header: t('inventory:transfer.to_store'), type: 'text' },
        { header: t('inventory:transfer.toPlace'), type: 'text' },
        { header: t('inventory:transfer.businessDate'), type: 'date' },
        { header: t('inventory:transfer.expectedOn'), type: 'date' },
        { header: t('inventory:transfer.wanted'), type: 'integer' },
        { header: t('inventory:transfer.sent'), type: 'integer' },
        { header: t('inventory:transfer.received'), type: 'integer' },
        { header: t('inventory:transfer.returned'), type: 'integer' },
        { header: t('inventory:transfer.lost'), type: 'integer' },
        { header: t('inventory:transfer.onTheWay'), type: 'integer' },
        { header: t('inventory:transfer.sentAt'), type: 'datetime' },
        { header: t('inventory:transfer.doneAt'), type: 'datetime' },
      ],
      query: readListQuery(TRANSFER_LIST, ctx.query),
      load: (at) => transferRows(ctx.read, ctx.actor, at, storeId, ctx.today),
      toRow: (row) => [
        row.number,
        t(`inventory:transfer.state.${row.state}`),
        row.fromStoreName,
        row.fromLocationName,
        row.toStoreName,
        row.toLocationName,
        row.businessDate,
        row.expectedOn,
        row.quantity,
        row.sent,
        row.received,
        row.returned,
        row.lost,
        openPieces(row),
        row.sentAt,
        row.doneAt,
      ],
    }),
  );
}
