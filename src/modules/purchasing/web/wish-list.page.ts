import type { Ctx } from '../../../platform/http';
import { exportAction, listHref, type ListPage, type ListQuery, sortLink } from '../../../platform/lists';
import type { List, PageHead } from '../../../platform/views';
import type { WantedRow, WantedTotals } from '../queries/wanted-lines';
import { requisitionHref } from './requisition-words';

/** What stores want and nobody has ordered: chosen lines become orders. */
export function wishListPage(
  ctx: Ctx,
  query: ListQuery,
  found: ListPage<WantedRow>,
  totals: WantedTotals,
  suppliers: readonly { id: number; name: string }[],
): { head: PageHead; list: List } {
  const { t, f } = ctx;
  const { filters } = query;
  const named = (all: readonly { id: number; name: string }[], key: string) =>
    all.find(({ id }) => String(id) === filters[key])?.name ?? filters[key];
  const chip = (key: string, label: string | undefined) =>
    filters[key] && label ? [{ label, removeHref: listHref(query, { [key]: null }) }] : [];
  const totalText = t('purchasing:wish.total', { count: f.number(totals.lines) });
  const select = (name: string, label: string, choose: string, options: readonly { id: number; name: string }[]) => ({
    name,
    label,
    type: 'select' as const,
    value: filters[name] ?? '',
    choose,
    options: options.map((option) => ({ value: option.id, label: option.name })),
  });
  return {
    head: {
      title: t('purchasing:wish.title'),
      say: t('purchasing:wish.say'),
      crumbs: [{ label: t('purchasing:requisition.title'), href: '/purchasing/requisitions' }],
      actions: [exportAction(ctx, query)],
    },
    list: {
      filters: {
        action: '/purchasing/wishes',
        text: { name: 'q', value: filters['q'] ?? '', label: t('purchasing:requisition.find') },
        chips: [
          ...chip('supplier', named(suppliers, 'supplier')),
          ...chip('store', named(ctx.stores, 'store')),
          ...chip('late', t('purchasing:wish.lateOnly')),
        ],
        fields: [
          select('supplier', t('purchasing:wish.supplier'), t('purchasing:receipt.allSuppliers'), suppliers),
          select(
            'store',
            t('purchasing:requisition.store'),
            ctx.store?.name ?? t('common:frame.allStores'),
            ctx.stores,
          ),
          {
            name: 'late',
            label: t('purchasing:requisition.wantedOn'),
            type: 'select',
            value: filters['late'] ?? '',
            choose: t('purchasing:order.anyArrival'),
            options: [{ value: 'yes', label: t('purchasing:wish.lateOnly') }],
          },
        ],
      },
      batch: {
        actions: [
          {
            label: t('purchasing:wish.merge'),
            href: '/purchasing/wishes/choice',
            icon: 'shopping-cart',
            look: 'plain',
          },
        ],
      },
      table: {
        id: 'wishes',
        caption: t('purchasing:wish.title'),
        sticky: true,
        pick: { name: 'wish' },
        columns: [
          { key: 'product', label: t('purchasing:receipt.product'), card: 'title', sort: sortLink(query, 'product') },
          { key: 'supplier', label: t('purchasing:wish.supplier'), card: 'full', sort: sortLink(query, 'supplier') },
          { key: 'store', label: t('purchasing:requisition.store'), card: 'full', sort: sortLink(query, 'store') },
          { key: 'number', label: t('purchasing:requisition.one'), card: 'number', sort: sortLink(query, 'number') },
          {
            key: 'wanted',
            label: t('purchasing:requisition.wantedOn'),
            card: 'number',
            sort: sortLink(query, 'wanted'),
          },
          { key: 'quantity', label: t('purchasing:requisition.quantity'), num: true, card: 'number' },
          { key: 'pieces', label: t('purchasing:wish.pieces'), num: true, card: 'number' },
        ],
        rows: found.rows.map((row) => ({
          id: row.id,
          label: `${row.skuName} ${row.storeName}`,
          cells: [
            { text: row.skuName, sub: row.skuCode, strong: true },
            row.supplierName ?? { text: t('purchasing:wish.noSupplier'), muted: true },
            row.reason === null ? row.storeName : { text: row.storeName, sub: row.reason },
            { text: row.number, href: requisitionHref(row.requisitionId) },
            wantedCell(ctx, row),
            f.number(row.quantity),
            { text: f.number(row.pieces), strong: true },
          ],
        })),
        totals: [{ text: totalText }, null, null, null, null, null, f.number(totals.pieces)],
      },
      pager: {
        phoneSay: totalText,
        ...(found.previousHref ? { previousHref: found.previousHref } : {}),
        ...(found.nextHref ? { nextHref: found.nextHref } : {}),
      },
      empty: { title: t('purchasing:wish.empty'), text: t('purchasing:wish.emptyHint') },
      filtered: Object.keys(filters).length > 0,
      clearHref: '/purchasing/wishes',
    },
  };
}

function wantedCell({ t, f, today }: Ctx, { wantedOn }: WantedRow) {
  if (wantedOn === null) return null;
  if (wantedOn >= today) return f.date(wantedOn);
  return { text: f.date(wantedOn), tone: 'bad' as const, aside: t('purchasing:order.late') };
}
