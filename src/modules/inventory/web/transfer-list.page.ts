import type { BusinessDate } from '../../../kernel';
import { daysBetween } from '../../../kernel';
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
import type { Cell, List, PageHead } from '../../../platform/views';
import { type TransferState, TRANSFER_STATES } from '../domain/transfer-state';
import type { TransferListRow, TransferTotals } from '../queries/transfer-list';
import { transferHref, transferState } from './transfer-fields';

type ListCtx = Pick<Ctx, 't' | 'f' | 'can' | 'store' | 'stores' | 'today'>;

export const openPieces = ({ sent, received, returned, lost }: TransferListRow): number =>
  sent - received - returned - lost;

/** Days since it should have been there; 0 while it is in time. */
export const lateDays = ({ state, expectedOn }: { state: TransferState; expectedOn: string }, today: string): number =>
  state === 'sent' && expectedOn < today ? daysBetween(expectedOn as BusinessDate, today as BusinessDate) : 0;

export function transferListPage(
  ctx: ListCtx,
  query: ListQuery,
  found: ListPage<TransferListRow>,
  byState: ReadonlyMap<TransferState, TransferTotals>,
  stores: readonly { id: number; name: string }[],
): { head: PageHead; list: List } {
  const { t, f } = ctx;
  const { filters } = query;
  const sum = sumByState(query, TRANSFER_STATES, byState);
  const add = {
    label: t('inventory:transfer.new'),
    href: '/inventory/transfers/new',
    icon: 'plus',
    look: 'primary',
  } as const;
  const creates = ctx.can('inventory.transfer.create');
  const tabs = stateTabs(ctx, query, TRANSFER_STATES, {
    label: (state) => t(state ? `inventory:transfer.state.${state}` : 'inventory:transfer.all'),
    count: (state) => byState.get(state)?.transfers ?? 0,
  });
  const storeField = (name: 'from_store' | 'to_store') => ({
    name,
    label: t(`inventory:transfer.${name}`),
    type: 'select' as const,
    value: filters[name] ?? '',
    choose: t('common:frame.allStores'),
    options: stores.map(({ id, name: label }) => ({ value: id, label })),
  });
  const totalText = t('inventory:transfer.total', { count: f.number(sum('transfers')) });
  const chip = (key: string, label: string | undefined) =>
    filters[key] && label ? [{ label, removeHref: listHref(query, { [key]: null }) }] : [];
  const storeName = (key: 'from_store' | 'to_store'): string | undefined => {
    const name = stores.find(({ id }) => String(id) === filters[key])?.name;
    return name && t(`inventory:transfer.${key}Is`, { name });
  };
  return {
    head: {
      title: t('inventory:transfer.title'),
      say: ctx.store?.name ?? t('common:frame.allStores'),
      actions: [exportAction(ctx, query), ...(creates ? [add] : [])],
    },
    list: {
      tabs,
      filters: {
        action: '/inventory/transfers',
        text: { name: 'q', value: filters['q'] ?? '', label: t('inventory:transfer.find') },
        keep: filters['state'] ? { state: filters['state'] } : {},
        chips: [
          ...chip('from_store', storeName('from_store')),
          ...chip('to_store', storeName('to_store')),
          ...chip('late', t('inventory:transfer.late')),
          ...chip('from', t('inventory:movement.fromOn', { date: filters['from'] })),
          ...chip('to', t('inventory:movement.toOn', { date: filters['to'] })),
        ],
        fields: [
          storeField('from_store'),
          storeField('to_store'),
          {
            name: 'late',
            label: t('inventory:transfer.late'),
            type: 'checkbox',
            value: '1',
            checked: Boolean(filters['late']),
          },
          { name: 'from', label: t('inventory:movement.from'), type: 'date', value: filters['from'] ?? '' },
          { name: 'to', label: t('inventory:movement.to'), type: 'date', value: filters['to'] ?? '' },
        ],
      },
      table: {
        id: 'transfers',
        caption: t('inventory:transfer.title'),
        sticky: true,
        columns: [
          {
            key: 'number',
            label: t('inventory:transfer.number'),
            card: 'title',
            keep: true,
            sort: sortLink(query, 'number'),
          },
          { key: 'state', label: t('inventory:device.state'), card: 'state' },
          { key: 'way', label: t('inventory:transfer.way'), card: 'full' },
          {
            key: 'expected',
            label: t('inventory:transfer.expectedOn'),
            card: 'number',
            keep: true,
            sort: sortLink(query, 'expected'),
          },
          {
            key: 'quantity',
            label: t('inventory:transfer.wanted'),
            num: true,
            card: 'number',
            sort: sortLink(query, 'quantity'),
          },
          { key: 'sent', label: t('inventory:transfer.sent'), num: true, card: 'number' },
          { key: 'open', label: t('inventory:transfer.onTheWay'), num: true, card: 'number' },
        ],
        rows: found.rows.map((row) => ({
          id: row.id,
          label: row.number,
          cells: [
            { text: row.number, href: transferHref(row.id), strong: true },
            { state: transferState(ctx, row.state) },
            {
              text: `${row.fromStoreName} → ${row.toStoreName}`,
              sub: `${row.fromLocationName} → ${row.toLocationName}`,
            },
            expectedCell(ctx, row),
            f.number(row.quantity),
            row.sentAt === null ? null : f.number(row.sent),
            row.sentAt === null ? null : f.number(openPieces(row)),
          ],
        })),
        totals: [
          { text: totalText },
          null,
          null,
          null,
          f.number(sum('quantity')),
          null,
          { text: f.number(sum('onTheWay')), strong: true },
        ],
      },
      pager: {
        phoneSay: totalText,
        ...(found.previousHref ? { previousHref: found.previousHref } : {}),
        ...(found.nextHref ? { nextHref: found.nextHref } : {}),
      },
      empty: {
        title: t('inventory:transfer.empty'),
        text: t('inventory:transfer.emptyHint'),
        ...(creates ? { action: add } : {}),
      },
      filtered: Object.keys(filters).length > 0,
      clearHref: '/inventory/transfers',
    },
  };
}

function expectedCell({ t, f, today }: ListCtx, row: TransferListRow): Cell {
  const days = lateDays(row, today);
  if (days === 0) return f.date(row.expectedOn);
  return { text: f.date(row.expectedOn), sub: t('inventory:transfer.lateDays', { count: days }), tone: 'bad' };
}
