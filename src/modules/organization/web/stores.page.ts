import type { Ctx } from '../../../platform/http';
import { type Field, type List, type PageHead, stateLabel } from '../../../platform/views';
import type { StoreListRow } from '../queries/store-list';
import { STORE_KINDS } from '../domain/store-kind';

export const STORES = '/organization/stores';

export function storeListPage(ctx: Ctx, rows: readonly StoreListRow[], all: boolean): { head: PageHead; list: List } {
  const { t, f } = ctx;
  const create = {
    label: t('organization:store.create'),
    href: `${STORES}/new`,
    icon: 'plus' as const,
    look: 'primary' as const,
  };
  const mayEdit = ctx.can('organization.store.edit');
  return {
    head: { title: t('organization:store.title'), ...(mayEdit ? { actions: [create] } : {}) },
    list: {
      tabs: {
        label: t('common:list.views'),
        tabs: [
          { label: t('organization:store.open'), href: STORES, current: !all },
          { label: t('organization:store.all'), href: `${STORES}?active=all`, current: all },
        ],
      },
      table: {
        id: 'stores',
        caption: t('organization:store.title'),
        columns: [
          { key: 'name', label: t('organization:name'), card: 'title' },
          { key: 'code', label: t('organization:code') },
          { key: 'kind', label: t('organization:store.kind') },
          { key: 'phone', label: t('organization:phone') },
          { key: 'address', label: t('organization:address'), card: 'full' },
          { key: 'locations', label: t('organization:location.count'), num: true, card: 'number' },
          { key: 'staff', label: t('organization:staff.count'), num: true, card: 'number' },
          { key: 'state', label: t('organization:state'), card: 'state' },
        ],
        rows: rows.map((row) => ({
          id: row.id,
          label: row.name,
          cells: [
            { text: row.name, href: `${STORES}/${row.id}`, strong: true },
            row.code,
            t(`organization:storeKind.${row.kind}`),
            row.phone ?? '',
            row.address ?? '',
            f.number(row.locations),
            f.number(row.staff),
            { state: stateLabel(t, row.active ? 'active' : 'inactive') },
          ],
        })),
      },
      empty: {
        title: t('organization:store.empty'),
        text: t('organization:store.emptyHint'),
        ...(mayEdit ? { action: create } : {}),
      },
    },
  };
}

export function storeFields(ctx: Pick<Ctx, 't'>, isNew: boolean): Field[] {
  const { t } = ctx;
  const kinds = STORE_KINDS.map((kind) => ({ value: kind, label: t(`organization:storeKind.${kind}`) }));
  const first: Field[] = [
    {
      name: 'code',
      label: t('organization:code'),
      required: true,
      maxlength: 12,
      hint: t('organization:store.codeHint'),
      autocomplete: 'off',
    },
    {
      name: 'kind',
      label: t('organization:store.kind'),
      type: 'select',
      required: true,
      choose: false,
      options: kinds,
    },
  ];
  const rest: Field[] = [
    { name: 'name', label: t('organization:name'), required: true, maxlength: 60 },
    { name: 'phone', label: t('organization:phone'), type: 'tel', optional: true },
    { name: 'address', label: t('organization:address'), optional: true, maxlength: 200, wide: true },
  ];
  if (isNew) return [...first, ...rest];
  return [...rest, { name: 'active', label: t('organization:store.active'), type: 'checkbox', wide: true }];
}
