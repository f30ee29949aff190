import type { Ctx } from '../../../platform/http';
import { listHref, type ListPage, type ListQuery, sortLink } from '../../../platform/lists';
import type { Facts, Field, FilterBar, List, PageHead } from '../../../platform/views';
import type { MemberLevel } from '../../pricing';
import { GENDERS } from '../domain/customer';
import type { CustomerListRow } from '../queries/customer-list';
import type { CustomerView } from '../queries/customers';

export const CUSTOMERS = '/crm/customers';

export function customerListPage(
  ctx: Ctx,
  query: ListQuery,
  { rows, previousHref, nextHref }: ListPage<CustomerListRow>,
  levels: readonly MemberLevel[],
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
      filters: customerFilters(ctx, query, levels),
      table: {
        id: 'customers',
        caption: t('crm:customer.title'),
        sticky: true,
        columns: [
          { key: 'name', label: t('crm:customer.name'), card: 'title' },
          { key: 'phone', label: t('crm:customer.phone') },
          { key: 'code', label: t('crm:customer.code'), sort: sortLink(query, 'code') },
          { key: 'store', label: t('crm:customer.store') },
          ...(levels.length > 0 ? [{ key: 'level', label: t('crm:customer.level') }] : []),
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
            ...(levels.length > 0 ? [levelName(levels, row.levelId) ?? ''] : []),
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

export const levelName = (levels: readonly MemberLevel[], id: number | null): string | undefined =>
  levels.find((level) => level.id === id)?.name;

function customerFilters(ctx: Ctx, query: ListQuery, levels: readonly MemberLevel[]): FilterBar {
  const { t } = ctx;
  const { q = '', store, consent, level } = query.filters;
  const chips: FilterBar['chips'] = [];
  const storeName = ctx.stores.find((row) => String(row.id) === store)?.name;
  if (storeName) chips.push({ label: storeName, removeHref: listHref(query, { store: null }) });
  const ofLevel = level === 'none' ? t('crm:customer.noLevel') : levelName(levels, Number(level));
  if (level && ofLevel) chips.push({ label: ofLevel, removeHref: listHref(query, { level: null }) });
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
      ...(levels.length > 0
        ? [
            {
              name: 'level',
              label: t('crm:customer.level'),
              type: 'select' as const,
              value: level ?? '',
              options: [
                ...levels.map(({ id, name }) => ({ value: String(id), label: name })),
                { value: 'none', label: t('crm:customer.noLevel') },
              ],
            },
          ]
        : []),
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

export function customerFacts(ctx: Ctx, row: CustomerView, storeName: string | null, level: string | null): Facts {
  const { t, f } = ctx;
  const facts: Facts['facts'] = [
    { label: t('crm:customer.code'), value: row.code },
    { label: t('crm:customer.phone'), value: row.phone ?? row.phoneMasked ?? t('common:none') },
    { label: t('crm:customer.gender'), value: row.gender ? t(`crm:gender.${row.gender}`) : t('common:unknown') },
    { label: t('crm:customer.birthOn'), value: row.birthOn ? f.date(row.birthOn) : t('common:unknown') },
    { label: t('crm:customer.store'), value: storeName ?? t('common:none') },
    { label: t('crm:customer.level'), value: level ?? '' },
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

/** `levels` to choose from, none for who may not set them. `phoneHint` is set for who may not see the number: then an empty field keeps it. */
export function customerFields({ t }: Pick<Ctx, 't'>, levels: readonly MemberLevel[], phoneHint?: string): Field[] {
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
    ...(levels.length > 0
      ? [
          {
            name: 'levelId',
            label: t('crm:customer.level'),
            type: 'select' as const,
            choose: t('crm:customer.noLevel'),
            options: levels.map(({ id, name }) => ({ value: id, label: name })),
          },
        ]
      : []),
    { name: 'birthOn', label: t('crm:customer.birthOn'), type: 'date', optional: true },
    { name: 'note', label: t('crm:customer.note'), type: 'textarea', optional: true, maxlength: 400, wide: true },
    { name: 'consent', label: t('crm:customer.consentLong'), type: 'checkbox', wide: true },
  ];
}
