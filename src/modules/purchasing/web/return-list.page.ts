import type { Ctx } from '../../../platform/http';
import {
  exportAction,
  listHref,
  type ListPage,
  type ListQuery,
  sortLink,
  stateTabs,
  sumByState,
} from '../../../platform/lists';
import { seesCostIn } from '../../../platform/permissions';
import type { List, PageHead } from '../../../platform/views';
import type { ReturnState } from '../domain/return-state';
import { type ReturnListRow, type ReturnTotals, VIEW_RETURNS } from '../queries/return-list';
import { RETURN_STATES, returnHref, returnState } from './return-words';

type ListCtx = Pick<Ctx, 'actor' | 't' | 'f' | 'can' | 'store' | 'stores'>;

/** Money of a list over several stores: only to who sees cost in all of them. */
export const returnListShowsCost = ({ actor, store }: Pick<Ctx, 'actor' | 'store'>): boolean =>
  seesCostIn(actor, actor.scope(VIEW_RETURNS), store?.id ?? null);

export function returnListPage(
  ctx: ListCtx,
  query: ListQuery,
  found: ListPage<ReturnListRow>,
  byState: ReadonlyMap<ReturnState, ReturnTotals>,
  suppliers: readonly { id: number; name: string }[],
): { head: PageHead; list: List } {
  const { t, f } = ctx;
  const { filters } = query;
  const seesCost = returnListShowsCost(ctx);
  const sum = sumByState(query, RETURN_STATES, byState);
  const add = {
    label: t('purchasing:return.new'),
    href: '/purchasing/returns/new',
    icon: 'plus',
    look: 'primary',
  } as const;
  const creates = ctx.can('purchasing.return.edit');
  const tabs = stateTabs(ctx, query, RETURN_STATES, {
    label: (state) => (state ? t(`common:state.${state}`) : t('purchasing:receipt.tab.all')),
    count: (state) => byState.get(state)?.returns ?? 0,
  });
  const totalText = t('purchasing:documentTotal', { count: f.number(sum('returns')) });
  const options = (list: readonly { id: number; name: string }[]) =>
    list.map(({ id, name }) => ({ value: id, label: name }));
  return {
    head: {
      title: t('purchasing:return.title'),
      say: ctx.store?.name ?? t('common:frame.allStores'),
      actions: [exportAction(ctx, query), ...(creates ? [add] : [])],
    },
    list: {
      tabs,
      filters: {
        action: '/purchasing/returns',
        text: { name: 'q', value: filters['q'] ?? '', label: t('purchasing:order.find') },
        keep: filters['state'] ? { state: filters['state'] } : {},
        chips: chips(ctx, query, suppliers),
        fields: [
          {
            name: 'supplier',
            label: t('purchasing:receipt.supplier'),
            type: 'select',
            value: filters['supplier'] ?? '',
            choose: t('purchasing:receipt.allSuppliers'),
            options: options(suppliers),
          },
          {
            name: 'store',
            label: t('purchasing:receipt.store'),
            type: 'select',
            value: filters['store'] ?? '',
            choose: ctx.store?.name ?? t('common:frame.allStores'),
            options: options(ctx.stores),
          },
          {
            name: 'waiting',
            label: t('purchasing:return.settle'),
            type: 'select',
            value: filters['waiting'] ?? '',
            choose: t('purchasing:return.anySettle'),
            options: [{ value: 'yes', label: t('purchasing:return.waitingOnly') }],
          },
          {
            name: 'credit',
            label: t('purchasing:return.creditNoteNumber'),
            type: 'select',
            value: filters['credit'] ?? '',
            choose: t('purchasing:return.anySettle'),
            options: [{ value: 'none', label: t('purchasing:return.noCreditNote') }],
          },
          { name: 'from', label: t('purchasing:receipt.from'), type: 'date', value: filters['from'] ?? '' },
          { name: 'to', label: t('purchasing:receipt.to'), type: 'date', value: filters['to'] ?? '' },
        ],
      },
      table: {
        id: 'returns',
        caption: t('purchasing:return.title'),
        sticky: true,
        columns: [
          { key: 'number', label: t('purchasing:receipt.number'), card: 'title', sort: sortLink(query, 'number') },
          { key: 'state', label: t('purchasing:receipt.state'), card: 'state' },
          { key: 'supplier', label: t('purchasing:receipt.supplier'), card: 'full', sort: sortLink(query, 'supplier') },
          { key: 'store', label: t('purchasing:receipt.store'), card: 'hide' },
          {
            key: 'date',
            label: t('purchasing:receipt.businessDate'),
            card: 'number',
            keep: true,
            sort: sortLink(query, 'date'),
          },
          { key: 'reason', label: t('purchasing:return.reason'), card: 'full' },
          { key: 'quantity', label: t('purchasing:return.quantity'), num: true, card: 'number' },
          { key: 'replaced', label: t('purchasing:return.replaced'), num: true, card: 'number' },
          ...(seesCost
            ? [{ key: 'amount', label: t('purchasing:return.agreed'), num: true, card: 'number' as const }]
            : []),
        ],
        rows: found.rows.map((row) => ({
          id: row.id,
          label: row.number,
          cells: [
            { text: row.number, href: returnHref(row.id), strong: true },
            { state: returnState(ctx, row.state) },
            row.supplierName,
            row.storeName,
            f.date(row.businessDate),
            row.reason,
            f.number(row.quantity),
            row.exchange ? { text: f.number(row.replaced), aside: `/ ${f.number(row.quantity)}` } : null,
            ...(seesCost ? [f.money(row.grossFen)] : []),
          ],
        })),
        totals: [
          { text: totalText },
          null,
          null,
          null,
          null,
          null,
          f.number(sum('quantity')),
          null,
          ...(seesCost ? [f.money(sum('grossFen'))] : []),
        ],
      },
      pager: {
        ...(query.sort === 'created' ? { say: t('purchasing:receipt.sorted') } : {}),
        phoneSay: totalText,
        ...(found.previousHref ? { previousHref: found.previousHref } : {}),
        ...(found.nextHref ? { nextHref: found.nextHref } : {}),
      },
      empty: {
        title: t('purchasing:return.empty'),
        text: t('purchasing:return.emptyHint'),
        ...(creates ? { action: add } : {}),
      },
      filtered: Object.keys(filters).length > 0,
      clearHref: '/purchasing/returns',
    },
  };
}

function chips(ctx: ListCtx, query: ListQuery, suppliers: readonly { id: number; name: string }[]) {
  const { filters } = query;
  const named = (list: readonly { id: number; name: string }[], key: string) =>
    list.find(({ id }) => String(id) === filters[key])?.name ?? filters[key];
  const chip = (key: string, label: string | undefined) =>
    filters[key] && label ? [{ label, removeHref: listHref(query, { [key]: null }) }] : [];
  return [
    ...chip('supplier', named(suppliers, 'supplier')),
    ...chip('store', named(ctx.stores, 'store')),
    ...chip('waiting', ctx.t('purchasing:return.waitingOnly')),
    ...chip('credit', ctx.t('purchasing:return.noCreditNote')),
    ...chip('from', ctx.t('purchasing:receipt.since', { date: filters['from'] })),
    ...chip('to', ctx.t('purchasing:receipt.until', { date: filters['to'] })),
  ];
}
