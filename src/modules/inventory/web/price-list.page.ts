import type { Ctx } from '../../../platform/http';
import { documentHref } from '../../../platform/http';
import { exportAction, listHref, type ListPage, type ListQuery, stateTabs } from '../../../platform/lists';
import { type List, type PageHead, stateLabel } from '../../../platform/views';
import { PRICE_CHANGE_STATES, type PriceChangeState } from '../domain/device-pricing';
import type { PriceChangeFilter, PriceChangeListRow } from '../queries/device-prices';

export interface PriceListPage {
  head: PageHead;
  list: List;
}

export const priceHref = (id: number): string => documentHref('inventory.price', id);

/** "减 ¥100", "吊牌价的 90%": what was done, in words. */
export function wayWords({ t, f }: Ctx, { way, value }: Pick<PriceChangeListRow, 'way' | 'value'>): string {
  const said = way === 'percent' ? f.percent(value ?? 0) : value === null ? '' : f.money(value);
  return t(`inventory:price.did.${way}`, { value: said });
}

export function priceListPage(
  ctx: Ctx,
  input: {
    query: ListQuery;
    filter: PriceChangeFilter;
    found: ListPage<PriceChangeListRow>;
    counts: ReadonlyMap<PriceChangeState, number>;
  },
): PriceListPage {
  const { t, f } = ctx;
  const { query, filter, found, counts } = input;
  const { filters } = query;
  const chip = (name: string, label: string | undefined) =>
    filters[name] && label ? [{ label, removeHref: listHref(query, { [name]: null }) }] : [];
  return {
    head: {
      title: t('inventory:price.list'),
      say: ctx.store?.name ?? t('common:frame.allStores'),
      actions: [exportAction(ctx, query)],
    },
    list: {
      tabs: stateTabs(ctx, query, PRICE_CHANGE_STATES, {
        label: (state) => t(state ? `common:state.${state}` : 'inventory:change.allStates'),
        count: (state) => counts.get(state) ?? 0,
      }),
      filters: {
        action: '/inventory/prices',
        text: { name: 'q', value: filters['q'] ?? '', label: t('inventory:price.find') },
        keep: filters['state'] ? { state: filters['state'] } : {},
        chips: [
          ...chip('store', ctx.stores.find(({ id }) => String(id) === filters['store'])?.name),
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
          { name: 'from', label: t('inventory:movement.from'), type: 'date', value: filter.from ?? '' },
          { name: 'to', label: t('inventory:movement.to'), type: 'date', value: filter.to ?? '' },
        ],
      },
      table: {
        id: 'prices',
        caption: t('inventory:price.list'),
        sticky: true,
        columns: [
          { key: 'number', label: t('inventory:change.number'), card: 'title' },
          { key: 'state', label: t('inventory:device.state'), card: 'state' },
          { key: 'way', label: t('inventory:price.way'), card: 'full' },
          { key: 'store', label: t('inventory:device.store'), card: 'full' },
          { key: 'date', label: t('inventory:change.businessDate'), card: 'number' },
          { key: 'devices', label: t('inventory:change.devices'), num: true, card: 'number' },
          { key: 'by', label: t('inventory:change.by'), card: 'hide' },
        ],
        rows: found.rows.map((row) => ({
          id: row.id,
          label: row.number,
          cells: [
            { text: row.number, href: priceHref(row.id), strong: true },
            { state: stateLabel(t, row.state) },
            { text: wayWords(ctx, row), sub: row.reason },
            row.storeName,
            f.date(row.businessDate),
            f.number(row.devices),
            row.createdByName,
          ],
        })),
      },
      pager: {
        say: t('inventory:change.say', { count: found.rows.length }),
        ...(found.previousHref ? { previousHref: found.previousHref } : {}),
        ...(found.nextHref ? { nextHref: found.nextHref } : {}),
      },
      empty: { title: t('inventory:price.emptyTitle'), text: t('inventory:price.emptyText') },
      filtered: Object.keys(filters).length > 0,
      clearHref: '/inventory/prices',
    },
  };
}
