import { type Ctx, documentHref } from '../../../platform/http';
import { exportAction, listHref, type ListPage, type ListQuery, stateTabs } from '../../../platform/lists';
import type { List, PageHead } from '../../../platform/views';
import { type ConsignedListRow, type ConsignedTotal, LISTED_STATES, type ListedState } from '../queries/consigned-list';
import { consignmentsShowCost, nameIn, whereFields } from './consignment-list.page';
import { CONSIGNED, consignedState, consignmentCrumbs, consignmentHref } from './consignment-words';

export interface ConsignedListInput {
  query: ListQuery;
  found: ListPage<ConsignedListRow>;
  totals: ReadonlyMap<ListedState, ConsignedTotal>;
  suppliers: readonly { id: number; name: string }[];
}

/** Every device that suppliers left here, and how far each is. */
export function consignedListPage(ctx: Ctx, input: ConsignedListInput): { head: PageHead; list: List } {
  const { t } = ctx;
  const { query, found, totals } = input;
  const seesCost = consignmentsShowCost(ctx);
  return {
    head: {
      title: t('purchasing:consigned.title'),
      say: ctx.store?.name ?? t('common:frame.allStores'),
      crumbs: consignmentCrumbs(ctx),
      actions: [exportAction(ctx, query)],
    },
    list: {
      tabs: stateTabs(ctx, query, LISTED_STATES, {
        label: (state) => t(state ? `purchasing:consigned.state.${state}` : 'purchasing:receipt.tab.all'),
        count: (state) => totals.get(state)?.devices ?? 0,
      }),
      filters: filtersOf(ctx, input),
      table: {
        id: 'consigned',
        caption: t('purchasing:consigned.title'),
        sticky: true,
        columns: [
          { key: 'product', label: t('purchasing:receipt.product'), card: 'title' },
          { key: 'imei', label: t('purchasing:consigned.number'), card: 'full' },
          { key: 'state', label: t('purchasing:receipt.state'), card: 'state' },
          { key: 'supplier', label: t('purchasing:receipt.supplier'), card: 'full' },
          { key: 'store', label: t('purchasing:receipt.store'), card: 'hide' },
          { key: 'received', label: t('purchasing:consigned.receivedOn'), card: 'number' },
          { key: 'days', label: t('purchasing:consigned.days'), num: true, card: 'number' },
          { key: 'source', label: t('purchasing:consigned.source'), card: 'full' },
          ...(seesCost
            ? [{ key: 'price', label: t('purchasing:consignment.price'), num: true, card: 'number' as const }]
            : []),
        ],
        rows: found.rows.map((row) => ({ id: row.id, label: row.mainNumber, cells: cells(ctx, row, seesCost) })),
        ...(seesCost ? { totals: sums(ctx, input) } : {}),
      },
      pager: {
        say: t('purchasing:consigned.say', { count: found.rows.length }),
        ...(found.previousHref ? { previousHref: found.previousHref } : {}),
        ...(found.nextHref ? { nextHref: found.nextHref } : {}),
      },
      empty: { title: t('purchasing:consigned.empty'), text: t('purchasing:consigned.emptyHint') },
      filtered: Object.keys(query.filters).length > 0,
      clearHref: CONSIGNED,
    },
  };
}

type Cells = List['table']['rows'][number]['cells'];

function cells(ctx: Ctx, row: ConsignedListRow, seesCost: boolean): Cells {
  const { t, f } = ctx;
  const lost = row.state === 'here' && row.deviceState === 'missing';
  return [
    {
      text: row.skuName,
      sub: row.skuCode,
      strong: true,
      ...(ctx.can('inventory.device.view') ? { href: `/inventory/devices/${row.deviceId}` } : {}),
    },
    { imei: row.mainNumber },
    lost
      ? { text: t('purchasing:consigned.missing'), tone: 'bad' as const }
      : { state: consignedState(ctx, row.state) },
    row.supplierName,
    row.storeName,
    { text: f.date(row.receivedOn), sub: row.receiptNumber, href: consignmentHref(row.receiptId) },
    row.state === 'here' ? f.number(row.days) : '',
    row.state !== 'here' && row.sourceType !== null && row.sourceId !== null
      ? {
          text: row.sourceNumber ?? '',
          href: documentHref(row.sourceType, row.sourceId),
          ...(row.sourceOn === null ? {} : { sub: f.date(row.sourceOn) }),
        }
      : '',
    ...(seesCost ? [f.money(row.priceFen)] : []),
  ];
}

function sums({ t, f }: Ctx, { query, totals }: ConsignedListInput): Cells {
  const asked = LISTED_STATES.filter((state) => !query.filters['state'] || query.filters['state'] === state);
  const sum = asked.reduce((total, state) => total + (totals.get(state)?.grossFen ?? 0), 0);
  const count = asked.reduce((total, state) => total + (totals.get(state)?.devices ?? 0), 0);
  const text = t('purchasing:consigned.total', { count: f.number(count) });
  return [{ text }, null, null, null, null, null, null, null, f.money(sum)];
}

function filtersOf(ctx: Ctx, { query, suppliers }: ConsignedListInput): NonNullable<List['filters']> {
  const { t } = ctx;
  const { filters } = query;
  const chip = (name: string, label: string | undefined) =>
    filters[name] && label ? [{ label, removeHref: listHref(query, { [name]: null }) }] : [];
  return {
    action: CONSIGNED,
    text: { name: 'q', value: filters['q'] ?? '', label: t('purchasing:consigned.find') },
    keep: filters['state'] ? { state: filters['state'] } : {},
    chips: [
      ...chip('supplier', nameIn(suppliers, filters['supplier'])),
      ...chip('store', nameIn(ctx.stores, filters['store'])),
      ...chip('days', t('purchasing:consigned.olderThan', { count: Number(filters['days'] ?? 0) })),
    ],
    fields: [
      ...whereFields(ctx, query, suppliers),
      {
        name: 'days',
        label: t('purchasing:consigned.atLeastDays'),
        type: 'number',
        value: filters['days'] ?? '',
      },
    ],
  };
}
