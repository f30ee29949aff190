import { type Ctx, page, type Reply } from '../../../platform/http';
import {
  exportAction,
  exportReply,
  listHref,
  type ListQuery,
  pageOf,
  readListQuery,
  sortLink,
} from '../../../platform/lists';
import type { List, PageHead } from '../../../platform/views';
import { AGE_BUCKETS } from '../domain/ageing';
import {
  BALANCE_LIST,
  type BalanceFilter,
  balanceTotals,
  type BalanceTotals,
  type SupplierBalance,
  supplierBalances,
} from '../queries/supplier-balances';

const filterOf = (ctx: Ctx, query = readListQuery(BALANCE_LIST, ctx.query)): BalanceFilter => ({
  query,
  storeId: ctx.store?.id ?? null,
  today: ctx.today,
});

export const statementHref = (supplierId: number): string => `/finance/statements/${supplierId}`;

/** What is open with each supplier, and for how long. */
export async function showBalances(ctx: Ctx): Promise<Reply> {
  const filter = filterOf(ctx);
  const found = pageOf(filter.query, await supplierBalances(ctx.read, ctx.actor, filter));
  const totals = await balanceTotals(ctx.read, ctx.actor, filter);
  // The tabs count what is there without the choice of one of them.
  const { due: _due, ...others } = filter.query.filters;
  const all = await balanceTotals(ctx.read, ctx.actor, { ...filter, query: { ...filter.query, filters: others } });
  const title = ctx.t('finance:statement.title');
  const head: PageHead = {
    title,
    say: ctx.store?.name ?? ctx.t('common:frame.allStores'),
    actions: [exportAction(ctx, filter.query)],
  };
  const list: List = {
    tabs: tabs(ctx, filter.query, all),
    filters: filterBar(ctx, filter.query),
    ...balanceTable(ctx, filter.query, found.rows, totals),
    pager: {
      phoneSay: ctx.t('finance:statement.totalSay', { count: totals.suppliers }),
      ...(found.previousHref ? { previousHref: found.previousHref } : {}),
      ...(found.nextHref ? { nextHref: found.nextHref } : {}),
    },
    empty: { title: ctx.t('finance:statement.empty'), text: ctx.t('finance:statement.emptyHint') },
    filtered: Object.keys(filter.query.filters).length > 0,
    clearHref: '/finance/statements',
  };
  return page('finance/list', title, { head, list });
}

function tabs({ t }: Ctx, query: ListQuery, all: BalanceTotals): NonNullable<List['tabs']> {
  const tab = (due: '' | 'overdue' | 'soon', count: number) => ({
    label: t(`finance:statement.due.${due || 'all'}`),
    href: listHref(query, { due: due || null }),
    count,
    current: (query.filters['due'] ?? '') === due,
  });
  return {
    label: t('common:list.views'),
    tabs: [tab('', all.suppliers), tab('overdue', all.overdueSuppliers), tab('soon', all.soonSuppliers)],
  };
}

function filterBar({ t, store, stores }: Ctx, query: ListQuery): NonNullable<List['filters']> {
  const { filters } = query;
  const chosen = stores.find(({ id }) => String(id) === filters['store']);
  return {
    action: '/finance/statements',
    text: { name: 'q', value: filters['q'] ?? '', label: t('finance:statement.find') },
    keep: filters['due'] ? { due: filters['due'] } : {},
    chips: chosen ? [{ label: chosen.name, removeHref: listHref(query, { store: null }) }] : [],
    fields: [
      {
        name: 'store',
        label: t('finance:payment.owingStore'),
        type: 'select',
        value: filters['store'] ?? '',
        choose: store?.name ?? t('common:frame.allStores'),
        options: stores.map(({ id, name }) => ({ value: id, label: name })),
      },
    ],
  };
}

function balanceTable(
  { t, f }: Ctx,
  query: ListQuery,
  rows: readonly SupplierBalance[],
  totals: BalanceTotals,
): Pick<List, 'table'> {
  const num = (key: string, label: string) => ({ key, label, num: true, card: 'number' as const });
  const amount = (fen: number) => (fen === 0 ? null : f.money(fen));
  const overdue = (fen: number) => (fen === 0 ? null : { text: f.money(fen), tone: 'bad' as const });
  return {
    table: {
      id: 'balances',
      caption: t('finance:statement.title'),
      wide: true,
      columns: [
        { key: 'name', label: t('finance:payment.supplier'), card: 'title', sort: sortLink(query, 'name') },
        { ...num('payable', t('finance:statement.payable')), sort: sortLink(query, 'payable') },
        ...AGE_BUCKETS.map((bucket) => num(bucket, t(`finance:statement.age.${bucket}`))),
        { ...num('overdue', t('finance:statement.overdue')), sort: sortLink(query, 'overdue') },
        num('accrued', t('finance:statement.accrued')),
        num('receivable', t('finance:statement.receivable')),
      ],
      rows: rows.map((row) => ({
        id: row.id,
        label: row.name,
        cells: [
          { text: row.name, sub: row.code, href: statementHref(row.id), strong: true },
          amount(row.payableFen),
          ...AGE_BUCKETS.map((bucket) => amount(row[bucket])),
          overdue(row.overdueFen),
          amount(row.accruedFen),
          amount(row.receivableFen),
        ],
      })),
      totals: [
        { text: t('finance:statement.totalSay', { count: totals.suppliers }) },
        f.money(totals.payableFen),
        ...AGE_BUCKETS.map((bucket) => f.money(totals[bucket])),
        f.money(totals.overdueFen),
        f.money(totals.accruedFen),
        f.money(totals.receivableFen),
      ],
    },
  };
}

export async function exportBalances(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const money = (key: string) => ({ header: t(`finance:statement.${key}`), type: 'money' as const });
  return exportReply(ctx, {
    name: `${t('finance:statement.title')}-${ctx.today}`,
    sheet: t('finance:statement.title'),
    columns: [
      { header: t('finance:statement.code'), type: 'text' },
      { header: t('finance:payment.supplier'), type: 'text' },
      money('payable'),
      ...AGE_BUCKETS.map((bucket) => money(`age.${bucket}`)),
      money('overdue'),
      money('accrued'),
      money('receivable'),
    ],
    query: readListQuery(BALANCE_LIST, ctx.query),
    load: (query) => supplierBalances(ctx.read, ctx.actor, filterOf(ctx, query)),
    toRow: (row) => [
      row.code,
      row.name,
      row.payableFen,
      ...AGE_BUCKETS.map((bucket) => row[bucket]),
      row.overdueFen,
      row.accruedFen,
      row.receivableFen,
    ],
  });
}
