import { daysBetween, type BusinessDate } from '../../../kernel';
import type { Ctx } from '../../../platform/http';
import { exportAction, listHref, type ListPage, type ListQuery, stateTabs } from '../../../platform/lists';
import type { List, PageHead } from '../../../platform/views';
import { directionOf, LOAN_DIRECTIONS, LOAN_PURPOSES, LOAN_STATES, type LoanState } from '../domain/loan';
import type { LoanFilter, LoanListRow } from '../queries/loan-list';
import { LEND } from '../use-cases/lend-devices';
import { loanHref, loanState } from './loan-words';

export interface LoanListPage {
  head: PageHead;
  list: List;
}

export interface LoanListInput {
  query: ListQuery;
  filter: LoanFilter;
  found: ListPage<LoanListRow>;
  counts: ReadonlyMap<LoanState, number>;
}

/** Days after the day on which all should have been back; 0: not overdue. */
export const lateDays = ({ state, dueOn }: { state: LoanState; dueOn: string }, today: BusinessDate): number =>
  state === 'out' ? Math.max(0, daysBetween(dueOn as BusinessDate, today)) : 0;

export function loanListPage(ctx: Ctx, input: LoanListInput): LoanListPage {
  const { t, f, today } = ctx;
  const { query, found, counts } = input;
  const add = { label: t('inventory:loan.new'), href: '/inventory/loans/new', icon: 'plus', look: 'primary' } as const;
  const borrow = {
    label: t('inventory:loan.in.new'),
    href: '/inventory/loans/borrow/new',
    icon: 'arrow-back-up',
    look: 'quiet',
  } as const;
  const adds = ctx.can(LEND) ? [borrow, add] : [];
  return {
    head: {
      title: t('inventory:loan.list'),
      say: ctx.store?.name ?? t('common:frame.allStores'),
      actions: [exportAction(ctx, query), ...adds],
    },
    list: {
      tabs: stateTabs(ctx, query, LOAN_STATES, {
        label: (state) => t(state ? `inventory:loan.tab.${state}` : 'inventory:change.allStates'),
        count: (state) => counts.get(state) ?? 0,
      }),
      filters: filtersOf(ctx, input),
      table: {
        id: 'loans',
        caption: t('inventory:loan.list'),
        sticky: true,
        columns: [
          { key: 'number', label: t('inventory:change.number'), card: 'title' },
          { key: 'direction', label: t('inventory:loan.direction'), card: 'full' },
          { key: 'state', label: t('inventory:device.state'), card: 'state' },
          { key: 'borrower', label: t('inventory:loan.borrower'), card: 'full' },
          { key: 'store', label: t('inventory:device.store'), card: 'full' },
          { key: 'date', label: t('inventory:loan.lentOn'), card: 'number' },
          { key: 'due', label: t('inventory:loan.dueOn'), card: 'number' },
          { key: 'open', label: t('inventory:loan.open'), num: true, card: 'number' },
          { key: 'devices', label: t('inventory:change.devices'), num: true, card: 'number' },
          { key: 'by', label: t('inventory:change.by'), card: 'hide' },
        ],
        rows: found.rows.map((row) => {
          const late = lateDays(row, today);
          return {
            id: row.id,
            label: row.number,
            cells: [
              { text: row.number, href: loanHref(row.id), strong: true },
              t(`inventory:loan.${directionOf(row)}.word`),
              { state: loanState(ctx, row.state, directionOf(row)) },
              { text: row.borrower, sub: t(`inventory:loan.purposes.${row.purpose}`) },
              row.storeName,
              f.date(row.businessDate),
              late > 0
                ? { text: f.date(row.dueOn), sub: t('inventory:loan.late', { count: late }), tone: 'bad' as const }
                : f.date(row.dueOn),
              f.number(row.stillOut),
              f.number(row.devices),
              row.createdByName,
            ],
          };
        }),
      },
      pager: {
        say: t('inventory:change.say', { count: found.rows.length }),
        ...(found.previousHref ? { previousHref: found.previousHref } : {}),
        ...(found.nextHref ? { nextHref: found.nextHref } : {}),
      },
      empty: {
        title: t('inventory:loan.emptyTitle'),
        text: t('inventory:loan.emptyText'),
        ...(ctx.can(LEND) ? { action: add } : {}),
      },
      filtered: Object.keys(query.filters).length > 0,
      clearHref: '/inventory/loans',
    },
  };
}

function filtersOf(ctx: Ctx, { query, filter }: LoanListInput): NonNullable<List['filters']> {
  const { t, f } = ctx;
  const { filters } = query;
  const chip = (name: string, label: string | undefined) =>
    filters[name] && label ? [{ label, removeHref: listHref(query, { [name]: null }) }] : [];
  return {
    action: '/inventory/loans',
    text: { name: 'q', value: filters['q'] ?? '', label: t('inventory:loan.find') },
    keep: filters['state'] ? { state: filters['state'] } : {},
    chips: [
      ...chip('late', t('inventory:loan.onlyLate')),
      ...chip('store', ctx.stores.find(({ id }) => String(id) === filters['store'])?.name),
      ...chip('way', filter.direction ? t(`inventory:loan.${filter.direction}.word`) : undefined),
      ...chip('purpose', filter.purpose ? t(`inventory:loan.purposes.${filter.purpose}`) : undefined),
      ...chip('from', filter.from ? t('inventory:movement.fromOn', { date: f.date(filter.from) }) : undefined),
      ...chip('to', filter.to ? t('inventory:movement.toOn', { date: f.date(filter.to) }) : undefined),
    ],
    fields: [
      {
        name: 'store',
        label: t('inventory:device.store'),
        type: 'select',
        value: filters['store'] ?? '',
        choose: ctx.store?.name ?? t('common:frame.allStores'),
        options: ctx.stores.map(({ id, name }) => ({ value: id, label: name })),
      },
      {
        name: 'way',
        label: t('inventory:loan.direction'),
        type: 'select',
        value: filter.direction ?? '',
        choose: t('inventory:loan.bothDirections'),
        options: LOAN_DIRECTIONS.map((value) => ({ value, label: t(`inventory:loan.${value}.word`) })),
      },
      {
        name: 'purpose',
        label: t('inventory:loan.purpose'),
        type: 'select',
        value: filter.purpose ?? '',
        choose: t('inventory:loan.allPurposes'),
        options: LOAN_PURPOSES.map((value) => ({ value, label: t(`inventory:loan.purposes.${value}`) })),
      },
      {
        name: 'late',
        label: t('inventory:loan.onlyLate'),
        type: 'checkbox',
        value: '1',
        checked: filter.lateOn !== null,
      },
      { name: 'from', label: t('inventory:movement.from'), type: 'date', value: filter.from ?? '' },
      { name: 'to', label: t('inventory:movement.to'), type: 'date', value: filter.to ?? '' },
    ],
  };
}
