import type { Ctx } from '../../../platform/http';
import { listHref, type ListPage, type ListQuery, sortLink } from '../../../platform/lists';
import { type Field, type FilterBar, type List, type PageHead, stateLabel } from '../../../platform/views';
import type { StaffListRow } from '../queries/staff-list';
import type { DepartmentRow } from '../queries/staff';
import type { StoreRow } from '../queries/stores';

export const STAFF = '/organization/staff';

export interface StaffChoices {
  stores: readonly StoreRow[];
  departments: readonly DepartmentRow[];
}

export function staffListPage(
  ctx: Ctx,
  query: ListQuery,
  { rows, previousHref, nextHref }: ListPage<StaffListRow>,
  choices: StaffChoices,
): { head: PageHead; list: List } {
  const { t } = ctx;
  const mayEdit = ctx.can('organization.staff.edit');
  const create = {
    label: t('organization:staff.create'),
    href: `${STAFF}/new`,
    icon: 'user-plus' as const,
    look: 'primary' as const,
  };
  return {
    head: { title: t('organization:staff.title'), ...(mayEdit ? { actions: [create] } : {}) },
    list: {
      filters: staffFilters(ctx, query, choices),
      table: {
        id: 'staff',
        caption: t('organization:staff.title'),
        sticky: true,
        columns: [
          { key: 'name', label: t('organization:staff.name'), card: 'title', sort: sortLink(query, 'name') },
          { key: 'code', label: t('organization:staff.code'), sort: sortLink(query, 'code') },
          { key: 'store', label: t('organization:staff.store') },
          { key: 'department', label: t('organization:staff.department') },
          { key: 'jobTitle', label: t('organization:staff.jobTitle') },
          { key: 'phone', label: t('organization:phone') },
          { key: 'state', label: t('organization:state'), card: 'state' },
        ],
        rows: rows.map((row) => ({
          id: row.id,
          label: row.name,
          cells: [
            { text: row.name, href: `${STAFF}/${row.id}`, strong: true },
            row.code,
            row.storeName ?? { text: t('organization:staff.headOffice'), muted: true },
            row.departmentName ?? '',
            row.jobTitle ?? '',
            row.phone ?? '',
            { state: stateLabel(t, row.active ? 'active' : 'inactive') },
          ],
        })),
      },
      pager: { ...(previousHref ? { previousHref } : {}), ...(nextHref ? { nextHref } : {}) },
      empty: {
        title: t('organization:staff.empty'),
        text: t('organization:staff.emptyHint'),
        ...(mayEdit ? { action: create } : {}),
      },
      filtered: Object.keys(query.filters).length > 0,
      clearHref: STAFF,
    },
  };
}

function staffFilters({ t }: Ctx, query: ListQuery, { stores, departments }: StaffChoices): FilterBar {
  const { q = '', store, department, active } = query.filters;
  const chips: FilterBar['chips'] = [];
  const chip = (label: string | undefined, name: string): void => {
    if (label) chips.push({ label, removeHref: listHref(query, { [name]: null }) });
  };
  chip(stores.find((row) => String(row.id) === store)?.name, 'store');
  chip(departments.find((row) => String(row.id) === department)?.name, 'department');
  if (active === 'all' || active === 'no') chip(t(`organization:staff.active.${active}`), 'active');
  return {
    action: STAFF,
    text: { name: 'q', value: q, label: t('organization:staff.searchFor') },
    chips,
    fields: [
      {
        name: 'store',
        label: t('organization:staff.store'),
        type: 'select',
        value: store ?? '',
        options: stores.map((row) => ({ value: row.id, label: row.name })),
      },
      {
        name: 'department',
        label: t('organization:staff.department'),
        type: 'select',
        value: department ?? '',
        options: departments.map((row) => ({ value: row.id, label: row.name })),
      },
      {
        name: 'active',
        label: t('organization:state'),
        type: 'select',
        value: active ?? '',
        choose: t('organization:staff.active.yes'),
        options: ['no', 'all'].map((value) => ({ value, label: t(`organization:staff.active.${value}`) })),
      },
    ],
  };
}

export function staffFields({ t }: Pick<Ctx, 't'>, { stores, departments }: StaffChoices, isNew: boolean): Field[] {
  const code: Field = {
    name: 'code',
    label: t('organization:staff.code'),
    required: true,
    maxlength: 20,
    hint: t('organization:staff.codeHint'),
    autocomplete: 'off',
  };
  return [
    ...(isNew ? [code] : []),
    { name: 'name', label: t('organization:staff.name'), required: true, maxlength: 60, autocomplete: 'off' },
    {
      name: 'storeId',
      label: t('organization:staff.store'),
      type: 'select',
      choose: t('organization:staff.headOffice'),
      options: stores.map((row) => ({ value: row.id, label: `${row.code} ${row.name}` })),
    },
    {
      name: 'departmentId',
      label: t('organization:staff.department'),
      type: 'select',
      choose: t('common:none'),
      options: departments.filter((row) => row.active).map((row) => ({ value: row.id, label: row.name })),
    },
    { name: 'jobTitle', label: t('organization:staff.jobTitle'), optional: true, maxlength: 40 },
    { name: 'phone', label: t('organization:phone'), type: 'tel', optional: true, autocomplete: 'off' },
    ...(isNew
      ? []
      : [{ name: 'active', label: t('organization:staff.isActive'), type: 'checkbox' as const, wide: true }]),
  ];
}
