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
import { PAYING_ACCOUNTS } from '../domain/payment-posting';
import type { PaymentState } from '../domain/payment-state';
import type { PaymentListRow, PaymentTotals } from '../queries/payment-list';
import { EDIT_PAYMENTS, type SupplierName } from '../queries/scope';
import { PAYMENT_STATES, paymentHref, paymentState } from './payment-words';

/** Of purchasing, which knows the suppliers' accounts. */
const BANK_DATA = 'purchasing.bank.view';

type ListCtx = Pick<Ctx, 't' | 'f' | 'can' | 'store' | 'stores'>;
type Named = readonly { id: number; name: string }[];

export function paymentListPage(
  ctx: ListCtx,
  query: ListQuery,
  found: ListPage<PaymentListRow>,
  byState: ReadonlyMap<PaymentState, PaymentTotals>,
  suppliers: readonly SupplierName[],
): { head: PageHead; list: List } {
  const { t, f } = ctx;
  const { filters } = query;
  const sum = sumByState(query, PAYMENT_STATES, byState);
  const creates = ctx.can(EDIT_PAYMENTS);
  const add = {
    label: t('finance:payment.new'),
    href: '/finance/payments/new',
    icon: 'plus',
    look: 'primary',
  } as const;
  const totalText = t('finance:payment.total', { count: f.number(sum('payments')) });
  const num = (key: string, label: string) => ({ key, label, num: true, card: 'number' as const });
  return {
    head: {
      title: t('finance:payment.title'),
      say: ctx.store?.name ?? t('common:frame.allStores'),
      actions: [
        ...(ctx.can(BANK_DATA)
          ? [
              {
                label: t('finance:payment.bankFile'),
                href: '/purchasing/bank-payments.xlsx',
                icon: 'building-bank' as const,
                look: 'quiet' as const,
                wideOnly: true,
              },
            ]
          : []),
        exportAction(ctx, query),
        ...(creates ? [add] : []),
      ],
    },
    list: {
      tabs: stateTabs(ctx, query, PAYMENT_STATES, {
        label: (state) => t(`finance:payment.state.${state ?? 'all'}`),
        count: (state) => byState.get(state)?.payments ?? 0,
      }),
      filters: filterBar(ctx, query, suppliers),
      table: {
        id: 'payments',
        caption: t('finance:payment.title'),
        sticky: true,
        columns: [
          { key: 'number', label: t('finance:payment.number'), card: 'title', sort: sortLink(query, 'number') },
          { key: 'state', label: t('finance:payment.stateLabel'), card: 'state' },
          { key: 'supplier', label: t('finance:payment.supplier'), card: 'full', sort: sortLink(query, 'supplier') },
          { key: 'store', label: t('finance:payment.store'), card: 'hide' },
          {
            key: 'date',
            label: t('finance:payment.businessDate'),
            card: 'number',
            keep: true,
            sort: sortLink(query, 'date'),
          },
          { key: 'account', label: t('finance:payment.account'), card: 'number' },
          { ...num('amount', t('finance:payment.amount')), sort: sortLink(query, 'amount') },
          num('payable', t('finance:payment.payable')),
          { key: 'reference', label: t('finance:payment.reference'), card: 'full' },
        ],
        rows: found.rows.map((row) => ({
          id: row.id,
          label: row.number,
          cells: [
            { text: row.number, href: paymentHref(row.id), strong: true },
            { state: paymentState(ctx, row.state) },
            row.supplierName,
            row.storeName,
            f.date(row.businessDate),
            t(`finance:account.${row.account}`),
            f.money(row.amountFen),
            f.money(row.payableFen),
            row.reference,
          ],
        })),
        totals: [
          { text: totalText },
          null,
          null,
          null,
          null,
          null,
          f.money(sum('amountFen')),
          f.money(sum('payableFen')),
          null,
        ],
      },
      pager: {
        phoneSay: totalText,
        ...(found.previousHref ? { previousHref: found.previousHref } : {}),
        ...(found.nextHref ? { nextHref: found.nextHref } : {}),
      },
      empty: {
        title: t('finance:payment.empty'),
        text: t('finance:payment.emptyHint'),
        ...(creates ? { action: add } : {}),
      },
      filtered: Object.keys(filters).length > 0,
      clearHref: '/finance/payments',
    },
  };
}

function filterBar(ctx: ListCtx, query: ListQuery, suppliers: Named): NonNullable<List['filters']> {
  const { t } = ctx;
  const { filters } = query;
  const select = (name: string, choose: string, options: { value: string | number; label: string }[]) => ({
    name,
    label: t(`finance:payment.${name}`),
    type: 'select' as const,
    value: filters[name] ?? '',
    choose,
    options,
  });
  const options = (list: Named) => list.map(({ id, name }) => ({ value: id, label: name }));
  const nameIn = (list: Named, key: string) => list.find(({ id }) => String(id) === filters[key])?.name ?? filters[key];
  const chip = (key: string, label: string | undefined) =>
    filters[key] && label ? [{ label, removeHref: listHref(query, { [key]: null }) }] : [];
  return {
    action: '/finance/payments',
    text: { name: 'q', value: filters['q'] ?? '', label: t('finance:payment.find') },
    keep: filters['state'] ? { state: filters['state'] } : {},
    chips: [
      ...chip('supplier', nameIn(suppliers, 'supplier')),
      ...chip('store', nameIn(ctx.stores, 'store')),
      ...chip('account', t(`finance:account.${filters['account'] ?? 'bank'}`, { defaultValue: filters['account'] })),
      ...chip('from', t('finance:payment.since', { date: filters['from'] })),
      ...chip('to', t('finance:payment.until', { date: filters['to'] })),
    ],
    fields: [
      select('supplier', t('finance:payment.allSuppliers'), options(suppliers)),
      select('store', ctx.store?.name ?? t('common:frame.allStores'), options(ctx.stores)),
      select(
        'account',
        t('finance:payment.allAccounts'),
        PAYING_ACCOUNTS.map((value) => ({ value, label: t(`finance:account.${value}`) })),
      ),
      { name: 'from', label: t('finance:payment.from'), type: 'date', value: filters['from'] ?? '' },
      { name: 'to', label: t('finance:payment.to'), type: 'date', value: filters['to'] ?? '' },
    ],
  };
}
