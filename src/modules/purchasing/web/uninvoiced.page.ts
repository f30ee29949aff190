import { type BusinessDate, daysBetween } from '../../../kernel';
import type { Ctx } from '../../../platform/http';
import { exportAction, listHref, type ListPage, type ListQuery, sortLink } from '../../../platform/lists';
import type { List, PageHead } from '../../../platform/views';
import { AGES, type Age, type UninvoicedRow, type UninvoicedTotals } from '../queries/uninvoiced';
import { receiptHref } from './receipt-parts';

export type UninvoicedCtx = Pick<Ctx, 't' | 'f' | 'can' | 'store' | 'stores' | 'today'>;
type Named = readonly { id: number; name: string }[];

export interface UninvoicedInput {
  query: ListQuery;
  found: ListPage<UninvoicedRow>;
  totals: ReadonlyMap<Age, UninvoicedTotals>;
  head: PageHead;
  /** To filter by; null: the page is of one supplier. */
  suppliers: Named | null;
  batch: List['batch'];
  empty: List['empty'];
}

/** Goods received, not invoiced, line by line: the list of what is accrued, and the choice for an invoice. */
export function uninvoicedPage(ctx: UninvoicedCtx, input: UninvoicedInput): { head: PageHead; list: List } {
  const { t, f } = ctx;
  const { query, found, suppliers } = input;
  const { filters } = query;
  const shown = AGES.filter((age) => !filters['age'] || filters['age'] === age);
  const sum = (key: keyof UninvoicedTotals, ages: readonly Age[] = shown): number =>
    ages.map((age) => input.totals.get(age)?.[key] ?? 0).reduce((total, one) => total + one, 0);
  const totalText = t('purchasing:uninvoiced.total', { count: f.number(sum('lines')) });
  const tab = (age: Age | null) => ({
    label: age ? t(`purchasing:uninvoiced.age.${age}`) : t('purchasing:receipt.tab.all'),
    href: listHref(query, { age }),
    count: sum('lines', age ? [age] : AGES),
    current: (filters['age'] ?? null) === age,
  });
  return {
    head: { ...input.head, actions: [...(suppliers ? [exportAction(ctx, query)] : []), ...(input.head.actions ?? [])] },
    list: {
      tabs: { label: t('purchasing:uninvoiced.ages'), tabs: [tab(null), ...AGES.map(tab)] },
      filters: {
        action: query.spec.path,
        text: { name: 'q', value: filters['q'] ?? '', label: t('purchasing:uninvoiced.find') },
        keep: filters['age'] ? { age: filters['age'] } : {},
        chips: chips(ctx, query, suppliers ?? []),
        fields: [
          ...(suppliers
            ? [
                select(
                  query,
                  'supplier',
                  t('purchasing:receipt.supplier'),
                  t('purchasing:receipt.allSuppliers'),
                  suppliers,
                ),
              ]
            : []),
          select(
            query,
            'store',
            t('purchasing:receipt.store'),
            ctx.store?.name ?? t('common:frame.allStores'),
            ctx.stores,
          ),
        ],
      },
      ...(input.batch ? { batch: input.batch } : {}),
      table: {
        id: 'uninvoiced',
        caption: input.head.title,
        sticky: true,
        ...(input.batch ? { pick: { name: 'line' } } : {}),
        columns: [
          { key: 'product', label: t('purchasing:receipt.product'), card: 'title', sort: sortLink(query, 'product') },
          ...(suppliers
            ? [
                {
                  key: 'supplier',
                  label: t('purchasing:receipt.supplier'),
                  card: 'full' as const,
                  sort: sortLink(query, 'supplier'),
                },
              ]
            : []),
          { key: 'receipt', label: t('purchasing:receipt.one'), card: 'full', sort: sortLink(query, 'number') },
          {
            key: 'date',
            label: t('purchasing:uninvoiced.receivedOn'),
            card: 'number',
            keep: true,
            sort: sortLink(query, 'oldest'),
          },
          { key: 'pieces', label: t('purchasing:uninvoiced.pieces'), num: true, card: 'number' },
          { key: 'price', label: t('purchasing:invoice.receivedPrice'), num: true, card: 'number' },
          { key: 'amount', label: t('purchasing:uninvoiced.amount'), num: true, card: 'number' },
        ],
        rows: found.rows.map((row) => rowOf(ctx, row, suppliers !== null)),
        totals: [
          { text: totalText },
          ...(suppliers ? [null] : []),
          null,
          null,
          f.number(sum('pieces')),
          null,
          f.money(sum('fen')),
        ],
      },
      pager: {
        phoneSay: totalText,
        ...(found.previousHref ? { previousHref: found.previousHref } : {}),
        ...(found.nextHref ? { nextHref: found.nextHref } : {}),
      },
      empty: input.empty,
      filtered: Object.keys(filters).length > 0,
      clearHref: query.spec.path,
    },
  };
}

function rowOf(ctx: UninvoicedCtx, row: UninvoicedRow, withSupplier: boolean) {
  const { t, f } = ctx;
  const days = daysBetween(row.businessDate as BusinessDate, ctx.today);
  return {
    id: row.id,
    label: `${row.skuName} ${row.receiptNumber}`,
    sumFen: row.leftFen,
    cells: [
      { text: row.skuName, sub: row.skuCode, strong: true },
      ...(withSupplier ? [row.supplierName] : []),
      {
        text: row.receiptNumber,
        sub: [row.storeName, row.deliveryNote].filter(Boolean).join(' · '),
        ...(ctx.can('purchasing.receipt.view') ? { href: receiptHref(row.receiptId) } : {}),
      },
      { text: f.date(row.businessDate), sub: t('purchasing:uninvoiced.days', { count: days }) },
      f.number(row.leftPieces),
      f.money(row.unitPriceFen),
      f.money(row.leftFen),
    ],
  };
}

const select = ({ filters }: ListQuery, name: string, label: string, choose: string, options: Named) => ({
  name,
  label,
  type: 'select' as const,
  value: filters[name] ?? '',
  choose,
  options: options.map((one) => ({ value: one.id, label: one.name })),
});

function chips(ctx: UninvoicedCtx, query: ListQuery, suppliers: Named) {
  const { filters } = query;
  const chip = (key: string, list: Named) => {
    const label = list.find(({ id }) => String(id) === filters[key])?.name ?? filters[key];
    return label ? [{ label, removeHref: listHref(query, { [key]: null }) }] : [];
  };
  return [...chip('supplier', suppliers), ...chip('store', ctx.stores)];
}
