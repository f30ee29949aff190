import { type Ctx, page, type Reply, type Route } from '../../../platform/http';
import { exportReply } from '../../../platform/lists';
import { seesCostIn } from '../../../platform/permissions';
import { hasRunningBalance, movementList } from '../queries/movement-list';
import { movementQuery } from './filters';
import { movementColumns, movementListPage, movementRow, withBalances } from './movement-list.page';

const access = { permission: 'inventory.stock.view' };

export const movementRoutes: readonly Route[] = [
  { method: 'get', path: '/inventory/movements', access, handler: showMovements },
  { method: 'get', path: '/inventory/movements.xlsx', access, handler: exportMovements },
];

async function showMovements(ctx: Ctx): Promise<Reply> {
  const { query, filter } = movementQuery(ctx);
  return page('inventory/movement-list', ctx.t('inventory:movement.list'), await movementListPage(ctx, query, filter));
}

function exportMovements(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const { query, filter } = movementQuery(ctx);
  const running = hasRunningBalance(filter);
  const seesCost = seesCostIn(ctx.actor, filter.scope, filter.storeId);
  return Promise.resolve(
    exportReply(ctx, {
      name: `${t('inventory:movement.list')}-${ctx.today}`,
      sheet: t('inventory:movement.list'),
      columns: movementColumns(ctx, running, seesCost),
      query,
      load: async (at) => withBalances(ctx, filter, await movementList(ctx.read, at, filter)),
      toRow: (row) => movementRow(ctx, row, running, seesCost),
    }),
  );
}
