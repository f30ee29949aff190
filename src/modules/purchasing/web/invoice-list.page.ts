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
import type { List, PageHead } from '../../../platform/views';
import type { InvoiceState } from '../domain/invoice-state';
import type { InvoiceListRow, InvoiceTotals } from '../queries/invoice-list';
import { INVOICE_STATES, invoiceHref, invoiceState } from './invoice-words';

type ListCtx = Pick<Ctx, 't' | 'f' | 'can' | 'store' | 'stores' | 'today'>;
type Named = readonly { id: number; name: string }[];

export function invoiceListPage(
  ctx: ListCtx,
  query: ListQuery,
  found: ListPage<InvoiceListRow>,
  byState: ReadonlyMap<InvoiceState, InvoiceTotals>,
  suppliers: Named,
): { head: PageHead; list: List } {
  const { t, f } = ctx;
  const { filters } = query;
  const sum = sumByState(query, INVOICE_STATES, byState);
  const creates = ctx.can('purchasing.invoice.edit');
  const add = {
    label: t('purchasing:invoice.new'),
    href: '/purchasing/invoices/new',
    icon: 'plus',
    look: 'primary',
  } as const;
  const totalText = t('purchasing:invoice.total', { count: f.number(sum('invoices')) });
  const select = (
    name: string,
    label: string,
    choose: string,
    options: { value: string | number; label: string }[],
  ) => ({
    name,
    label,
    type: 'select' as const,
    value: filters[name] ?? '',
    choose,
    options,
  });
  const options = (list: Named) => list.map(({ id, name }) => ({ value: id, label: name }));
  return {
    head: {
      title: t('purchasing:invoice.title'),
      say: ctx.store?.name ?? t('common:frame.allStores'),
      actions: [
        { label: t('purchasing:uninvoiced.title'), href: '/purchasing/uninvoiced', look: 'quiet', icon: 'hourglass' },
        exportAction(ctx, query),
        ...(creates ? [add] : []),
      ],
    },
    list: {
      tabs: stateTabs(ctx, query, INVOICE_STATES, {
        label: (state) => (state ? t(`purchasing:invoice.state.${state}`) : t('purchasing:receipt.tab.all')),
        count: (state) => byState.get(state)?.invoices ?? 0,
      }),
      filters: {
        action: '/purchasing/invoices',
        text: { name: 'q', value: filters['q'] ?? '', label: t('purchasing:invoice.find') },
        keep: filters['state'] ? { state: filters['state'] } : {},
        chips: chips(ctx, query, suppliers),
        fields: [
          select(
            'supplier',
            t('purchasing:receipt.supplier'),
            t('purchasing:receipt.allSuppliers'),
            options(suppliers),
          ),
          select(
            'store',
            t('purchasing:invoice.storeId'),
            ctx.store?.name ?? t('common:frame.allStores'),
            options(ctx.stores),
          ),
          select(
            'due',
            t('purchasing:invoice.payment'),
            t('purchasing:invoice.anyPayment'),
            (['open', 'overdue'] as const).map((value) => ({ value, label: t(`purchasing:invoice.due.${value}`) })),
          ),
          { name: 'from', label: t('purchasing:invoice.from'), type: 'date', value: filters['from'] ?? '' },
          { name: 'to', label: t('purchasing:receipt.to'), type: 'date', value: filters['to'] ?? '' },
        ],
      },
      table: table(ctx, query, found, [
        { text: totalText },
        null,
        null,
        null,
        null,
        null,
        f.money(sum('grossFen')),
        f.money(sum('openFen')),
      ]),
      pager: {
        ...(query.sort === 'created' ? { say: t('purchasing:receipt.sorted') } : {}),
        phoneSay: totalText,
        ...(found.previousHref ? { previousHref: found.previousHref } : {}),
        ...(found.nextHref ? { nextHref: found.nextHref } : {}),
      },
      empty: {
        title: t('purchasing:invoice.empty'),
        text: t('purchasing:invoice.emptyHint'),
        ...(creates ? { action: add } : {}),
      },
      filtered: Object.keys(filters).length > 0,
      clearHref: '/purchasing/invoices',
    },
  };
}

function table(
  ctx: ListCtx,
  query: ListQuery,
  found: ListPage<InvoiceListRow>,
  totals: NonNullable<List['table']['totals']>,
): List['table'] {
  const { t, f } = ctx;
  return {
    id: 'invoices',
    caption: t('purchasing:invoice.title'),
    sticky: true,
    columns: [
      { key: 'number', label: t('purchasing:receipt.number'), card: 'title' },
      { key: 'state', label: t('purchasing:receipt.state'), card: 'state' },
      { key: 'supplier', label: t('purchasing:receipt.supplier'), card: 'full', sort: sortLink(query, 'supplier') },
      { key: 'invoice', label: t('purchasing:invoice.invoiceNumber'), card: 'full' },
      {
        key: 'date',
        label: t('purchasing:invoice.invoicedOn'),
        card: 'number',
        keep: true,
        sort: sortLink(query, 'date'),
      },
      { key: 'due', label: t('purchasing:invoice.dueOn'), card: 'number', keep: true, sort: sortLink(query, 'due') },
      {
        key: 'amount',
        label: t('purchasing:receipt.gross'),
        num: true,
        card: 'number',
        sort: sortLink(query, 'amount'),
      },
      { key: 'open', label: t('purchasing:invoice.open'), num: true, card: 'number' },
    ],
    rows: found.rows.map((row) => ({
      id: row.id,
      label: row.number,
      cells: [
        { text: row.number, href: invoiceHref(row.id), strong: true },
        { state: invoiceState(ctx, row.state) },
        { text: row.supplierName, sub: row.storeName },
        row.invoiceNumber,
        f.date(row.invoicedOn),
        row.openFen > 0 && row.dueOn < ctx.today
          ? { text: f.date(row.dueOn), sub: t('purchasing:invoice.overdue'), tone: 'bad' as const }
          : f.date(row.dueOn),
        f.money(row.grossFen),
        row.state === 'posted' ? f.money(row.openFen) : null,
      ],
    })),
    totals,
  };
}

function chips(ctx: ListCtx, query: ListQuery, suppliers: Named) {
  const { filters } = query;
  const named = (list: Named, key: string) => list.find(({ id }) => String(id) === filters[key])?.name ?? filters[key];
  const chip = (key: string, label: string | undefined) =>
    filters[key] && label ? [{ label, removeHref: listHref(query, { [key]: null }) }] : [];
  const due = filters['due'] === 'open' || filters['due'] === 'overdue' ? filters['due'] : null;
  return [
    ...chip('supplier', named(suppliers, 'supplier')),
    ...chip('store', named(ctx.stores, 'store')),
    ...(due === null ? [] : chip('due', ctx.t(`purchasing:invoice.due.${due}`))),
    ...chip('from', ctx.t('purchasing:receipt.since', { date: filters['from'] })),
    ...chip('to', ctx.t('purchasing:receipt.until', { date: filters['to'] })),
  ];
}
