import type { Ctx } from '../../../platform/http';
import {
  exportAction,
  listHref,
  type ListPage,
  type ListQuery,
  sortLink,
  stateTabs,
  sumByState,
} from '../../../platform/lists';
import { seesCostIn } from '../../../platform/permissions';
import type { List, PageHead } from '../../../platform/views';
import type { OrderState } from '../domain/order-state';
import { type OrderListRow, type OrderTotals, VIEW_ORDERS } from '../queries/order-list';
import { ORDER_STATES, orderHref, orderState } from './order-words';

type ListCtx = Pick<Ctx, 'actor' | 't' | 'f' | 'can' | 'store' | 'stores' | 'today'>;

/** Cost of a list over all the reader's stores: an order may be for any of them. */
export const listShowsCost = ({ actor }: Pick<Ctx, 'actor'>): boolean =>
  seesCostIn(actor, actor.scope(VIEW_ORDERS), null);

export function orderListPage(
  ctx: ListCtx,
  query: ListQuery,
  found: ListPage<OrderListRow>,
  byState: ReadonlyMap<OrderState, OrderTotals>,
  suppliers: readonly { id: number; name: string }[],
): { head: PageHead; list: List } {
  const { t, f } = ctx;
  const { filters } = query;
  const seesCost = listShowsCost(ctx);
  const sum = sumByState(query, ORDER_STATES, byState);
  const add = {
    label: t('purchasing:order.new'),
    href: '/purchasing/orders/new',
    icon: 'plus',
    look: 'primary',
  } as const;
  const creates = ctx.can('purchasing.order.edit');
  const tabs = stateTabs(ctx, query, ORDER_STATES, {
    label: (state) => (state ? t(`purchasing:order.state.${state}`) : t('purchasing:receipt.tab.all')),
    count: (state) => byState.get(state)?.orders ?? 0,
  });
  const totalText = t('purchasing:documentTotal', { count: f.number(sum('orders')) });
  return {
    head: {
      title: t('purchasing:order.title'),
      say: ctx.store?.name ?? t('common:frame.allStores'),
      actions: [exportAction(ctx, query), ...(creates ? [add] : [])],
    },
    list: {
      tabs,
      filters: {
        action: '/purchasing/orders',
        text: { name: 'q', value: filters['q'] ?? '', label: t('purchasing:order.find') },
        keep: filters['state'] ? { state: filters['state'] } : {},
        chips: chips(ctx, query, suppliers),
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
            label: t('purchasing:receipt.store'),
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
          { name: 'from', label: t('purchasing:order.from'), type: 'date', value: filters['from'] ?? '' },
          { name: 'to', label: t('purchasing:receipt.to'), type: 'date', value: filters['to'] ?? '' },
        ],
      },
      table: {
        id: 'orders',
        caption: t('purchasing:order.title'),
        sticky: true,
        columns: [
          { key: 'number', label: t('purchasing:receipt.number'), card: 'title', sort: sortLink(query, 'number') },
          { key: 'state', label: t('purchasing:receipt.state'), card: 'state' },
          { key: 'supplier', label: t('purchasing:receipt.supplier'), card: 'full', sort: sortLink(query, 'supplier') },
          { key: 'store', label: t('purchasing:order.store'), card: 'hide' },
          { key: 'date', label: t('purchasing:order.orderedOn'), card: 'hide', sort: sortLink(query, 'date') },
          {
            key: 'expected',
            label: t('purchasing:order.expectedOn'),
            card: 'number',
            sort: sortLink(query, 'expected'),
          },
          { key: 'received', label: t('purchasing:order.arrived'), num: true, card: 'number' },
          ...(seesCost
            ? [{ key: 'amount', label: t('purchasing:receipt.gross'), num: true, card: 'number' as const }]
            : []),
        ],
        rows: found.rows.map((row) => ({
          id: row.id,
          label: row.number,
          cells: [
            { text: row.number, href: orderHref(row.id), strong: true },
            { state: orderState(ctx, row.state) },
            row.supplierName,
            row.stores > 1
              ? { text: row.storeName, aside: t('purchasing:order.forStores', { count: row.stores }) }
              : row.storeName,
            f.date(row.orderedOn),
            expectedCell(ctx, row),
            { text: f.number(row.received), aside: `/ ${f.number(row.quantity)}` },
            ...(seesCost ? [f.money(row.amountFen)] : []),
          ],
        })),
        totals: [
          { text: totalText },
          null,
          null,
          null,
          null,
          null,
          { text: f.number(sum('received')), aside: `/ ${f.number(sum('quantity'))}` },
          ...(seesCost ? [f.money(sum('amountFen'))] : []),
        ],
      },
      pager: {
        ...(query.sort === 'created' ? { say: t('purchasing:receipt.sorted') } : {}),
        phoneSay: totalText,
        ...(found.previousHref ? { previousHref: found.previousHref } : {}),
        ...(found.nextHref ? { nextHref: found.nextHref } : {}),
      },
      empty: {
        title: t('purchasing:order.empty'),
        text: t('purchasing:order.emptyHint'),
        ...(creates ? { action: add } : {}),
      },
      filtered: Object.keys(filters).length > 0,
      clearHref: '/purchasing/orders',
    },
  };
}

function expectedCell({ t, f, today }: ListCtx, { state, expectedOn }: OrderListRow) {
  if (expectedOn === null) return null;
  const late = (state === 'approved' || state === 'partial') && expectedOn < today;
  if (!late) return f.date(expectedOn);
  return { text: f.date(expectedOn), tone: 'bad' as const, aside: t('purchasing:order.late') };
}

function chips(ctx: ListCtx, query: ListQuery, suppliers: readonly { id: number; name: string }[]) {
  const { filters } = query;
  const named = (list: readonly { id: number; name: string }[], key: string) =>
    list.find(({ id }) => String(id) === filters[key])?.name ?? filters[key];
  const chip = (key: string, label: string | undefined) =>
    filters[key] && label ? [{ label, removeHref: listHref(query, { [key]: null }) }] : [];
  return [
    ...chip('supplier', named(suppliers, 'supplier')),
    ...chip('store', named(ctx.stores, 'store')),
    ...chip('late', ctx.t('purchasing:order.lateOnly')),
    ...chip('from', ctx.t('purchasing:receipt.since', { date: filters['from'] })),
    ...chip('to', ctx.t('purchasing:receipt.until', { date: filters['to'] })),
  ];
}
