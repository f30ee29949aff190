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
import type { ReceiptState } from '../domain/receipt-state';
import type { ReceiptListRow, StateTotals } from '../queries/receipt-list';
import { receiptState } from './receipt-words';

const STATES: readonly ReceiptState[] = ['draft', 'posted', 'reversed'];

type ListCtx = Pick<Ctx, 'actor' | 't' | 'f' | 'can' | 'store' | 'stores'>;

export function receiptListPage(
  ctx: ListCtx,
  query: ListQuery,
  found: ListPage<ReceiptListRow>,
  byState: ReadonlyMap<ReceiptState, StateTotals>,
  suppliers: readonly { id: number; name: string }[],
): { head: PageHead; list: List } {
  const { t, f } = ctx;
  const { filters } = query;
  const seesCost = seesCostIn(ctx.actor, ctx.actor.scope('purchasing.receipt.view'), ctx.store?.id ?? null);
  const sum = sumByState(query, STATES, byState);
  const add = {
    label: t('purchasing:receipt.new'),
    href: '/purchasing/receipts/new',
    icon: 'plus',
    look: 'primary',
  } as const;
  const creates = ctx.can('purchasing.receipt.create');
  const tabs = stateTabs(ctx, query, STATES, {
    label: (state) => (state ? t(`purchasing:receipt.tab.${state}`) : t('purchasing:receipt.tab.all')),
    count: (state) => byState.get(state)?.receipts ?? 0,
  });
  const totalText = t('purchasing:receipt.total', { count: f.number(sum('receipts')) });
  return {
    head: {
      title: t('purchasing:receipt.title'),
      say: ctx.store?.name ?? t('common:frame.allStores'),
      actions: [exportAction(ctx, query), ...(creates ? [add] : [])],
    },
    list: {
      tabs,
      filters: {
        action: '/purchasing/receipts',
        text: { name: 'q', value: filters['q'] ?? '', label: t('purchasing:receipt.find') },
        keep: filters['state'] ? { state: filters['state'] } : {},
        chips: chips(ctx, query, suppliers),
        fields: [
          {
            name: 'supplier',
            label: t('purchasing:receipt.supplier'),
            type: 'select',
            value: filters['supplier'] ?? '',
            choose: t('purchasing:receipt.allSuppliers'),
            options: suppliers.map(({ id, name }) => ({ value: id, label: name })),
          },
          {
            name: 'store',
            label: t('purchasing:receipt.store'),
            type: 'select',
            value: filters['store'] ?? '',
            choose: ctx.store?.name ?? t('common:frame.allStores'),
            options: ctx.stores.map(({ id, name }) => ({ value: id, label: name })),
          },
          { name: 'from', label: t('purchasing:receipt.from'), type: 'date', value: filters['from'] ?? '' },
          { name: 'to', label: t('purchasing:receipt.to'), type: 'date', value: filters['to'] ?? '' },
        ],
      },
      table: {
        id: 'receipts',
        caption: t('purchasing:receipt.title'),
        sticky: true,
        columns: [
          { key: 'number', label: t('purchasing:receipt.number'), card: 'title', sort: sortLink(query, 'number') },
          { key: 'state', label: t('purchasing:receipt.state'), card: 'state' },
          { key: 'supplier', label: t('purchasing:receipt.supplier'), card: 'full', sort: sortLink(query, 'supplier') },
          { key: 'store', label: t('purchasing:receipt.place'), card: 'hide' },
          { key: 'date', label: t('purchasing:receipt.businessDate'), card: 'number', sort: sortLink(query, 'date') },
          { key: 'note', label: t('purchasing:receipt.deliveryNote'), card: 'hide' },
          {
            key: 'received',
            label: t('purchasing:receipt.received'),
            num: true,
            card: 'number',
            sort: sortLink(query, 'received'),
          },
          ...(seesCost
            ? [{ key: 'gross', label: t('purchasing:receipt.gross'), num: true, card: 'number' as const }]
            : []),
        ],
        rows: found.rows.map((row) => ({
          id: row.id,
          label: row.number,
          cells: [
            { text: row.number, href: `/purchasing/receipts/${row.id}`, strong: true },
            { state: receiptState(ctx, row.state) },
            row.supplierName,
            `${row.storeName} ${row.locationName}`,
            f.date(row.businessDate),
            row.deliveryNote,
            row.state === 'draft' && row.received < row.quantity
              ? { text: f.number(row.received), aside: `/ ${f.number(row.quantity)}` }
              : f.number(row.received),
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
          f.number(sum('received')),
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
        title: t('purchasing:receipt.empty'),
        text: t('purchasing:receipt.emptyHint'),
        ...(creates ? { action: add } : {}),
      },
      filtered: Object.keys(filters).length > 0,
      clearHref: '/purchasing/receipts',
    },
  };
}

function chips(ctx: ListCtx, query: ListQuery, suppliers: readonly { id: number; name: string }[]) {
  const { filters } = query;
  const supplier = suppliers.find(({ id }) => String(id) === filters['supplier'])?.name ?? filters['supplier'];
  const store = ctx.stores.find(({ id }) => String(id) === filters['store'])?.name ?? filters['store'];
  const chip = (key: string, label: string | undefined) =>
    filters[key] && label ? [{ label, removeHref: listHref(query, { [key]: null }) }] : [];
  return [
    ...chip('supplier', supplier),
    ...chip('store', store),
    ...chip('from', ctx.t('purchasing:receipt.since', { date: filters['from'] })),
    ...chip('to', ctx.t('purchasing:receipt.until', { date: filters['to'] })),
  ];
}
