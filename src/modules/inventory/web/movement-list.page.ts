import { BUCKETS } from '../../../ledger';
import { type Ctx, documentHref } from '../../../platform/http';
import { exportAction, listHref, type ListQuery, pageOf } from '../../../platform/lists';
import { seesCostIn } from '../../../platform/permissions';
import type { ExportColumn, ExportRow } from '../../../platform/spreadsheet';
import { type Cell, type Field, type List, type PageHead, stateLabel, type TableColumn } from '../../../platform/views';
import { skusByIds } from '../../catalog';
import { locationsOf } from '../../organization';
import {
  hasRunningBalance,
  type MovementFilter,
  movementList,
  type MovementRow,
  movementTotals,
  runningBalances,
  STOCK_DOCUMENTS,
} from '../queries/movement-list';
import { bucketStatus } from './stock-list.page';

export interface MovementListPage {
  head: PageHead;
  list: List;
}

export interface ListedMovement extends MovementRow {
  /** Pieces that were there afterwards; null where the filter names no SKU. */
  balance: number | null;
}

export async function movementListPage(ctx: Ctx, query: ListQuery, filter: MovementFilter): Promise<MovementListPage> {
  const { t } = ctx;
  const seesCost = seesCostIn(ctx.actor, filter.scope, filter.storeId);
  const found = pageOf(query, await movementList(ctx.read, query, filter));
  const rows = await withBalances(ctx, filter, found.rows);
  const running = hasRunningBalance(filter);
  const named = filter.skuId !== null || filter.productId !== null || filter.deviceId !== null;
  const totals = named ? await movementTotals(ctx.read, filter) : undefined;
  const columns = columnsOf(ctx, running, seesCost);
  return {
    head: {
      title: t('inventory:movement.list'),
      crumbs: [{ label: t('inventory:stock.list'), href: '/inventory/stock' }],
      say: ctx.store?.name ?? t('common:frame.allStores'),
      actions: [exportAction(ctx, query)],
    },
    list: {
      filtered: Object.keys(query.filters).length > 0,
      clearHref: '/inventory/movements',
      filters: {
        action: '/inventory/movements',
        text: { name: 'q', value: query.filters.q ?? '', label: t('inventory:stock.find') },
        keep: Object.fromEntries(
          ['product', 'sku', 'device'].flatMap((name) => (query.filters[name] ? [[name, query.filters[name]]] : [])),
        ),
        chips: await chipsOf(ctx, query, filter),
        fields: await fieldsOf(ctx, query, filter),
      },
      table: {
        id: 'movements',
        caption: t('inventory:movement.list'),
        sticky: true,
        columns,
        rows: rows.map((row) => ({
          id: row.id,
          label: row.documentNumber,
          cells: cellsOf(ctx, query, row, running, seesCost),
        })),
        ...(totals
          ? {
              totals: columns.map(({ key }): Cell => {
                if (key === 'document') return { text: t('inventory:stock.total'), strong: true };
                if (key === 'in') return { text: ctx.f.number(totals.inPieces), strong: true };
                if (key === 'out') return { text: ctx.f.number(totals.outPieces), strong: true };
                return key === 'value' ? { text: ctx.f.money(totals.valueFen), strong: true } : null;
              }),
            }
          : {}),
      },
      pager: {
        say: t(running ? 'inventory:movement.sayRunning' : 'inventory:movement.say', { count: rows.length }),
        ...(totals
          ? { phoneSay: t('inventory:movement.phoneSay', { in: totals.inPieces, out: totals.outPieces }) }
          : {}),
        ...(found.previousHref ? { previousHref: found.previousHref } : {}),
        ...(found.nextHref ? { nextHref: found.nextHref } : {}),
      },
      empty: { title: t('inventory:movement.emptyTitle'), text: t('inventory:device.emptyText') },
    },
  };
}

export async function withBalances(
  { read }: Pick<Ctx, 'read'>,
  filter: MovementFilter,
  rows: readonly MovementRow[],
): Promise<ListedMovement[]> {
  const balances = hasRunningBalance(filter) ? await runningBalances(read, filter, rows) : new Map<number, number>();
  return rows.map((row) => ({ ...row, balance: balances.get(row.id) ?? null }));
}

function columnsOf({ t }: Ctx, running: boolean, seesCost: boolean): TableColumn[] {
  return [
    { key: 'document', label: t('inventory:movement.document.title'), keep: true, card: 'title' },
    { key: 'at', label: t('inventory:movement.at'), keep: true, card: 'full' },
    { key: 'product', label: t('inventory:device.product'), card: 'full' },
    { key: 'place', label: t('inventory:device.place'), card: 'full' },
    { key: 'state', label: t('inventory:device.state'), card: 'state' },
    { key: 'in', label: t('inventory:movement.in'), num: true, card: 'number' },
    { key: 'out', label: t('inventory:movement.out'), num: true, card: 'number' },
    ...(running
      ? [{ key: 'balance', label: t('inventory:movement.balance'), num: true, card: 'number' as const }]
      : []),
    ...(seesCost ? [{ key: 'value', label: t('inventory:movement.value'), num: true, card: 'number' as const }] : []),
  ];
}

function cellsOf({ t, f }: Ctx, query: ListQuery, row: ListedMovement, running: boolean, seesCost: boolean): Cell[] {
  return [
    {
      text: row.documentNumber,
      href: documentHref(row.documentType, row.documentId),
      strong: true,
      sub: documentWords({ t }, row),
    },
    { text: f.dateTime(row.at), sub: row.actorName },
    {
      text: row.skuName,
      // Of one product the list is the account of its stock; from there on it leads to the product itself.
      href: running
        ? `/catalog/products/${row.productId}`
        : listHref(query, { sku: row.skuId, product: null, device: null }),
      sub: [row.skuCode, ...(row.batchCode ? [t('inventory:stock.batch', { code: row.batchCode })] : [])].join(' · '),
    },
    `${row.storeName} ${row.locationName}`,
    { state: stateLabel(t, bucketStatus(row.bucket)) },
    row.quantity > 0 ? f.number(row.quantity) : '',
    row.quantity < 0 ? f.number(-row.quantity) : '',
    ...(running ? [{ text: f.number(row.balance), strong: true }] : []),
    ...(seesCost ? [f.money(row.valueFen)] : []),
  ];
}

/** 零售单, or 红冲：零售单. */
function documentWords({ t }: Pick<Ctx, 't'>, { documentType, postingKind }: MovementRow): string {
  const what = t(`inventory:movement.document.${documentType}`, { defaultValue: documentType });
  return postingKind === 'reversal' ? t('inventory:event.reversed', { what }) : what;
}

async function chipsOf({ t, f, read, stores }: Ctx, query: ListQuery, filter: MovementFilter) {
  const chip = (name: string, label: string) => ({ label, removeHref: listHref(query, { [name]: null }) });
  const sku = filter.skuId === null ? undefined : (await skusByIds(read, [filter.skuId])).get(filter.skuId);
  const storeName = stores.find(({ id }) => String(id) === query.filters.store)?.name;
  const place = filter.locationId === null ? undefined : (await placesOf(read, filter)).get(filter.locationId);
  return [
    ...(filter.skuId === null ? [] : [chip('sku', sku?.name ?? t('inventory:device.oneSku'))]),
    ...(filter.productId === null ? [] : [chip('product', t('inventory:device.oneSku'))]),
    ...(filter.deviceId === null ? [] : [chip('device', t('inventory:movement.oneDevice'))]),
    ...(storeName ? [{ label: storeName, removeHref: listHref(query, { store: null, location: null }) }] : []),
    ...(filter.locationId === null ? [] : [chip('location', place ?? t('inventory:device.location'))]),
    ...(filter.bucket ? [chip('bucket', t(`inventory:bucket.${filter.bucket}`))] : []),
    ...(filter.documentType ? [chip('document', t(`inventory:movement.document.${filter.documentType}`))] : []),
    ...(filter.from ? [chip('from', t('inventory:movement.fromOn', { date: f.date(filter.from) }))] : []),
    ...(filter.to ? [chip('to', t('inventory:movement.toOn', { date: f.date(filter.to) }))] : []),
  ];
}

/** Locations of the store that the list is about; none while it is about all of them. */
async function placesOf(read: Ctx['read'], { storeId }: MovementFilter): Promise<Map<number, string>> {
  if (storeId === null) return new Map();
  return new Map((await locationsOf(read, storeId, { all: true })).map(({ id, name }) => [id, name]));
}

async function fieldsOf({ t, read, stores }: Ctx, { filters }: ListQuery, filter: MovementFilter): Promise<Field[]> {
  const places = await placesOf(read, filter);
  return [
    {
      name: 'store',
      label: t('inventory:device.store'),
      type: 'select',
      value: filters.store ?? '',
      options: stores.map(({ id, name }) => ({ value: id, label: name })),
      choose: t('common:frame.allStores'),
    },
    ...(places.size > 0
      ? [
          {
            name: 'location',
            label: t('inventory:device.location'),
            type: 'select' as const,
            value: filters.location ?? '',
            options: [...places].map(([value, label]) => ({ value, label })),
            choose: t('inventory:movement.allLocations'),
          },
        ]
      : []),
    {
      name: 'document',
      label: t('inventory:movement.document.title'),
      type: 'select',
      value: filter.documentType ?? '',
      options: STOCK_DOCUMENTS.map((value) => ({ value, label: t(`inventory:movement.document.${value}`) })),
      choose: t('inventory:movement.allDocuments'),
    },
    {
      name: 'bucket',
      label: t('inventory:device.state'),
      type: 'select',
      value: filter.bucket ?? '',
      options: BUCKETS.map((bucket) => ({ value: bucket, label: t(`inventory:bucket.${bucket}`) })),
      choose: t('inventory:stock.allBuckets'),
    },
    { name: 'from', label: t('inventory:movement.from'), type: 'date', value: filter.from ?? '' },
    { name: 'to', label: t('inventory:movement.to'), type: 'date', value: filter.to ?? '' },
  ];
}

export function movementColumns({ t }: Pick<Ctx, 't'>, running: boolean, seesCost: boolean): ExportColumn[] {
  return [
    { header: t('inventory:movement.at'), type: 'datetime' },
    { header: t('inventory:opening.date'), type: 'date' },
    { header: t('inventory:opening.number'), type: 'text' },
    { header: t('inventory:movement.document.title'), type: 'text' },
    { header: t('inventory:device.product'), type: 'text' },
    { header: t('inventory:device.sku'), type: 'text' },
    { header: t('inventory:import.column.batch'), type: 'text' },
    { header: t('inventory:device.store'), type: 'text' },
    { header: t('inventory:device.location'), type: 'text' },
    { header: t('inventory:device.state'), type: 'text' },
    { header: t('inventory:movement.change'), type: 'integer' },
    ...(running ? [{ header: t('inventory:movement.balance'), type: 'integer' as const }] : []),
    ...(seesCost ? [{ header: t('inventory:movement.value'), type: 'money' as const }] : []),
    { header: t('inventory:opening.by'), type: 'text' },
  ];
}

export function movementRow(
  { t }: Pick<Ctx, 't'>,
  row: ListedMovement,
  running: boolean,
  seesCost: boolean,
): ExportRow {
  return [
    row.at,
    row.businessDate,
    row.documentNumber,
    documentWords({ t }, row),
    row.skuName,
    row.skuCode,
    row.batchCode,
    row.storeName,
    row.locationName,
    t(`common:state.${bucketStatus(row.bucket)}`),
    row.quantity,
    ...(running ? [row.balance] : []),
    ...(seesCost ? [row.valueFen] : []),
    row.actorName,
  ];
}
