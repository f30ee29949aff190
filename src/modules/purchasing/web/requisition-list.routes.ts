import { type Ctx, page, type Reply, type Route } from '../../../platform/http';
import {
  exportAction,
  exportReply,
  listHref,
  type ListPage,
  type ListQuery,
  pageOf,
  readListQuery,
  sortLink,
  stateTabs,
  sumByState,
} from '../../../platform/lists';
import type { List, PageHead } from '../../../platform/views';
import type { RequisitionState } from '../domain/requisition-state';
import {
  REQUISITION_LIST,
  type RequisitionListRow,
  requisitionRows,
  type RequisitionTotals,
  requisitionTotalsByState,
} from '../queries/requisition-list';
import { REQUISITION_STATES, requisitionHref, requisitionState } from './requisition-words';

const view = { permission: 'purchasing.requisition.view' };

export const requisitionListRoutes: readonly Route[] = [
  { method: 'get', path: '/purchasing/requisitions', access: view, handler: list },
  { method: 'get', path: '/purchasing/requisitions.xlsx', access: view, handler: exportList },
];

async function list(ctx: Ctx): Promise<Reply> {
  const query = readListQuery(REQUISITION_LIST, ctx.query);
  const storeId = ctx.store?.id ?? null;
  const found = pageOf(query, await requisitionRows(ctx.read, ctx.actor, query, storeId));
  const totals = await requisitionTotalsByState(ctx.read, ctx.actor, query, storeId);
  const model = requisitionListPage(ctx, query, found, totals);
  return page('purchasing/list', ctx.t('purchasing:requisition.title'), model);
}

function requisitionListPage(
  ctx: Ctx,
  query: ListQuery,
  found: ListPage<RequisitionListRow>,
  byState: ReadonlyMap<RequisitionState, RequisitionTotals>,
): { head: PageHead; list: List } {
  const { t, f } = ctx;
  const { filters } = query;
  const sum = sumByState(query, REQUISITION_STATES, byState);
  const add = {
    label: t('purchasing:requisition.new'),
    href: '/purchasing/requisitions/new',
    icon: 'plus',
    look: 'primary',
  } as const;
  const wishes = {
    label: t('purchasing:wish.title'),
    href: '/purchasing/wishes',
    icon: 'shopping-cart',
    look: 'plain',
  } as const;
  const creates = ctx.can('purchasing.requisition.edit');
  const tabs = stateTabs(ctx, query, REQUISITION_STATES, {
    label: (state) => (state ? t(`purchasing:requisition.state.${state}`) : t('purchasing:receipt.tab.all')),
    count: (state) => byState.get(state)?.requisitions ?? 0,
  });
  const chip = (key: string, label: string | undefined) =>
    filters[key] && label ? [{ label, removeHref: listHref(query, { [key]: null }) }] : [];
  const totalText = t('purchasing:requisition.total', { count: f.number(sum('requisitions')) });
  return {
    head: {
      title: t('purchasing:requisition.title'),
      say: ctx.store?.name ?? t('common:frame.allStores'),
      actions: [
        exportAction(ctx, query),
        ...(ctx.can('purchasing.order.edit') ? [wishes] : []),
        ...(creates ? [add] : []),
      ],
    },
    list: {
      tabs,
      filters: {
        action: '/purchasing/requisitions',
        text: { name: 'q', value: filters['q'] ?? '', label: t('purchasing:requisition.find') },
        keep: filters['state'] ? { state: filters['state'] } : {},
        chips: [
          ...chip('store', ctx.stores.find(({ id }) => String(id) === filters['store'])?.name ?? filters['store']),
          ...chip('from', t('purchasing:receipt.since', { date: filters['from'] })),
          ...chip('to', t('purchasing:receipt.until', { date: filters['to'] })),
        ],
        fields: [
          {
            name: 'store',
            label: t('purchasing:requisition.store'),
            type: 'select',
            value: filters['store'] ?? '',
            choose: ctx.store?.name ?? t('common:frame.allStores'),
            options: ctx.stores.map(({ id, name }) => ({ value: id, label: name })),
          },
          { name: 'from', label: t('purchasing:requisition.from'), type: 'date', value: filters['from'] ?? '' },
          { name: 'to', label: t('purchasing:receipt.to'), type: 'date', value: filters['to'] ?? '' },
        ],
      },
      table: {
        id: 'requisitions',
        caption: t('purchasing:requisition.title'),
        sticky: true,
        columns: [
          { key: 'number', label: t('purchasing:receipt.number'), card: 'title', sort: sortLink(query, 'number') },
          { key: 'state', label: t('purchasing:receipt.state'), card: 'state' },
          { key: 'store', label: t('purchasing:requisition.store'), card: 'full', sort: sortLink(query, 'store') },
          { key: 'date', label: t('purchasing:requisition.requestedOn'), card: 'hide', sort: sortLink(query, 'date') },
          {
            key: 'wanted',
            label: t('purchasing:requisition.wantedOn'),
            card: 'number',
            sort: sortLink(query, 'wanted'),
          },
          { key: 'ordered', label: t('purchasing:requisition.ordered'), num: true, card: 'number' },
          { key: 'received', label: t('purchasing:order.arrived'), num: true, card: 'number' },
        ],
        rows: found.rows.map((row) => ({
          id: row.id,
          label: row.number,
          cells: [
            { text: row.number, href: requisitionHref(row.id), strong: true },
            { state: requisitionState(ctx, row.state) },
            row.reason === null ? row.storeName : { text: row.storeName, sub: row.reason },
            f.date(row.requestedOn),
            row.wantedOn === null ? null : f.date(row.wantedOn),
            { text: f.number(row.ordered), aside: `/ ${f.number(row.quantity)}` },
            { text: f.number(row.received), aside: `/ ${f.number(row.quantity)}` },
          ],
        })),
        totals: [{ text: totalText }, null, null, null, null, { text: f.number(sum('quantity')) }, null],
      },
      pager: {
        ...(query.sort === 'created' ? { say: t('purchasing:receipt.sorted') } : {}),
        phoneSay: totalText,
        ...(found.previousHref ? { previousHref: found.previousHref } : {}),
        ...(found.nextHref ? { nextHref: found.nextHref } : {}),
      },
      empty: {
        title: t('purchasing:requisition.empty'),
        text: t('purchasing:requisition.emptyHint'),
        ...(creates ? { action: add } : {}),
      },
      filtered: Object.keys(filters).length > 0,
      clearHref: '/purchasing/requisitions',
    },
  };
}

async function exportList(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  return exportReply(ctx, {
    name: `${t('purchasing:requisition.title')}-${ctx.today}`,
    sheet: t('purchasing:requisition.title'),
    columns: [
      { header: t('purchasing:receipt.number'), type: 'text' },
      { header: t('purchasing:receipt.state'), type: 'text' },
      { header: t('purchasing:requisition.store'), type: 'text' },
      { header: t('purchasing:requisition.requestedOn'), type: 'date' },
      { header: t('purchasing:requisition.wantedOn'), type: 'date' },
      { header: t('purchasing:requisition.reason'), type: 'text', width: 30 },
      { header: t('purchasing:requisition.by'), type: 'text' },
      { header: t('purchasing:requisition.quantity'), type: 'integer' },
      { header: t('purchasing:requisition.ordered'), type: 'integer' },
      { header: t('purchasing:order.arrived'), type: 'integer' },
    ],
    query: readListQuery(REQUISITION_LIST, ctx.query),
    load: (query) => requisitionRows(ctx.read, ctx.actor, query, ctx.store?.id ?? null),
    toRow: (row) => [
      row.number,
      t(`purchasing:requisition.state.${row.state}`),
      row.storeName,
      row.requestedOn,
      row.wantedOn,
      row.reason,
      row.createdByName,
      row.quantity,
      row.ordered,
      row.received,
    ],
  });
}
