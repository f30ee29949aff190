import type { Ctx } from '../../../platform/http';
import { exportAction, listHref, type ListPage, type ListQuery, sortLink } from '../../../platform/lists';
import { type List, type PageHead, stateLabel } from '../../../platform/views';
import type { SupplierListRow, SupplierRow } from '../queries/suppliers';

type PageCtx = Pick<Ctx, 't' | 'f' | 'can'>;

export const supplierCrumbs = ({ t }: PageCtx) => [
  { label: t('purchasing:menu.purchasing'), href: '/purchasing/receipts' },
  { label: t('purchasing:menu.suppliers'), href: '/purchasing/suppliers' },
];

/** 30 天, or 月结后 30 天. */
export const termsText = (t: Ctx['t'], { paymentTerms, paymentDays: count }: SupplierRow): string =>
  t(paymentTerms === 'month_end' ? 'purchasing:supplier.monthDays' : 'purchasing:supplier.days', { count });

export function supplierListPage(
  ctx: PageCtx,
  query: ListQuery,
  found: ListPage<SupplierListRow>,
  counts: { active: number; inactive: number },
): { head: PageHead; list: List } {
  const { t } = ctx;
  const { filters } = query;
  const edits = ctx.can('purchasing.supplier.edit');
  const add = {
    label: t('purchasing:supplier.add'),
    href: '/purchasing/suppliers/new',
    icon: 'plus',
    look: 'primary',
  } as const;
  const tab = (key: 'all' | 'yes' | 'no', count: number) => ({
    label: t(`purchasing:supplier.tab.${key}`),
    href: listHref(query, { active: key === 'all' ? null : key }),
    count,
    current: (filters['active'] ?? 'all') === key,
  });
  return {
    head: {
      title: t('purchasing:supplier.title'),
      crumbs: supplierCrumbs(ctx).slice(0, 1),
      actions: [exportAction(ctx, query), ...(edits ? [add] : [])],
    },
    list: {
      tabs: {
        label: t('common:list.views'),
        tabs: [tab('all', counts.active + counts.inactive), tab('yes', counts.active), tab('no', counts.inactive)],
      },
      filters: {
        action: '/purchasing/suppliers',
        text: { name: 'q', value: filters['q'] ?? '', label: t('purchasing:supplier.find') },
        keep: filters['active'] ? { active: filters['active'] } : {},
        chips: filters['category']
          ? [{ label: filters['category'], removeHref: listHref(query, { category: null }) }]
          : [],
      },
      table: {
        id: 'suppliers',
        caption: t('purchasing:supplier.title'),
        sticky: true,
        columns: [
          { key: 'name', label: t('purchasing:supplier.name'), card: 'title', sort: sortLink(query, 'name') },
          { key: 'state', label: t('purchasing:supplier.state'), card: 'state' },
          { key: 'category', label: t('purchasing:supplier.category'), card: 'number' },
          { key: 'contact', label: t('purchasing:supplier.contact'), card: 'number' },
          { key: 'phone', label: t('purchasing:supplier.phone'), card: 'number' },
          {
            key: 'days',
            label: t('purchasing:supplier.paymentDays'),
            num: true,
            card: 'number',
            sort: sortLink(query, 'days'),
          },
        ],
        rows: found.rows.map((row) => ({
          id: row.id,
          label: row.name,
          cells: [
            { text: row.name, sub: row.code, strong: true, href: `/purchasing/suppliers/${row.id}` },
            { state: stateLabel(t, row.active ? 'active' : 'inactive') },
            row.category,
            row.contact,
            row.phone,
            termsText(t, row),
          ],
        })),
      },
      pager: {
        say: t('common:list.rows', { count: counts.active + counts.inactive }),
        ...(found.previousHref ? { previousHref: found.previousHref } : {}),
        ...(found.nextHref ? { nextHref: found.nextHref } : {}),
      },
      empty: {
        title: t('purchasing:supplier.empty'),
        text: t('purchasing:supplier.emptyHint'),
        ...(edits ? { action: add } : {}),
      },
      filtered: Object.keys(filters).length > 0,
      clearHref: '/purchasing/suppliers',
    },
  };
}
