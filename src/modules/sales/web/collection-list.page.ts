import type { Ctx } from '../../../platform/http';
import { exportAction, listHref, type ListPage, type ListQuery, stateTabs } from '../../../platform/lists';
import type { List, PageHead } from '../../../platform/views';
import { SALE_STATES, type SaleState } from '../domain/sale';
import type { CollectionFilter, CollectionListRow } from '../queries/collection-list';
import { COLLECT } from '../queries/receivables';
import { collectionHref, COLLECTIONS, settlementState } from './settlement-words';

export interface CollectionListPage {
  head: PageHead;
  list: List;
}

export interface CollectionListInput {
  query: ListQuery;
  filter: CollectionFilter;
  found: ListPage<CollectionListRow>;
  counts: ReadonlyMap<SaleState, number>;
}

export function collectionListPage(
  ctx: Ctx,
  { query, filter, found, counts }: CollectionListInput,
): CollectionListPage {
  const { t, f } = ctx;
  const add = { label: t('sales:collection.new'), href: `${COLLECTIONS}/new`, icon: 'plus', look: 'primary' } as const;
  return {
    head: {
      title: t('sales:collection.list'),
      say: ctx.store?.name ?? t('common:frame.allStores'),
      actions: [exportAction(ctx, query), ...(ctx.can(COLLECT) ? [add] : [])],
    },
    list: {
      tabs: stateTabs(ctx, query, SALE_STATES, {
        label: (state) => t(state ? `sales:collection.state.${state}` : 'sales:consignment.allStates'),
        count: (state) => counts.get(state) ?? 0,
      }),
      filters: filtersOf(ctx, query, filter),
      table: {
        id: 'collections',
        caption: t('sales:collection.list'),
        sticky: true,
        columns: [
          { key: 'number', label: t('sales:consignment.number'), card: 'title' },
          { key: 'state', label: t('sales:sale.state'), card: 'state' },
          { key: 'customer', label: t('sales:collection.customer'), card: 'full' },
          { key: 'store', label: t('sales:sale.store'), card: 'full' },
          { key: 'date', label: t('sales:collection.date'), card: 'number' },
          { key: 'account', label: t('sales:collection.account'), card: 'number' },
          { key: 'amount', label: t('sales:collection.amount'), num: true, card: 'number' },
          { key: 'reference', label: t('sales:collection.reference'), card: 'full' },
          { key: 'by', label: t('sales:consignment.by'), card: 'hide' },
        ],
        rows: found.rows.map((row) => ({
          id: row.id,
          label: row.number,
          cells: [
            { text: row.number, href: collectionHref(row.id), strong: true },
            {
              state: { ...settlementState(ctx, row.state), text: t(`sales:collection.state.${row.state}`) },
            },
            { text: row.customerName ?? '', sub: row.phoneMasked ?? '' },
            row.storeName,
            f.date(row.businessDate),
            t(`sales:collection.accounts.${row.account}`),
            { text: f.money(row.amountFen), strong: true },
            row.reference ?? '',
            row.createdByName,
          ],
        })),
      },
      pager: {
        say: t('sales:consignment.say', { count: found.rows.length }),
        ...(found.previousHref ? { previousHref: found.previousHref } : {}),
        ...(found.nextHref ? { nextHref: found.nextHref } : {}),
      },
      empty: {
        title: t('sales:collection.emptyTitle'),
        text: t('sales:collection.emptyText'),
        ...(ctx.can(COLLECT) ? { action: add } : {}),
      },
      filtered: Object.keys(query.filters).length > 0,
      clearHref: COLLECTIONS,
    },
  };
}

function filtersOf(ctx: Ctx, query: ListQuery, filter: CollectionFilter): NonNullable<List['filters']> {
  const { t, f } = ctx;
  const { filters } = query;
  const chip = (name: string, label: string | undefined) =>
    filters[name] && label ? [{ label, removeHref: listHref(query, { [name]: null }) }] : [];
  return {
    action: COLLECTIONS,
    text: { name: 'q', value: filters['q'] ?? '', label: t('sales:collection.find') },
    keep: filters['state'] ? { state: filters['state'] } : {},
    chips: [
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
      { name: 'from', label: t('sales:sale.from'), type: 'date', value: filter.from ?? '' },
      { name: 'to', label: t('sales:sale.to'), type: 'date', value: filter.to ?? '' },
    ],
  };
}
