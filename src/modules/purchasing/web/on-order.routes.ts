import { type Ctx, page, type Reply, type Route } from '../../../platform/http';
import {
  exportAction,
  exportReply,
  listHref,
  type ListPage,
  type ListQuery,
  pageOf,
  readListQuery,
  sortLink,
} from '../../../platform/lists';
import type { List, PageHead } from '../../../platform/views';
import { ON_ORDER_LIST, type OnOrderRow, onOrderRows, type OnOrderTotals, onOrderTotals } from '../queries/on-order';
import { activeSuppliers } from '../queries/suppliers';
import { orderHref } from './order-words';

const view = { permission: 'purchasing.order.view' };

export const onOrderRoutes: readonly Route[] = [
  { method: 'get', path: '/purchasing/on-order', access: view, handler: list },
  { method: 'get', path: '/purchasing/on-order.xlsx', access: view, handler: exportList },
];

async function list(ctx: Ctx): Promise<Reply> {
  const query = readListQuery(ON_ORDER_LIST, ctx.query);
  const storeId = ctx.store?.id ?? null;
  const found = pageOf(query, await onOrderRows(ctx.read, ctx.actor, query, storeId, ctx.today));
  const totals = await onOrderTotals(ctx.read, ctx.actor, query, storeId, ctx.today);
  const model = onOrderPage(ctx, query, found, totals, await activeSuppliers(ctx.read));
  return page('purchasing/list', ctx.t('purchasing:onOrder.title'), model);
}

function onOrderPage(
  ctx: Ctx,
  query: ListQuery,
  found: ListPage<OnOrderRow>,
  totals: OnOrderTotals,
  suppliers: readonly { id: number; name: string }[],
): { head: PageHead; list: List } {
  const { t, f } = ctx;
  const { filters } = query;
  const named = (all: readonly { id: number; name: string }[], key: string) =>
    all.find(({ id }) => String(id) === filters[key])?.name ?? filters[key];
  const chip = (key: string, label: string | undefined) =>
    filters[key] && label ? [{ label, removeHref: listHref(query, { [key]: null }) }] : [];
  const totalText = t('purchasing:onOrder.total', { count: f.number(totals.lines) });
  const late = (row: OnOrderRow): boolean => row.expectedOn !== null && row.expectedOn < ctx.today;
  return {
    head: {
      title: t('purchasing:onOrder.title'),
      say: ctx.store?.name ?? t('common:frame.allStores'),
      actions: [exportAction(ctx, query)],
    },
    list: {
      filters: {
        action: '/purchasing/on-order',
        text: { name: 'q', value: filters['q'] ?? '', label: t('purchasing:onOrder.find') },
        chips: [
          ...chip('supplier', named(suppliers, 'supplier')),
          ...chip('store', named(ctx.stores, 'store')),
          ...chip('late', t('purchasing:order.lateOnly')),
        ],
        fields: [
          {
            name: 'supplier',
            label: t('purchasing:receipt.supplier'),
            type: 'select',
            value: filters['supplier'] ?? '',
            choose: t('purchasing:receipt.allSuppliers'),
            options: suppliers.map(({ id, name }) => ({ value: id, label: name })),
          },
          {
            name: 'store',
            label: t('purchasing:order.receivingStore'),
            type: 'select',
            value: filters['store'] ?? '',
            choose: ctx.store?.name ?? t('common:frame.allStores'),
            options: ctx.stores.map(({ id, name }) => ({ value: id, label: name })),
          },
          {
            name: 'late',
            label: t('purchasing:order.arrival'),
            type: 'select',
            value: filters['late'] ?? '',
            choose: t('purchasing:order.anyArrival'),
            options: [{ value: 'yes', label: t('purchasing:order.lateOnly') }],
          },
        ],
      },
      table: {
        id: 'on-order',
        caption: t('purchasing:onOrder.title'),
        sticky: true,
        columns: [
          { key: 'product', label: t('purchasing:receipt.product'), card: 'title', sort: sortLink(query, 'product') },
          { key: 'store', label: t('purchasing:order.receivingStore'), card: 'full', sort: sortLink(query, 'store') },
          { key: 'supplier', label: t('purchasing:receipt.supplier'), card: 'full', sort: sortLink(query, 'supplier') },
          { key: 'number', label: t('purchasing:order.one'), card: 'full', sort: sortLink(query, 'number') },
          {
            key: 'expected',
            label: t('purchasing:order.expectedOn'),
            card: 'number',
            sort: sortLink(query, 'expected'),
          },
          { key: 'received', label: t('purchasing:order.arrived'), num: true, card: 'number' },
          { key: 'pieces', label: t('purchasing:onOrder.pieces'), num: true, card: 'number' },
        ],
        rows: found.rows.map((row) => ({
          id: row.id,
          cells: [
            { text: row.skuName, sub: row.skuCode, strong: true },
            row.storeName,
            row.supplierName,
            { text: row.number, href: orderHref(row.orderId) },
            row.expectedOn === null
              ? null
              : late(row)
                ? { text: f.date(row.expectedOn), tone: 'bad' as const, aside: t('purchasing:order.late') }
                : f.date(row.expectedOn),
            { text: f.number(row.received), aside: `/ ${f.number(row.quantity)}` },
            { text: f.number(row.pieces), strong: true },
          ],
        })),
        totals: [{ text: totalText }, null, null, null, null, null, f.number(totals.pieces)],
      },
      pager: {
        phoneSay: totalText,
        ...(found.previousHref ? { previousHref: found.previousHref } : {}),
        ...(found.nextHref ? { nextHref: found.nextHref } : {}),
      },
      empty: { title: t('purchasing:onOrder.empty'), text: t('purchasing:onOrder.emptyHint') },
      filtered: Object.keys(filters).length > 0,
      clearHref: '/purchasing/on-order',
    },
  };
}

async function exportList(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  return exportReply(ctx, {
    name: `${t('purchasing:onOrder.title')}-${ctx.today}`,
    sheet: t('purchasing:onOrder.title'),
    columns: [
      { header: t('purchasing:line.code'), type: 'text' },
      { header: t('purchasing:receipt.product'), type: 'text', width: 36 },
      { header: t('purchasing:order.receivingStore'), type: 'text' },
      { header: t('purchasing:receipt.supplier'), type: 'text' },
      { header: t('purchasing:order.one'), type: 'text' },
      { header: t('purchasing:order.orderedOn'), type: 'date' },
      { header: t('purchasing:order.expectedOn'), type: 'date' },
      { header: t('purchasing:order.quantity'), type: 'integer' },
      { header: t('purchasing:order.arrived'), type: 'integer' },
      { header: t('purchasing:onOrder.pieces'), type: 'integer' },
    ],
    query: readListQuery(ON_ORDER_LIST, ctx.query),
    load: (query) => onOrderRows(ctx.read, ctx.actor, query, ctx.store?.id ?? null, ctx.today),
    toRow: (row) => [
      row.skuCode,
      row.skuName,
      row.storeName,
      row.supplierName,
      row.number,
      row.orderedOn,
      row.expectedOn,
      row.quantity,
      row.received,
      row.pieces,
    ],
  });
}
