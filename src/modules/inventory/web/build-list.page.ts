import type { Ctx } from '../../../platform/http';
import { exportAction, listHref, type ListPage, type ListQuery, stateTabs } from '../../../platform/lists';
import { COST_PERMISSION } from '../../../platform/permissions';
import type { List, PageHead } from '../../../platform/views';
import { BUILD_KINDS, BUILD_STATES, type BuildState } from '../domain/build';
import type { BuildFilter, BuildListRow } from '../queries/build-list';
import { EDIT_BUILDS } from '../use-cases/create-build';
import { BUILDS, buildHref, buildState } from './build-words';

export interface BuildListPage {
  head: PageHead;
  list: List;
}

export interface BuildListInput {
  query: ListQuery;
  filter: BuildFilter;
  found: ListPage<BuildListRow>;
  counts: ReadonlyMap<BuildState, number>;
}

/** What a row is worth, for who may see the costs of its store. */
export const valueOf = (ctx: Ctx, { storeId, valueFen }: Pick<BuildListRow, 'storeId' | 'valueFen'>): number | null =>
  ctx.can(COST_PERMISSION, storeId) ? valueFen : null;

export function buildListPage(ctx: Ctx, input: BuildListInput): BuildListPage {
  const { t, f } = ctx;
  const { query, found, counts } = input;
  const seesCost = ctx.can(COST_PERMISSION);
  const adds = ctx.can(EDIT_BUILDS)
    ? BUILD_KINDS.map((kind) => ({
        label: t(`inventory:build.new.${kind}`),
        href: `${BUILDS}/new?kind=${kind}`,
        icon: 'plus' as const,
        look: kind === 'assemble' ? ('primary' as const) : ('quiet' as const),
      }))
    : [];
  return {
    head: {
      title: t('inventory:build.list'),
      say: ctx.store?.name ?? t('common:frame.allStores'),
      actions: [exportAction(ctx, query), ...adds.toReversed()],
    },
    list: {
      tabs: stateTabs(ctx, query, BUILD_STATES, {
        label: (state) => (state ? t(`common:state.${state}`) : t('inventory:change.allStates')),
        count: (state) => counts.get(state) ?? 0,
      }),
      filters: filtersOf(ctx, input),
      table: {
        id: 'builds',
        caption: t('inventory:build.list'),
        sticky: true,
        columns: [
          { key: 'number', label: t('inventory:change.number'), card: 'title' },
          { key: 'state', label: t('inventory:device.state'), card: 'state' },
          { key: 'product', label: t('inventory:device.product'), card: 'full' },
          { key: 'pieces', label: t('inventory:build.pieces'), num: true, card: 'number' },
          ...(seesCost
            ? [{ key: 'value', label: t('inventory:build.value'), num: true, card: 'number' as const }]
            : []),
          { key: 'place', label: t('inventory:build.place'), card: 'full' },
          { key: 'date', label: t('inventory:build.date'), card: 'number' },
          { key: 'by', label: t('inventory:change.by'), card: 'hide' },
        ],
        rows: found.rows.map((row) => {
          const valueFen = valueOf(ctx, row);
          return {
            id: row.id,
            label: row.number,
            cells: [
              { text: row.number, href: buildHref(row.id), strong: true, sub: t(`inventory:build.kind.${row.kind}`) },
              { state: buildState(ctx, row.state) },
              { text: row.skuName, sub: row.skuCode },
              f.number(row.pieces),
              ...(seesCost ? [valueFen === null ? '' : f.money(valueFen)] : []),
              `${row.storeName} ${row.locationName}`,
              f.date(row.businessDate),
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
        title: t('inventory:build.emptyTitle'),
        text: t('inventory:build.emptyText'),
        ...(adds[0] ? { action: adds[0] } : {}),
      },
      filtered: Object.keys(query.filters).length > 0,
      clearHref: BUILDS,
    },
  };
}

function filtersOf(ctx: Ctx, { query, filter }: BuildListInput): NonNullable<List['filters']> {
  const { t, f } = ctx;
  const { filters } = query;
  const chip = (name: string, label: string | undefined) =>
    filters[name] && label ? [{ label, removeHref: listHref(query, { [name]: null }) }] : [];
  return {
    action: BUILDS,
    text: { name: 'q', value: filters['q'] ?? '', label: t('inventory:build.find') },
    keep: filters['state'] ? { state: filters['state'] } : {},
    chips: [
      ...chip('store', ctx.stores.find(({ id }) => String(id) === filters['store'])?.name),
      ...chip('kind', filter.kind ? t(`inventory:build.kind.${filter.kind}`) : undefined),
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
        name: 'kind',
        label: t('inventory:build.kindTitle'),
        type: 'select',
        value: filter.kind ?? '',
        choose: t('inventory:build.allKinds'),
        options: BUILD_KINDS.map((value) => ({ value, label: t(`inventory:build.kind.${value}`) })),
      },
      { name: 'from', label: t('inventory:movement.from'), type: 'date', value: filter.from ?? '' },
      { name: 'to', label: t('inventory:movement.to'), type: 'date', value: filter.to ?? '' },
    ],
  };
}
