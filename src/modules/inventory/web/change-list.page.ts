import type { Ctx } from '../../../platform/http';
import { exportAction, listHref, type ListPage, type ListQuery, stateTabs } from '../../../platform/lists';
import type { List, PageHead } from '../../../platform/views';
import { CHANGE_EFFECTS } from '../domain/change-effect';
import { CHANGE_STATES, type ChangeState } from '../domain/change-state';
import type { ChangeFilter, ChangeListRow } from '../queries/change-list';
import type { ChangeReason } from '../queries/change-reasons';
import { changeHref, changeState } from './change-words';

export interface ChangeListPage {
  head: PageHead;
  list: List;
}

export interface ChangeListInput {
  query: ListQuery;
  filter: ChangeFilter;
  found: ListPage<ChangeListRow>;
  counts: ReadonlyMap<ChangeState, number>;
  reasons: readonly ChangeReason[];
  /** The reader may make one somewhere. */
  makes: boolean;
  /** The reader sees cost in all stores of the list. */
  cost: boolean;
}

export function changeListPage(ctx: Ctx, input: ChangeListInput): ChangeListPage {
  const { t, f } = ctx;
  const { query, found, counts, makes } = input;
  const { filters } = query;
  const add = {
    label: t('inventory:change.new'),
    href: '/inventory/changes/new',
    icon: 'plus',
    look: 'primary',
  } as const;
  const tabs = stateTabs(ctx, query, CHANGE_STATES, {
    label: (state) => (state ? t(`common:state.${state}`) : t('inventory:change.allStates')),
    count: (state) => counts.get(state) ?? 0,
  });
  return {
    head: {
      title: t('inventory:change.list'),
      say: ctx.store?.name ?? t('common:frame.allStores'),
      actions: [
        {
          label: t('inventory:change.sums.title'),
          href: '/inventory/changes/reasons',
          look: 'quiet',
          icon: 'chart-bar',
          wideOnly: true,
        },
        exportAction(ctx, query),
        ...(makes ? [add] : []),
      ],
    },
    list: {
      tabs,
      filters: filtersOf(ctx, input),
      table: {
        id: 'changes',
        caption: t('inventory:change.list'),
        sticky: true,
        columns: [
          { key: 'number', label: t('inventory:change.number'), card: 'title' },
          { key: 'state', label: t('inventory:device.state'), card: 'state' },
          { key: 'effect', label: t('inventory:change.effectTitle'), card: 'full' },
          { key: 'place', label: t('inventory:device.place'), card: 'full' },
          { key: 'date', label: t('inventory:change.businessDate'), card: 'number' },
          { key: 'devices', label: t('inventory:change.devices'), num: true, card: 'number' },
          { key: 'pieces', label: t('inventory:change.pieces'), num: true, card: 'number' },
          ...(input.cost
            ? [{ key: 'net', label: t('inventory:change.netValue'), num: true, card: 'number' as const }]
            : []),
          { key: 'by', label: t('inventory:change.by'), card: 'hide' },
        ],
        rows: found.rows.map((row) => ({
          id: row.id,
          label: row.number,
          cells: [
            { text: row.number, href: changeHref(row.id), strong: true },
            { state: changeState(ctx, row.state) },
            { text: t(`inventory:change.effect.${row.effect}`), sub: row.reasonName },
            `${row.storeName} ${row.locationName}`,
            f.date(row.businessDate),
            f.number(row.devices),
            f.number(row.pieces),
            ...(input.cost ? [row.netFen === null ? null : f.money(row.netFen)] : []),
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
        title: t('inventory:change.emptyTitle'),
        text: t('inventory:change.emptyText'),
        ...(makes ? { action: add } : {}),
      },
      filtered: Object.keys(filters).length > 0,
      clearHref: '/inventory/changes',
    },
  };
}

function filtersOf(ctx: Ctx, { query, filter, reasons }: ChangeListInput): NonNullable<List['filters']> {
  const { t, f } = ctx;
  const { filters } = query;
  const chip = (name: string, label: string | undefined) =>
    filters[name] && label ? [{ label, removeHref: listHref(query, { [name]: null }) }] : [];
  return {
    action: '/inventory/changes',
    text: { name: 'q', value: filters['q'] ?? '', label: t('inventory:change.find') },
    keep: filters['state'] ? { state: filters['state'] } : {},
    chips: [
      ...chip('store', ctx.stores.find(({ id }) => String(id) === filters['store'])?.name),
      ...chip('effect', filter.effect ? t(`inventory:change.effect.${filter.effect}`) : undefined),
      ...chip('reason', reasons.find(({ id }) => id === filter.reasonId)?.name),
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
        name: 'effect',
        label: t('inventory:change.effectTitle'),
        type: 'select',
        value: filter.effect ?? '',
        choose: t('inventory:change.allEffects'),
        options: CHANGE_EFFECTS.map((effect) => ({ value: effect, label: t(`inventory:change.effect.${effect}`) })),
      },
      {
        name: 'reason',
        label: t('inventory:change.reason'),
        type: 'select',
        value: filters['reason'] ?? '',
        choose: t('inventory:change.allReasons'),
        options: reasons.map(({ id, name }) => ({ value: id, label: name })),
      },
      { name: 'from', label: t('inventory:movement.from'), type: 'date', value: filter.from ?? '' },
      { name: 'to', label: t('inventory:movement.to'), type: 'date', value: filter.to ?? '' },
    ],
  };
}
