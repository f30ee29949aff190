import { type Ctx, page, type Reply } from '../../../platform/http';
import { exportAction, exportReply, listHref, type ListQuery, pageOf, readListQuery } from '../../../platform/lists';
import type { Cell } from '../../../platform/views';
import { BATCH_LIST, BATCH_VIEWS, type BatchFilter, batchList, type BatchRow, SOON_DAYS } from '../queries/batches';
import { placesOf, storeChip, storeField } from './batch-filter';

function listFilter(ctx: Ctx, { filters }: ListQuery): BatchFilter {
  const view = BATCH_VIEWS.find((one) => one === filters['view']) ?? 'stock';
  return { ...placesOf(ctx), text: filters['q'] ?? '', view, today: ctx.today };
}

/** An expiry that has passed is red. */
function expiryCell({ f, t, today }: Ctx, { expiresOn }: Pick<BatchRow, 'expiresOn'>): Cell {
  if (expiresOn === null) return null;
  if (expiresOn < today)
    return { text: f.date(expiresOn), tone: 'bad', strong: true, aside: t('reporting:batch.past') };
  return f.date(expiresOn);
}

export async function showBatches(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const query = readListQuery(BATCH_LIST, ctx.query);
  const filter = listFilter(ctx, query);
  const found = pageOf(query, await batchList(ctx.read, query, filter));
  return page('reporting/stock-list', t('reporting:menu.batches'), {
    head: {
      title: t('reporting:menu.batches'),
      say: ctx.store?.name ?? t('common:frame.allStores'),
      actions: [exportAction(ctx, query)],
    },
    list: {
      tabs: {
        label: t('common:list.views'),
        tabs: BATCH_VIEWS.map((view) => ({
          label: t(`reporting:batch.view.${view}`, { days: SOON_DAYS }),
          href: listHref(query, { view: view === 'stock' ? null : view }),
          current: view === filter.view,
        })),
      },
      filters: {
        action: '/reporting/batches',
        text: { name: 'q', value: filter.text, label: t('reporting:batch.find') },
        keep: filter.view === 'stock' ? {} : { view: filter.view },
        chips: storeChip(ctx, query),
        fields: [storeField(ctx)],
      },
      table: {
        id: 'batches',
        caption: t('reporting:menu.batches'),
        sticky: true,
        columns: [
          { key: 'code', label: t('reporting:batch.code'), card: 'title' },
          { key: 'product', label: t('reporting:stock.product'), card: 'full' },
          { key: 'expires', label: t('reporting:batch.expiresOn'), card: 'number' },
          { key: 'received', label: t('reporting:batch.receivedOn'), card: 'number' },
          { key: 'pieces', label: t('reporting:batch.pieces'), num: true, card: 'number' },
        ],
        rows: found.rows.map((row) => ({
          id: row.id,
          label: row.code,
          cells: [
            { text: row.code, strong: true, href: `/reporting/batches/${row.id}` },
            { text: row.skuName, sub: row.skuCode },
            expiryCell(ctx, row),
            f.date(row.receivedOn),
            f.number(row.pieces),
          ],
        })),
      },
      pager: {
        say: t('reporting:batch.say', { count: found.rows.length }),
        ...(found.previousHref ? { previousHref: found.previousHref } : {}),
        ...(found.nextHref ? { nextHref: found.nextHref } : {}),
      },
      empty: { title: t('reporting:batch.emptyTitle'), text: t('reporting:batch.emptyText') },
      filtered: Object.keys(query.filters).some((name) => name !== 'view'),
      clearHref: listHref(query, { q: null, store: null }),
    },
  });
}

export function exportBatches(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const query = readListQuery(BATCH_LIST, ctx.query);
  const filter = listFilter(ctx, query);
  return Promise.resolve(
    exportReply(ctx, {
      name: `${t('reporting:menu.batches')}-${ctx.today}`,
      sheet: t('reporting:menu.batches'),
      columns: [
        { header: t('reporting:batch.code'), type: 'text' },
        { header: t('reporting:stock.code'), type: 'text' },
        { header: t('reporting:stock.product'), type: 'text' },
        { header: t('reporting:batch.expiresOn'), type: 'date' },
        { header: t('reporting:batch.receivedOn'), type: 'date' },
        { header: t('reporting:batch.pieces'), type: 'integer' },
      ],
      query,
      load: (at) => batchList(ctx.read, at, filter),
      toRow: (row) => [row.code, row.skuCode, row.skuName, row.expiresOn, row.receivedOn, row.pieces],
    }),
  );
}
