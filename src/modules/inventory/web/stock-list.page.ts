import { BUCKETS } from '../../../ledger';
import type { Ctx } from '../../../platform/http';
import { exportAction, listHref, type ListQuery, pageOf, sortLink } from '../../../platform/lists';
import { seesCostIn } from '../../../platform/permissions';
import { type List, type PageHead, stateLabel, type TableColumn } from '../../../platform/views';
import { deviceStatus } from '../domain/device-status';
import { type StockFilter, stockList, type StockRow, stockTotals } from '../queries/stock-list';

export interface StockListPage {
  head: PageHead;
  list: List;
}

export const bucketStatus = (bucket: (typeof BUCKETS)[number]) =>
  deviceStatus(bucket === 'in_transit' ? 'in_transit' : 'in_stock', bucket);

/** Number and expiry of the batch that a balance is of. */
export const batchWords = ({ t, f }: Pick<Ctx, 't' | 'f'>, { batchCode, expiresOn }: StockRow): string[] => [
  ...(batchCode ? [t('inventory:stock.batch', { code: batchCode })] : []),
  ...(expiresOn ? [t('inventory:stock.expires', { date: f.date(expiresOn) })] : []),
];

/** What brought this balance about. */
const movementsOf = ({ storeId, locationId, skuId, bucket }: StockRow): string =>
  `/inventory/movements?store=${storeId}&location=${locationId}&sku=${skuId}&bucket=${bucket}`;

export async function stockListPage(ctx: Ctx, query: ListQuery, filter: StockFilter): Promise<StockListPage> {
  const { t, f } = ctx;
  const seesCost = seesCostIn(ctx.actor, filter.scope, filter.storeId);
  const page = pageOf(query, await stockList(ctx.read, query, filter));
  const totals = await stockTotals(ctx.read, filter);
  const columns: TableColumn[] = [
    { key: 'product', label: t('inventory:device.product'), card: 'title', sort: sortLink(query, 'name') },
    { key: 'state', label: t('inventory:device.state'), card: 'state' },
    { key: 'place', label: t('inventory:device.place'), card: 'full' },
    {
      key: 'quantity',
      label: t('inventory:stock.quantity'),
      num: true,
      card: 'number',
      sort: sortLink(query, 'quantity'),
    },
    ...(seesCost
      ? [
          { key: 'unit', label: t('inventory:stock.unitCost'), num: true, card: 'number' as const },
          {
            key: 'value',
            label: t('inventory:stock.value'),
            num: true,
            card: 'number' as const,
            sort: sortLink(query, 'value'),
          },
        ]
      : []),
  ];
  const clearHref = listHref(query, { q: null, store: null, bucket: null, kind: null });
  const storeName = ctx.stores.find(({ id }) => String(id) === query.filters.store)?.name;
  const tabs = ([null, 'devices', 'goods'] as const).map((kind) => ({
    label: t(`inventory:stock.kind.${kind ?? 'all'}`),
    href: listHref(query, { kind }),
    current: filter.kind === kind,
  }));
  return {
    head: {
      title: t('inventory:stock.list'),
      say: ctx.store?.name ?? t('common:frame.allStores'),
      actions: [exportAction(ctx, query)],
    },
    list: {
      filtered: Object.keys(query.filters).length > 0,
      clearHref,
      tabs: { label: t('common:list.views'), tabs },
      filters: {
        action: '/inventory/stock',
        text: { name: 'q', value: query.filters.q ?? '', label: t('inventory:stock.find') },
        keep: filter.kind ? { kind: filter.kind } : {},
        chips: [
          ...(storeName ? [{ label: storeName, removeHref: listHref(query, { store: null }) }] : []),
          ...(filter.bucket
            ? [{ label: t(`inventory:bucket.${filter.bucket}`), removeHref: listHref(query, { bucket: null }) }]
            : []),
        ],
        fields: [
          {
            name: 'store',
            label: t('inventory:device.store'),
            type: 'select',
            value: query.filters.store ?? '',
            options: ctx.stores.map(({ id, name }) => ({ value: id, label: name })),
            choose: t('common:frame.allStores'),
          },
          {
            name: 'bucket',
            label: t('inventory:device.state'),
            type: 'select',
            value: filter.bucket ?? '',
            options: BUCKETS.map((bucket) => ({ value: bucket, label: t(`inventory:bucket.${bucket}`) })),
            choose: t('inventory:stock.allBuckets'),
          },
        ],
      },
      table: {
        id: 'stock',
        caption: t('inventory:stock.list'),
        sticky: true,
        columns,
        rows: page.rows.map((row) => ({
          id: row.id,
          label: row.skuName,
          cells: [
            {
              text: row.skuName,
              strong: true,
              sub: [row.skuCode, ...batchWords(ctx, row)].join(' · '),
              href: row.byDevice ? `/inventory/devices?sku=${row.skuId}` : `/catalog/products/${row.productId}`,
            },
            { state: stateLabel(t, bucketStatus(row.bucket)) },
            `${row.storeName} ${row.locationName}`,
            { text: f.number(row.quantity), href: movementsOf(row) },
            ...(seesCost ? [f.money(Math.round(row.valueFen / row.quantity)), f.money(row.valueFen)] : []),
          ],
        })),
        totals: [
          { text: t('inventory:stock.total'), strong: true },
          null,
          null,
          { text: f.number(totals.quantity), strong: true },
          ...(seesCost ? [null, { text: f.money(totals.valueFen), strong: true }] : []),
        ],
      },
      pager: {
        say: t('inventory:stock.say', { count: page.rows.length }),
        phoneSay: t('inventory:stock.totalOf', { count: totals.quantity }),
        ...(page.previousHref ? { previousHref: page.previousHref } : {}),
        ...(page.nextHref ? { nextHref: page.nextHref } : {}),
      },
      empty: { title: t('inventory:stock.emptyTitle'), text: t('inventory:device.emptyText') },
    },
  };
}
