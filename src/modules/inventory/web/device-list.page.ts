import { type BusinessDate, daysBetween, fen, splitTax } from '../../../kernel';
import { shownNumbers } from '../../../ledger';
import type { Ctx } from '../../../platform/http';
import { exportAction, listHref, type ListQuery, pageOf, sortLink } from '../../../platform/lists';
import { seesCostIn } from '../../../platform/permissions';
import { type CellParts, type List, type PageHead, stateLabel, type TableColumn } from '../../../platform/views';
import { pricesOf } from '../../pricing';
import { ageTone, deviceStatus } from '../domain/device-status';
import { withAgreedCosts } from '../queries/consigned-terms';
import type { DeviceFilter, DeviceListRow, DeviceView } from '../queries/device-list';
import { DEVICE_VIEWS, deviceList, deviceTotals, oldDeviceCount, stockCounts } from '../queries/device-list';
import { usedWords } from './device-used.page';
import { chipsOf, type DeviceChoices, fieldsOf } from './device-filters';

export interface DeviceListPage {
  head: PageHead;
  list: List;
}

/** A device as the list and the export show it. `marginFen` is what the asked price would leave, without tax. */
export interface ListedDevice extends DeviceListRow {
  imei: string;
  ageDays: number | null;
  askFen: number | null;
  marginFen: number | null;
}

/**
 * Adds number, age and price to the rows of a page: two set queries for all of them, and one where some are on consignment: they
 * cost what was agreed.
 */
export async function withNumbersAndPrices(
  ctx: Pick<Ctx, 'read' | 'today' | 'now'>,
  found: readonly DeviceListRow[],
): Promise<ListedDevice[]> {
  const rows = await withAgreedCosts(ctx.read, found);
  const numbers = await shownNumbers(
    ctx.read,
    rows.map(({ id }) => id),
  );
  const storeIds = [...new Set(rows.map(({ storeId }) => storeId))];
  const prices = new Map<string, number>();
  for (const storeId of storeIds) {
    const skuIds = rows.filter((row) => row.storeId === storeId).map(({ skuId }) => skuId);
    for (const [skuId, { priceFen }] of await pricesOf(ctx.read, skuIds, { storeId, at: ctx.now, on: ctx.today }))
      prices.set(`${storeId}/${skuId}`, priceFen);
  }
  return rows.map((row) => {
    const askFen = row.priceFen ?? prices.get(`${row.storeId}/${row.skuId}`) ?? null;
    const inStock = row.state === 'in_stock' || row.state === 'in_transit';
    return {
      ...row,
      imei: numbers.get(row.id) ?? '',
      ageDays: inStock && row.stockedOn ? daysBetween(row.stockedOn as BusinessDate, ctx.today) : null,
      askFen,
      marginFen:
        askFen === null || row.ownership === 'borrowed'
          ? null
          : splitTax(fen(askFen), row.taxRateBp).netFen - row.costFen,
    };
  });
}

export async function deviceListPage(
  ctx: Ctx,
  query: ListQuery,
  filter: DeviceFilter,
  choices: DeviceChoices,
): Promise<DeviceListPage> {
  const { read, t } = ctx;
  const seesCost = seesCostIn(ctx.actor, filter.scope, filter.storeId);
  const page = pageOf(query, await deviceList(read, query, filter));
  const devices = await withNumbersAndPrices(ctx, page.rows);
  const counts = await stockCounts(read, filter.scope, filter.storeId);
  const old = await oldDeviceCount(read, filter.scope, filter.storeId, ctx.today);
  const totals = filter.view === 'all' || filter.view === 'sold' ? undefined : await deviceTotals(read, filter);
  const columns = columnsOf(ctx, query, seesCost);
  const filtered = Object.keys(query.filters).some((name) => name !== 'view');
  const clearHref = listHref(query, {
    q: null,
    store: null,
    brand: null,
    category: null,
    age: null,
    sku: null,
    product: null,
    supplier: null,
    grade: null,
    battery: null,
    priceFrom: null,
    priceTo: null,
  });
  const counted: Partial<Record<DeviceView, number>> = {
    stock: counts.sellable + counts.demo + counts.defective + counts.quarantine + counts.in_transit,
    sellable: counts.sellable,
    old: old.count,
    transit: counts.in_transit,
    demo: counts.demo,
    defective: counts.defective,
    quarantine: counts.quarantine,
  };
  const tabs = DEVICE_VIEWS.map((view) => ({
    label: t(`inventory:device.view.${view}`),
    href: listHref(query, { view: view === 'stock' ? null : view, sort: null, direction: null }),
    ...(counted[view] === undefined ? {} : { count: counted[view] }),
    current: view === filter.view,
  }));
  return {
    head: {
      title: t('inventory:device.list'),
      say: ctx.store?.name ?? t('common:frame.allStores'),
      actions: [
        exportAction(ctx, query),
        ...(devices.length > 0
          ? [
              {
                look: 'quiet' as const,
                icon: 'barcode' as const,
                label: t('inventory:device.labels'),
                href: forAll(query, '/inventory/devices/labels'),
                wideOnly: true,
              },
            ]
          : []),
        ...(ctx.can('inventory.price.change') && devices.length > 0 && filter.view !== 'sold'
          ? [
              {
                look: 'plain' as const,
                icon: 'tag' as const,
                label: t('inventory:price.bulk'),
                href: forAll(query, '/inventory/prices/new'),
              },
            ]
          : []),
        ...(ctx.can('purchasing.receipt.create')
          ? [
              {
                look: 'primary' as const,
                icon: 'truck-loading' as const,
                label: t('inventory:device.receive'),
                href: '/purchasing/receipts/new',
              },
            ]
          : []),
      ],
    },
    list: {
      filtered,
      clearHref,
      tabs: { label: t('common:list.views'), tabs },
      filters: {
        action: '/inventory/devices',
        text: { name: 'q', value: query.filters.q ?? '', label: t('inventory:device.find') },
        keep: filter.view === 'stock' ? {} : { view: filter.view },
        chips: chipsOf(ctx, query, choices),
        fields: fieldsOf(ctx, query, filter, choices),
        columns: {
          key: 'inventory-devices',
          tableId: 'devices',
          columns: columns
            .filter(({ optional }) => optional)
            .map(({ key, label, shown }) => ({ key, label, shown: shown ?? true })),
        },
      },
      batch: {
        actions: [
          { label: t('inventory:device.labels'), href: '/inventory/devices/labels', icon: 'barcode' },
          ...(ctx.can('inventory.price.change')
            ? [{ label: t('inventory:price.new'), href: '/inventory/prices/picked', icon: 'tag' as const }]
            : []),
        ],
      },
      table: {
        id: 'devices',
        pick: { name: 'device' },
        caption: t('inventory:device.list'),
        sticky: true,
        tight: true,
        columns,
        rows: devices.map((device) => ({ id: device.id, label: device.imei, cells: cellsOf(ctx, device, seesCost) })),
        ...(totals
          ? {
              totals: [
                { text: t('inventory:device.total', { count: totals.count }), strong: true },
                ...columns
                  .slice(1)
                  .map((column) =>
                    column.key === 'cost' ? { text: ctx.f.money(totals.costFen), strong: true } : null,
                  ),
              ],
            }
          : {}),
      },
      pager: {
        say: t(seesCost ? 'inventory:device.sayCost' : 'inventory:device.say', { count: devices.length }),
        ...(totals ? { phoneSay: t('inventory:device.total', { count: totals.count }) } : {}),
        ...(page.previousHref ? { previousHref: page.previousHref } : {}),
        ...(page.nextHref ? { nextHref: page.nextHref } : {}),
        sizes: [20, 50, 100, 200].map((size) => ({
          label: String(size),
          href: listHref(query, { size }),
          current: size === query.size,
        })),
      },
      empty: {
        title: t('inventory:device.emptyTitle'),
        text: t('inventory:device.emptyText'),
        ...(ctx.can('purchasing.receipt.create')
          ? {
              action: {
                label: t('inventory:device.receive'),
                href: '/purchasing/receipts/new',
                look: 'primary' as const,
              },
            }
          : {}),
      },
    },
  };
}

/** The address of something that is done with all that this list shows, on all its pages. */
function forAll({ filters }: ListQuery, path: string): string {
  const given = Object.entries(filters).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return `${path}?${new URLSearchParams(given).toString()}`;
}

function columnsOf(ctx: Ctx, query: ListQuery, seesCost: boolean): TableColumn[] {
  const { t } = ctx;
  const sortable = (key: string) => (query.spec.sorts[key] ? { sort: sortLink(query, key) } : {});
  // Age runs against the date it is computed from: the first in time is the oldest.
  const ageSort = query.spec.sorts.age ? sortLink(query, 'age') : undefined;
  const ageArrow = ageSort?.direction && {
    direction: ageSort.direction === 'ascending' ? ('descending' as const) : ('ascending' as const),
  };
  return [
    { key: 'product', label: t('inventory:device.product'), card: 'title', ...sortable('name') },
    { key: 'state', label: t('inventory:device.state'), card: 'state' },
    { key: 'imei', label: t('inventory:device.imei'), card: 'full' },
    { key: 'place', label: t('inventory:device.place'), card: 'full', optional: true, shown: true },
    {
      key: 'age',
      label: t('inventory:device.age'),
      num: true,
      card: 'number',
      ...(ageSort ? { sort: { href: ageSort.href, ...ageArrow } } : {}),
    },
    { key: 'stocked', label: t('inventory:device.stocked'), card: 'hide', optional: true, shown: true },
    ...(seesCost
      ? [
          {
            key: 'cost',
            label: t('inventory:device.cost'),
            num: true,
            card: 'number' as const,
            optional: true,
            shown: true,
            ...sortable('cost'),
          },
        ]
      : []),
    { key: 'price', label: t('inventory:device.price'), num: true, card: 'number', optional: true, shown: true },
    ...(seesCost
      ? [
          {
            key: 'margin',
            label: t('inventory:device.margin'),
            num: true,
            card: 'hide' as const,
            optional: true,
            shown: true,
          },
        ]
      : []),
  ];
}

/** What is not ours says whose it is; its agreed price is no value of ours. */
const costCell = ({ t, f }: Ctx, { ownership, costFen }: ListedDevice): CellParts | string =>
  ownership === 'consigned' || ownership === 'borrowed'
    ? { text: ownership === 'consigned' ? f.money(costFen) : '', sub: t(`ledger:ownership.${ownership}`) }
    : f.money(costFen);

function cellsOf(ctx: Ctx, device: ListedDevice, seesCost: boolean): (CellParts | string | null)[] {
  const { t, f } = ctx;
  const status = deviceStatus(device.state, device.bucket);
  const tone = device.ageDays === null ? undefined : ageTone(device.ageDays);
  return [
    {
      text: device.skuName,
      strong: true,
      href: `/inventory/devices/${device.id}`,
      ...(usedWords(device) ? { sub: usedWords(device) } : {}),
    },
    { state: stateLabel(t, status) },
    { imei: device.imei, href: `/inventory/devices/${device.id}` },
    [device.storeName, device.locationName].filter(Boolean).join(' '),
    device.ageDays === null
      ? null
      : { text: t('inventory:device.days', { count: device.ageDays }), ...(tone ? { tone, strong: true } : {}) },
    device.stockedOn ? f.date(device.stockedOn) : null,
    ...(seesCost ? [costCell(ctx, device)] : []),
    device.askFen === null ? null : f.money(device.askFen),
    ...(seesCost ? [device.marginFen === null ? null : f.money(device.marginFen)] : []),
  ];
}
