import type { Ctx } from '../../../platform/http';
import { exportAction, listHref, type ListPage, type ListQuery, stateTabs } from '../../../platform/lists';
import type { List, PageHead } from '../../../platform/views';
import { NUMBER_REASONS, NUMBER_STATES, type NumberState } from '../domain/number-change';
import type { NumberFilter, NumberListRow } from '../queries/number-list';
import { numbersHref, numberStateLabel } from './number-words';

export interface NumberListPage {
  head: PageHead;
  list: List;
}

export interface NumberListInput {
  query: ListQuery;
  filter: NumberFilter;
  found: ListPage<NumberListRow>;
  counts: ReadonlyMap<NumberState, number>;
  /** The reader may make one somewhere. */
  makes: boolean;
}

export function numberListPage(ctx: Ctx, input: NumberListInput): NumberListPage {
  const { t, f } = ctx;
  const { query, found, counts, makes } = input;
  const add = {
    label: t('inventory:number.new'),
    href: '/inventory/numbers/new',
    icon: 'plus',
    look: 'primary',
  } as const;
  return {
    head: {
      title: t('inventory:number.list'),
      say: ctx.store?.name ?? t('common:frame.allStores'),
      actions: [exportAction(ctx, query), ...(makes ? [add] : [])],
    },
    list: {
      tabs: stateTabs(ctx, query, NUMBER_STATES, {
        label: (state) => t(state ? `common:state.${state}` : 'inventory:change.allStates'),
        count: (state) => counts.get(state) ?? 0,
      }),
      filters: filtersOf(ctx, input),
      table: {
        id: 'numbers',
        caption: t('inventory:number.list'),
        sticky: true,
        columns: [
          { key: 'number', label: t('inventory:change.number'), card: 'title' },
          { key: 'state', label: t('inventory:device.state'), card: 'state' },
          { key: 'reason', label: t('inventory:change.reason'), card: 'full' },
          { key: 'store', label: t('inventory:device.store'), card: 'full' },
          { key: 'date', label: t('inventory:change.businessDate'), card: 'number' },
          { key: 'devices', label: t('inventory:change.devices'), num: true, card: 'number' },
          { key: 'lines', label: t('inventory:number.count'), num: true, card: 'number' },
          { key: 'by', label: t('inventory:change.by'), card: 'hide' },
        ],
        rows: found.rows.map((row) => ({
          id: row.id,
          label: row.number,
          cells: [
            { text: row.number, href: numbersHref(row.id), strong: true },
            { state: numberStateLabel(ctx, row.state) },
            { text: t(`inventory:number.reason.${row.reason}`), ...(row.note ? { sub: row.note } : {}) },
            row.storeName,
            f.date(row.businessDate),
            f.number(row.devices),
            f.number(row.lineCount),
            row.createdByName,
          ],
        })),
      },
      pager: {
        say: t('inventory:change.say', { count: found.rows.length }),
        ...(found.previousHref ? { previousHref: found.previousHref } : {}),
        ...(found.nextHref ? { nextHref: found.nextHref } : {}),
      },
      empty: {
        title: t('inventory:number.emptyTitle'),
        text: t('inventory:number.emptyText'),
        ...(makes ? { action: add } : {}),
      },
      filtered: Object.keys(query.filters).length > 0,
      clearHref: '/inventory/numbers',
    },
  };
}

function filtersOf(ctx: Ctx, { query, filter }: NumberListInput): NonNullable<List['filters']> {
  const { t, f } = ctx;
  const { filters } = query;
  const chip = (name: string, label: string | undefined) =>
    filters[name] && label ? [{ label, removeHref: listHref(query, { [name]: null }) }] : [];
  return {
    action: '/inventory/numbers',
    text: { name: 'q', value: filters['q'] ?? '', label: t('inventory:number.find') },
    keep: filters['state'] ? { state: filters['state'] } : {},
    chips: [
      ...chip('store', ctx.stores.find(({ id }) => String(id) === filters['store'])?.name),
      ...chip('reason', filter.reason ? t(`inventory:number.reason.${filter.reason}`) : undefined),
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
        name: 'reason',
        label: t('inventory:change.reason'),
        type: 'select',
        value: filter.reason ?? '',
        choose: t('inventory:change.allReasons'),
        options: NUMBER_REASONS.map((reason) => ({ value: reason, label: t(`inventory:number.reason.${reason}`) })),
      },
      { name: 'from', label: t('inventory:movement.from'), type: 'date', value: filter.from ?? '' },
      { name: 'to', label: t('inventory:movement.to'), type: 'date', value: filter.to ?? '' },
    ],
  };
}
