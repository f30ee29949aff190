import type { Ctx } from '../../../platform/http';
import { exportAction, listHref, type ListPage, type ListQuery, stateTabs } from '../../../platform/lists';
import type { List, PageHead } from '../../../platform/views';
import type { StocktakeState } from '../domain/stocktake-state';
import { STOCKTAKE_STATES, type StocktakeListRow } from '../queries/stocktake-list';
import { stocktakeHref, stocktakeState } from './stocktake-words';

export interface StocktakeListPage {
  head: PageHead;
  list: List;
}

export function stocktakeListPage(
  ctx: Ctx,
  query: ListQuery,
  found: ListPage<StocktakeListRow>,
  counts: ReadonlyMap<StocktakeState, number>,
): StocktakeListPage {
  const { t, f } = ctx;
  const { filters } = query;
  const plans = ctx.can('inventory.stocktake.plan');
  const add = {
    label: t('inventory:stocktake.new'),
    href: '/inventory/stocktakes/new',
    icon: 'plus',
    look: 'primary',
  } as const;
  const cycle = {
    label: t('inventory:cycle.title'),
    href: '/inventory/stocktakes/cycle',
    icon: 'refresh',
    look: 'quiet',
  } as const;
  const tabs = stateTabs(ctx, query, STOCKTAKE_STATES, {
    label: (state) => (state ? t(`inventory:stocktake.state.${state}`) : t('inventory:stocktake.allStates')),
    count: (state) => counts.get(state) ?? 0,
  });
  const store = ctx.stores.find(({ id }) => String(id) === filters['store']);
  return {
    head: {
      title: t('inventory:stocktake.list'),
      say: ctx.store?.name ?? t('common:frame.allStores'),
      actions: [...(plans ? [cycle] : []), exportAction(ctx, query), ...(plans ? [add] : [])],
    },
    list: {
      tabs,
      filters: {
        action: '/inventory/stocktakes',
        text: { name: 'q', value: filters['q'] ?? '', label: t('inventory:stocktake.find') },
        keep: filters['state'] ? { state: filters['state'] } : {},
        chips: store ? [{ label: store.name, removeHref: listHref(query, { store: null }) }] : [],
        fields: [
          {
            name: 'store',
            label: t('inventory:device.store'),
            type: 'select',
            value: filters['store'] ?? '',
            choose: ctx.store?.name ?? t('common:frame.allStores'),
            options: ctx.stores.map(({ id, name }) => ({ value: id, label: name })),
          },
        ],
      },
      table: {
        id: 'stocktakes',
        caption: t('inventory:stocktake.list'),
        sticky: true,
        columns: [
          { key: 'number', label: t('inventory:stocktake.number'), card: 'title' },
          { key: 'state', label: t('inventory:device.state'), card: 'state' },
          { key: 'place', label: t('inventory:device.place'), card: 'full' },
          { key: 'started', label: t('inventory:stocktake.startedAt'), card: 'number' },
          { key: 'expected', label: t('inventory:stocktake.expected'), num: true, card: 'number' },
          { key: 'missing', label: t('inventory:stocktake.list4.missing'), num: true, card: 'number' },
          { key: 'taken', label: t('inventory:stocktake.taken'), num: true, card: 'number' },
          { key: 'goods', label: t('inventory:stocktake.goodsChange'), num: true, card: 'number' },
        ],
        rows: found.rows.map((row) => {
          const counted = row.state === 'posted' || row.state === 'reversed';
          const hidden = row.blind && (row.state === 'planned' || row.state === 'counting');
          return {
            id: row.id,
            label: row.number,
            cells: [
              { text: row.number, href: stocktakeHref(row.id), strong: true },
              { state: stocktakeState(ctx, row.state) },
              `${row.storeName} ${row.locationName}`,
              row.startedAt === null ? null : f.dateTime(row.startedAt),
              row.startedAt === null || hidden ? null : f.number(row.expectedDevices),
              counted ? f.number(row.missingDevices) : null,
              counted ? f.number(row.takenDevices) : null,
              counted ? goodsChange(ctx, row) : null,
            ],
          };
        }),
      },
      pager: {
        say: t('inventory:stocktake.say', { count: found.rows.length }),
        ...(found.previousHref ? { previousHref: found.previousHref } : {}),
        ...(found.nextHref ? { nextHref: found.nextHref } : {}),
      },
      empty: {
        title: t('inventory:stocktake.emptyTitle'),
        text: t('inventory:stocktake.emptyText'),
        ...(plans ? { action: add } : {}),
      },
      filtered: Object.keys(filters).length > 0,
      clearHref: '/inventory/stocktakes',
    },
  };
}

/** "−8 +2": pieces short and over. */
function goodsChange({ f }: Pick<Ctx, 'f'>, row: StocktakeListRow): string {
  const parts = [
    row.shortPieces > 0 ? `−${f.number(row.shortPieces)}` : '',
    row.surplusPieces > 0 ? `+${f.number(row.surplusPieces)}` : '',
  ];
  return parts.filter(Boolean).join(' ') || '0';
}
