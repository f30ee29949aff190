import type { Ctx } from '../../../platform/http';
import { listHref, type ListPage, type ListQuery, sortLink } from '../../../platform/lists';
import type { Facts, Field, FilterBar, List, PageHead } from '../../../platform/views';
import { GENDERS } from '../domain/customer';
import type { CustomerListRow } from '../queries/customer-list';
import type { CustomerView } from '../queries/customers';

export const CUSTOMERS = '/crm/customers';

export function customerListPage(
  ctx: Ctx,
  query: ListQuery,
  { rows, previousHref, nextHref }: ListPage<CustomerListRow>,
): { head: PageHead; list: List } {
  const { t, f } = ctx;
  const create = {
    label: t('crm:customer.create'),
    href: `${CUSTOMERS}/new`,
    icon: 'user-plus' as const,
    look: 'primary' as const,
  };
  const mayEdit = ctx.can('crm.customer.edit');
  return {
    head: { title: t('crm:customer.title'), ...(mayEdit ? { actions: [create] } : {}) },
    list: {
      filters: customerFilters(ctx, query),
      table: {
        id: 'customers',
        caption: t('crm:customer.title'),
        sticky: true,
        columns: [
          { key: 'name', label: t('crm:customer.name'), card: 'title' },
          { key: 'phone', label: t('crm:customer.phone') },
          { key: 'code', label: t('crm:customer.code'), sort: sortLink(query, 'code') },
          { key: 'store', label: t('crm:customer.store') },
          { key: 'consent', label: t('crm:customer.consentShort') },
          {
            key: 'updated',
            label: t('crm:customer.updated'),
            sort: sortLink(query, 'updated'),
            num: true,
            card: 'number',
          },
        ],
        rows: rows.map((row) => ({
          id: row.id,
          label: row.name ?? row.code,
          cells: [
            { text: row.name ?? t('crm:customer.nameless'), href: `${CUSTOMERS}/${row.id}`, strong: true },
            row.phoneMasked ?? '',
            row.code,
            row.storeName ?? '',
            row.consentAt === null ? '' : t('common:yes'),
            f.dateTime(row.updatedAt),
          ],
        })),
      },
      pager: { ...(previousHref ? { previousHref } : {}), ...(nextHref ? { nextHref } : {}) },
      empty: {
        title: t('crm:customer.empty'),
        text: t('crm:customer.emptyHint'),
        ...(mayEdit ? { action: create } : {}),
      },
      filtered: Object.keys(query.filters).length > 0,
      clearHref: CUSTOMERS,
    },
  };
}

function customerFilters(ctx: Ctx, query: ListQuery): FilterBar {
  const { t } = ctx;
  const { q = '', store, consent } = query.filters;
  const chips: FilterBar['chips'] = [];
  const storeName = ctx.stores.find((row) => String(row.id) === store)?.name;
  if (storeName) chips.push({ label: storeName, removeHref: listHref(query, { store: null }) });
  if (consent === 'yes' || consent === 'no')
    chips.push({ label: t(`crm:customer.consent.${consent}`), removeHref: listHref(query, { consent: null }) });
  return {
    action: CUSTOMERS,
    text: { name: 'q', value: q, label: t('crm:customer.searchFor') },
    chips,
    fields: [
      {
        name: 'store',
        label: t('crm:customer.store'),
        type: 'select',
        value: store ?? '',
        options: ctx.stores.map((row) => ({ value: row.id, label: row.name })),
      },
      {
        name: 'consent',
        label: t('crm:customer.consentShort'),
        type: 'select',
        value: consent ?? '',
        options: ['yes', 'no'].map((value) => ({ value, label: t(`crm:customer.consent.${value}`) })),
      },
    ],
  };
}

export function customerFacts(ctx: Ctx, row: CustomerView, storeName: string | null): Facts {
  const { t, f } = ctx;
  const facts: Facts['facts'] = [
    { label: t('crm:customer.code'), value: row.code },
    { label: t('crm:customer.phone'), value: row.phone ?? row.phoneMasked ?? t('common:none') },
    { label: t('crm:customer.gender'), value: row.gender ? t(`crm:gender.${row.gender}`) : t('common:unknown') },
    { label: t('crm:customer.birthOn'), value: row.birthOn ? f.date(row.birthOn) : t('common:unknown') },
    { label: t('crm:customer.store'), value: storeName ?? t('common:none') },
    {
      label: t('crm:customer.consentShort'),
      value:
        row.consentAt === null
          ? t('crm:customer.consent.no')
          : t('crm:customer.consentSince', { at: f.dateTime(row.consentAt) }),
    },
    { label: t('crm:customer.since'), value: f.dateTime(row.createdAt) },
    { label: t('crm:customer.note'), value: row.note ?? '' },
  ];
  return { facts: facts.filter((fact) => fact.value !== '') };
}

/** `phoneHint` is set for who may not see the number: then an empty field keeps it. */
export function customerFields({ t }: Pick<Ctx, 't'>, phoneHint?: string): Field[] {
  return [
    {
      name: 'phone',
      label: t('crm:customer.phone'),
      type: 'tel',
      autocomplete: 'off',
      inputmode: 'tel',
      ...(phoneHint ? { hint: phoneHint } : {}),
    },
    { name: 'name', label: t('crm:customer.name'), maxlength: 60, autocomplete: 'off' },
    {
      name: 'gender',
      label: t('crm:customer.gender'),
      type: 'select',
      choose: t('common:unknown'),
      options: GENDERS.map((value) => ({ value, label: t(`crm:gender.${value}`) })),
    },
    { name: 'birthOn', label: t('crm:customer.birthOn'), type: 'date', optional: true },
    { name: 'note', label: t('crm:customer.note'), type: 'textarea', optional: true, maxlength: 400, wide: true },
    { name: 'consent', label: t('crm:customer.consentLong'), type: 'checkbox', wide: true },
  ];
}
