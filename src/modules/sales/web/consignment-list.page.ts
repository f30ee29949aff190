import type { Ctx } from '../../../platform/http';
import { exportAction, listHref, type ListPage, type ListQuery, stateTabs } from '../../../platform/lists';
import type { Cell, List, PageHead } from '../../../platform/views';
import { CONSIGNMENT_STATES, type ConsignmentState } from '../domain/consignment';
import type { ConsignmentFilter, ConsignmentListRow } from '../queries/consignment-list';
import { CONSIGN } from '../use-cases/consign-devices';
import { consignmentHref, CONSIGNMENTS, consignmentState, lateDays } from './consignment-words';

export interface ConsignmentListPage {
  head: PageHead;
  list: List;
}

export interface ConsignmentListInput {
  query: ListQuery;
  filter: ConsignmentFilter;
  found: ListPage<ConsignmentListRow>;
  counts: ReadonlyMap<ConsignmentState, number>;
}

export function consignmentListPage(ctx: Ctx, input: ConsignmentListInput): ConsignmentListPage {
  const { t } = ctx;
  const { query, found, counts } = input;
  const add = {
    label: t('sales:consignment.new'),
    href: `${CONSIGNMENTS}/new`,
    icon: 'plus',
    look: 'primary',
  } as const;
  const adds = ctx.can(CONSIGN) ? [add] : [];
  return {
    head: {
      title: t('sales:consignment.list'),
      say: ctx.store?.name ?? t('common:frame.allStores'),
      actions: [exportAction(ctx, query), ...adds],
    },
    list: {
      tabs: stateTabs(ctx, query, CONSIGNMENT_STATES, {
        label: (state) => t(state ? `sales:consignment.state.${state}` : 'sales:consignment.allStates'),
        count: (state) => counts.get(state) ?? 0,
      }),
      filters: filtersOf(ctx, input),
      table: {
        id: 'consignments',
        caption: t('sales:consignment.list'),
        sticky: true,
        columns: [
          { key: 'number', label: t('sales:consignment.number'), card: 'title' },
          { key: 'state', label: t('sales:sale.state'), card: 'state' },
          { key: 'partner', label: t('sales:consignment.partner'), card: 'full' },
          { key: 'store', label: t('sales:sale.store'), card: 'full' },
          { key: 'date', label: t('sales:consignment.givenOn'), card: 'number' },
          { key: 'due', label: t('sales:consignment.dueOn'), card: 'number' },
          { key: 'devices', label: t('sales:consignment.devices'), num: true, card: 'number' },
          { key: 'settled', label: t('sales:consignment.settled'), num: true, card: 'number' },
          { key: 'open', label: t('sales:consignment.open'), num: true, card: 'number' },
          { key: 'openFen', label: t('sales:consignment.openAmount'), num: true, card: 'number' },
          { key: 'by', label: t('sales:consignment.by'), card: 'hide' },
        ],
        rows: found.rows.map((row) => ({ id: row.id, label: row.number, cells: cellsOf(ctx, row) })),
      },
      pager: {
        say: t('sales:consignment.say', { count: found.rows.length }),
        ...(found.previousHref ? { previousHref: found.previousHref } : {}),
        ...(found.nextHref ? { nextHref: found.nextHref } : {}),
      },
      empty: {
        title: t('sales:consignment.emptyTitle'),
        text: t('sales:consignment.emptyText'),
        ...(ctx.can(CONSIGN) ? { action: add } : {}),
      },
      filtered: Object.keys(query.filters).length > 0,
      clearHref: CONSIGNMENTS,
    },
  };
}

function cellsOf(ctx: Ctx, row: ConsignmentListRow): Cell[] {
  const { t, f } = ctx;
  const late = lateDays(row, ctx.today);
  return [
    { text: row.number, href: consignmentHref(row.id), strong: true },
    { state: consignmentState(ctx, row.state) },
    { text: row.customerName ?? '', sub: row.phoneMasked ?? '' },
    row.storeName,
    f.date(row.businessDate),
    late > 0
      ? { text: f.date(row.dueOn), sub: t('sales:consignment.late', { count: late }), tone: 'bad' as const }
      : f.date(row.dueOn),
    f.number(row.devices),
    f.number(row.settled),
    f.number(row.stillOut),
    f.money(row.openFen),
    row.createdByName,
  ];
}

function filtersOf(ctx: Ctx, { query, filter, found }: ConsignmentListInput): NonNullable<List['filters']> {
  const { t, f } = ctx;
  const { filters } = query;
  const chip = (name: string, label: string | undefined) =>
    filters[name] && label ? [{ label, removeHref: listHref(query, { [name]: null }) }] : [];
  const partner = found.rows.find(({ customerId }) => customerId === filter.customerId)?.customerName;
  return {
    action: CONSIGNMENTS,
    text: { name: 'q', value: filters['q'] ?? '', label: t('sales:consignment.find') },
    keep: {
      ...(filters['state'] ? { state: filters['state'] } : {}),
      ...(filters['customer'] ? { customer: filters['customer'] } : {}),
    },
    chips: [
      ...chip('late', t('sales:consignment.onlyLate')),
      ...chip('customer', partner ?? t('sales:consignment.thisPartner')),
      ...chip('store', ctx.stores.find(({ id }) => String(id) === filters['store'])?.name),
      ...chip('from', filter.from ? t('sales:sale.fromOn', { date: f.date(filter.from) }) : undefined),
      ...chip('to', filter.to ? t('sales:sale.toOn', { date: f.date(filter.to) }) : undefined),
    ],
    fields: [
      {
        name: 'store',
        label: t('sales:sale.store'),
        type: 'select',
        value: filters['store'] ?? '',
        choose: ctx.store?.name ?? t('common:frame.allStores'),
        options: ctx.stores.map(({ id, name }) => ({ value: id, label: name })),
      },
      {
        name: 'late',
        label: t('sales:consignment.onlyLate'),
        type: 'checkbox',
        value: '1',
        checked: filter.lateOn !== null,
      },
      { name: 'from', label: t('sales:sale.from'), type: 'date', value: filter.from ?? '' },
      { name: 'to', label: t('sales:sale.to'), type: 'date', value: filter.to ?? '' },
    ],
  };
}
