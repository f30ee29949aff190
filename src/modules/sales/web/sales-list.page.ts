import type { Ctx } from '../../../platform/http';
import { exportAction, listHref, type ListQuery, sortLink } from '../../../platform/lists';
import type { ExportColumn, ExportRow } from '../../../platform/spreadsheet';
import { type Cell, type Field, type List, type PageHead, stateLabel, type TableColumn } from '../../../platform/views';
import type { SaleListRow, salesPage } from '../queries/sales-list';

/** To choose from in the filter; those that were switched off too. */
type SalesChannel = { id: number; name: string };
type Found = Awaited<ReturnType<typeof salesPage>>;

export function salesListPage(
  ctx: Ctx,
  query: ListQuery,
  found: Found,
  withCost: boolean,
  channels: readonly SalesChannel[],
): { head: PageHead; list: List } {
  const { t, f } = ctx;
  const { totals } = found;
  const create = {
    label: t('sales:sale.create'),
    href: '/sales/sales/new',
    icon: 'plus' as const,
    look: 'primary' as const,
  };
  return {
    head: {
      title: t('sales:sale.list'),
      say: ctx.store?.name ?? t('common:frame.allStores'),
      actions: [exportAction(ctx, query), ...(ctx.can('sales.sale.create') ? [create] : [])],
    },
    list: {
      tabs: { label: t('common:list.views'), tabs: tabsOf(ctx, query) },
      filters: {
        action: '/sales/sales',
        text: { name: 'text', value: query.filters['text'] ?? '', label: t('sales:sale.find') },
        keep: Object.fromEntries(
          ['kind', 'shift', 'customer'].flatMap((name) => (query.filters[name] ? [[name, query.filters[name]]] : [])),
        ),
        chips: chipsOf(ctx, query, channels),
        fields: filterFields(ctx, query, channels),
      },
      table: {
        id: 'sales',
        caption: t('sales:sale.list'),
        sticky: true,
        columns: columnsOf(ctx, query, withCost),
        rows: found.rows.map((row) => ({ id: row.id, label: row.saleNumber, cells: cellsOf(ctx, row, withCost) })),
        totals: [
          t('sales:sale.totals', { count: f.number(totals.count) }),
          null,
          null,
          null,
          null,
          f.number(totals.quantity),
          f.money(totals.discountFen),
          { text: f.money(totals.grossFen), strong: true },
          ...(withCost ? [f.money(totals.netFen - (totals.costFen ?? 0))] : []),
          null,
        ],
      },
      pager: {
        say: t('sales:sale.say'),
        phoneSay: t('sales:sale.phoneSay', { count: f.number(totals.count), amount: f.money(totals.grossFen) }),
        ...(found.previousHref ? { previousHref: found.previousHref } : {}),
        ...(found.nextHref ? { nextHref: found.nextHref } : {}),
      },
      filtered: Object.keys(query.filters).length > 0,
      clearHref: '/sales/sales',
      empty: {
        title: t('sales:sale.empty'),
        text: t('sales:sale.emptyHint'),
        ...(ctx.can('sales.sale.create')
          ? { action: { label: t('sales:till.title'), href: '/sales/till', look: 'primary' as const } }
          : {}),
      },
    },
  };
}

function tabsOf({ t }: Ctx, query: ListQuery) {
  const { kind } = query.filters;
  return [undefined, 'sale', 'return'].map((one) => ({
    label: t(`sales:sale.view.${one ?? 'all'}`),
    href: listHref(query, { kind: one ?? null }),
    current: kind === one,
  }));
}

function chipsOf({ t, f }: Ctx, query: ListQuery, channels: readonly SalesChannel[]) {
  const { from, to, state, shift, customer, channel } = query.filters;
  const channelName = channels.find(({ id }) => String(id) === channel)?.name ?? t('sales:sale.ownSale');
  const chip = (name: string, label: string) => ({ label, removeHref: listHref(query, { [name]: null }) });
  return [
    ...(from ? [chip('from', t('sales:sale.fromOn', { date: f.date(from) }))] : []),
    ...(to ? [chip('to', t('sales:sale.toOn', { date: f.date(to) }))] : []),
    ...(state ? [chip('state', t(`common:state.${state === 'reversed' ? 'reversed' : 'posted'}`))] : []),
    ...(channel ? [chip('channel', channelName)] : []),
    ...(shift ? [chip('shift', t('sales:sale.ofShift'))] : []),
    ...(customer ? [chip('customer', t('sales:sale.ofCustomer'))] : []),
  ];
}

function filterFields({ t }: Ctx, { filters }: ListQuery, channels: readonly SalesChannel[]): Field[] {
  return [
    { name: 'from', label: t('sales:sale.from'), type: 'date', value: filters['from'] ?? '' },
    { name: 'to', label: t('sales:sale.to'), type: 'date', value: filters['to'] ?? '' },
    {
      name: 'state',
      label: t('sales:sale.state'),
      type: 'select',
      value: filters['state'] ?? '',
      choose: t('common:action.showAll'),
      options: ['posted', 'reversed'].map((value) => ({ value, label: t(`common:state.${value}`) })),
    },
    {
      name: 'channel',
      label: t('sales:sale.channel'),
      type: 'select',
      value: filters['channel'] ?? '',
      choose: t('common:action.showAll'),
      options: [
        { value: 'store', label: t('sales:sale.ownSale') },
        ...channels.map(({ id, name }) => ({ value: id, label: name })),
      ],
    },
  ];
}

function columnsOf({ t }: Ctx, query: ListQuery, withCost: boolean): TableColumn[] {
  return [
    { key: 'number', label: t('sales:sale.number'), keep: true, card: 'title' },
    { key: 'at', label: t('sales:sale.soldAt'), keep: true, sort: sortLink(query, 'soldAt'), card: 'full' },
    { key: 'store', label: t('sales:sale.store'), keep: true, card: 'full' },
    { key: 'cashier', label: t('sales:sale.cashier'), keep: true, card: 'full' },
    { key: 'customer', label: t('sales:sale.customer'), keep: true, card: 'full' },
    { key: 'quantity', label: t('sales:sale.quantity'), num: true, card: 'number' },
    { key: 'discount', label: t('sales:sale.discount'), num: true, card: 'hide' },
    { key: 'gross', label: t('sales:sale.gross'), num: true, sort: sortLink(query, 'gross'), card: 'number' },
    ...(withCost ? [{ key: 'margin', label: t('sales:sale.margin'), num: true, card: 'number' as const }] : []),
    { key: 'state', label: t('sales:sale.state'), card: 'state' },
  ];
}

function cellsOf({ t, f }: Ctx, row: SaleListRow, withCost: boolean): Cell[] {
  return [
    { text: row.saleNumber, href: `/sales/sales/${row.id}`, strong: true },
    f.dateTime(row.soldAt),
    { text: row.storeName, ...storeSub(row) },
    {
      text: row.cashierName,
      ...(row.salespersonName ? { sub: t('sales:sale.soldBy', { name: row.salespersonName }) } : {}),
    },
    row.customerId === null
      ? { text: t('sales:till.say.walkIn'), muted: true }
      : {
          text: row.customerName ?? row.phoneMasked ?? '',
          ...(row.customerName && row.phoneMasked ? { sub: row.phoneMasked } : {}),
        },
    f.number(row.quantity),
    row.discountFen === 0 ? '' : f.money(row.discountFen),
    { text: f.money(row.grossFen), strong: true },
    ...(withCost ? [f.money(row.netFen - (row.costFen ?? 0))] : []),
    {
      state:
        row.state === 'reversed'
          ? stateLabel(t, 'reversed')
          : stateLabel(t, row.kind === 'return' ? 'returned' : 'sold'),
    },
  ];
}

const storeSub = ({ registerName, channelName }: SaleListRow): { sub?: string } => {
  const sub = [registerName, channelName].filter(Boolean).join(' · ');
  return sub === '' ? {} : { sub };
};

export function exportColumns({ t }: Pick<Ctx, 't'>, withCost: boolean): ExportColumn[] {
  const column = (key: string, type: ExportColumn['type']): ExportColumn => ({ header: t(`sales:sale.${key}`), type });
  return [
    column('number', 'text'),
    column('kind', 'text'),
    column('state', 'text'),
    column('soldAt', 'datetime'),
    column('businessDate', 'date'),
    column('store', 'text'),
    column('register', 'text'),
    column('channel', 'text'),
    column('cashier', 'text'),
    column('salesperson', 'text'),
    column('customer', 'text'),
    column('quantity', 'integer'),
    column('list_price', 'money'),
    column('discount', 'money'),
    column('gross', 'money'),
    column('net', 'money'),
    column('tax', 'money'),
    ...(withCost ? [column('cost', 'money'), column('margin', 'money')] : []),
  ];
}

export function exportRow({ t }: Pick<Ctx, 't'>, row: SaleListRow, withCost: boolean): ExportRow {
  return [
    row.saleNumber,
    t(`sales:kind.${row.kind}`),
    t(`common:state.${row.state}`),
    row.soldAt,
    row.businessDate,
    row.storeName,
    row.registerName,
    row.channelName ?? t('sales:sale.ownSale'),
    row.cashierName,
    row.salespersonName,
    [row.customerName, row.phoneMasked].filter(Boolean).join(' '),
    row.quantity,
    row.listFen,
    row.discountFen,
    row.grossFen,
    row.netFen,
    row.taxFen,
    ...(withCost ? [row.costFen, row.netFen - (row.costFen ?? 0)] : []),
  ];
}
