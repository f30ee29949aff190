import type { Ctx } from '../../../platform/http';
import { exportAction, listHref, type ListPage, type ListQuery, stateTabs } from '../../../platform/lists';
import type { Cell, List, PageHead } from '../../../platform/views';
import { SALE_STATES, type SaleState } from '../domain/sale';
import type { SettlementFilter, SettlementListRow } from '../queries/settlement-list';
import { SETTLE } from '../use-cases/settle-consignment';
import { CONSIGNMENTS } from './consignment-words';
import { settlementHref, SETTLEMENTS, settlementState } from './settlement-words';

export interface SettlementListPage {
  head: PageHead;
  list: List;
}

export interface SettlementListInput {
  query: ListQuery;
  filter: SettlementFilter;
  found: ListPage<SettlementListRow>;
  counts: ReadonlyMap<SaleState, number>;
  withCost: boolean;
}

export function settlementListPage(ctx: Ctx, input: SettlementListInput): SettlementListPage {
  const { t } = ctx;
  const { query, found, counts, withCost } = input;
  const start = {
    label: t('sales:settlement.start'),
    href: `${CONSIGNMENTS}?state=out`,
    icon: 'building-store',
  } as const;
  const starts = ctx.can(SETTLE) ? [{ ...start, look: 'primary' as const }] : [];
  return {
    head: {
      title: t('sales:settlement.list'),
      say: ctx.store?.name ?? t('common:frame.allStores'),
      actions: [exportAction(ctx, query), ...starts],
    },
    list: {
      tabs: stateTabs(ctx, query, SALE_STATES, {
        label: (state) => t(state ? `sales:settlement.state.${state}` : 'sales:consignment.allStates'),
        count: (state) => counts.get(state) ?? 0,
      }),
      filters: filtersOf(ctx, input),
      table: {
        id: 'settlements',
        caption: t('sales:settlement.list'),
        sticky: true,
        columns: [
          { key: 'number', label: t('sales:consignment.number'), card: 'title' },
          { key: 'state', label: t('sales:sale.state'), card: 'state' },
          { key: 'partner', label: t('sales:consignment.partner'), card: 'full' },
          { key: 'store', label: t('sales:sale.store'), card: 'full' },
          { key: 'date', label: t('sales:settlement.settledOn'), card: 'number' },
          { key: 'devices', label: t('sales:consignment.devices'), num: true, card: 'number' },
          { key: 'amount', label: t('sales:settlement.amount'), num: true, card: 'number' },
          { key: 'commission', label: t('sales:settlement.commission'), num: true, card: 'number' },
          { key: 'open', label: t('sales:settlement.open'), num: true, card: 'number' },
          { key: 'due', label: t('sales:settlement.dueOn'), card: 'number' },
          ...(withCost ? [{ key: 'margin', label: t('sales:sale.margin'), num: true, card: 'number' as const }] : []),
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
        title: t('sales:settlement.emptyTitle'),
        text: t('sales:settlement.emptyText'),
        ...(ctx.can(SETTLE) ? { action: start } : {}),
      },
      filtered: Object.keys(query.filters).length > 0,
      clearHref: SETTLEMENTS,
    },
  };
}

function cellsOf(ctx: Ctx, row: SettlementListRow): Cell[] {
  const { t, f } = ctx;
  const late = row.state === 'posted' && row.openFen > 0 && row.dueOn < ctx.today;
  return [
    { text: row.number, href: settlementHref(row.id), strong: true },
    { state: settlementState(ctx, row.state) },
    { text: row.customerName ?? '', sub: row.phoneMasked ?? '' },
    row.storeName,
    f.date(row.businessDate),
    f.number(row.devices),
    { text: f.money(row.amountFen), strong: true },
    row.commissionFen === 0 ? '' : f.money(row.commissionFen),
    row.openFen === 0 ? '' : f.money(row.openFen),
    late ? { text: f.date(row.dueOn), sub: t('sales:settlement.late'), tone: 'bad' as const } : f.date(row.dueOn),
    ...(row.costFen === undefined ? [] : [f.money(row.netFen - row.costFen)]),
    row.createdByName,
  ];
}

function filtersOf(ctx: Ctx, { query, filter, found }: SettlementListInput): NonNullable<List['filters']> {
  const { t, f } = ctx;
  const { filters } = query;
  const chip = (name: string, label: string | undefined) =>
    filters[name] && label ? [{ label, removeHref: listHref(query, { [name]: null }) }] : [];
  const partner = found.rows.find(({ customerId }) => customerId === filter.customerId)?.customerName;
  return {
    action: SETTLEMENTS,
    text: { name: 'q', value: filters['q'] ?? '', label: t('sales:consignment.find') },
    keep: {
      ...(filters['state'] ? { state: filters['state'] } : {}),
      ...(filters['customer'] ? { customer: filters['customer'] } : {}),
    },
    chips: [
      ...chip('unpaid', t('sales:settlement.onlyUnpaid')),
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
      { name: 'unpaid', label: t('sales:settlement.onlyUnpaid'), type: 'checkbox', value: '1', checked: filter.unpaid },
      { name: 'from', label: t('sales:sale.from'), type: 'date', value: filter.from ?? '' },
      { name: 'to', label: t('sales:sale.to'), type: 'date', value: filter.to ?? '' },
    ],
  };
}
