import type { Ctx } from '../../../platform/http';
import { listHref, type ListPage, type ListQuery, sortLink } from '../../../platform/lists';
import type { List, PageHead } from '../../../platform/views';
import type { TacListRow } from '../queries/tac-list';

export const TACS = '/catalog/tacs';

export function tacListPage(
  ctx: Ctx,
  query: ListQuery,
  { rows, previousHref, nextHref }: ListPage<TacListRow>,
): { head: PageHead; list: List } {
  const { t, f } = ctx;
  const mayEdit = ctx.can('catalog.product.edit');
  const { q, linked } = query.filters;
  const importAction = { label: t('catalog:tac.import'), href: '/imports/catalog.tacs', icon: 'file-upload' as const };
  const tabs = ([null, 'yes', 'no'] as const).map((value) => ({
    label: t(`catalog:tac.linked.${value ?? 'all'}`),
    href: listHref(query, { linked: value }),
    current: (linked ?? null) === value,
  }));
  return {
    head: {
      title: t('catalog:tac.title'),
      say: t('catalog:tac.say'),
      actions: mayEdit
        ? [importAction, { label: t('catalog:tac.create'), href: `${TACS}/new`, icon: 'plus', look: 'primary' }]
        : [],
    },
    list: {
      tabs: { label: t('common:list.views'), tabs },
      filters: {
        action: TACS,
        text: { name: 'q', value: q ?? '', label: t('catalog:tac.find') },
        keep: linked ? { linked } : {},
        chips: [],
        fields: [],
      },
      table: {
        id: 'tacs',
        caption: t('catalog:tac.title'),
        sticky: true,
        columns: [
          { key: 'code', label: t('catalog:tac.code'), card: 'state', sort: sortLink(query, 'code') },
          { key: 'brand', label: t('catalog:brand.one'), card: 'number' },
          { key: 'models', label: t('catalog:tac.models'), card: 'title' },
          { key: 'product', label: t('catalog:tac.product'), card: 'full' },
          {
            key: 'updated',
            label: t('catalog:product.updated'),
            num: true,
            card: 'hide',
            sort: sortLink(query, 'updated'),
          },
        ],
        rows: rows.map((row) => ({
          id: row.id,
          label: row.code,
          cells: [
            mayEdit ? { text: row.code, href: `${TACS}/${row.id}`, strong: true } : row.code,
            row.brandText ?? '',
            row.modelText,
            row.productId === null
              ? { text: t('catalog:tac.notLinked'), muted: true }
              : { text: row.productName ?? '', href: `/catalog/products/${row.productId}` },
            f.dateTime(row.updatedAt),
          ],
        })),
      },
      pager: { ...(previousHref ? { previousHref } : {}), ...(nextHref ? { nextHref } : {}) },
      empty: {
        title: t('catalog:tac.empty'),
        text: t('catalog:tac.emptyHint'),
        ...(mayEdit ? { action: { ...importAction, look: 'primary' as const } } : {}),
      },
      filtered: Object.keys(query.filters).length > 0,
      clearHref: TACS,
    },
  };
}
