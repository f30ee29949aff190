import { type Ctx, file, type Reply } from '../../../platform/http';
import { listHref, type ListQuery, type ListSpec } from '../../../platform/lists';
import { type ExportColumn, type ExportRow, writeXlsx } from '../../../platform/spreadsheet';
import type { Action, Tabs } from '../../../platform/views';
import type { Choices } from './stock-filter';

/** By what the pages of values and ages add up. */
export const GROUPS = ['store', 'category', 'brand'] as const;
export type Group = (typeof GROUPS)[number];

/** A page of sums: it has filters like a list, but all of its rows at once. */
export const sumsSpec = (path: string, filters: readonly string[]): ListSpec => ({
  path,
  id: 'id',
  filters,
  sorts: { name: { expression: 'name', type: 'text', direction: 'ascending' } },
});

export const groupOf = ({ filters }: ListQuery): Group => GROUPS.find((group) => group === filters['by']) ?? 'store';

export function groupTabs({ t }: Ctx, query: ListQuery): Tabs {
  const current = groupOf(query);
  return {
    label: t('common:list.views'),
    tabs: GROUPS.map((group) => ({
      label: t(`reporting:by.${group}`),
      href: listHref(query, { by: group === 'store' ? null : group }),
      current: group === current,
    })),
  };
}

/** Sums with the name of what they are of, in the order in which stores, categories or brands are listed everywhere. */
export function named<R extends { groupId: number }>(
  ctx: Ctx,
  group: Group,
  { brands, categories }: Choices,
  rows: readonly R[],
): (R & { name: string })[] {
  const byId = new Map(rows.map((row) => [row.groupId, row]));
  const names =
    group === 'store'
      ? ctx.stores
      : group === 'brand'
        ? brands
        : categories.map(({ id, path }) => ({ id, name: path }));
  return names.flatMap(({ id, name }) => {
    const row = byId.get(id);
    return row ? [{ ...row, name }] : [];
  });
}

/** The address of a page behind a sum: the filters of this page and the group of the row. */
export function behind(
  path: string,
  query: ListQuery,
  group: Group,
  groupId: number,
  more: Record<string, string> = {},
): string {
  const { q, store, category, brand, on } = query.filters;
  const values = { q, store, category, brand, on, [group]: String(groupId), ...more };
  const given = Object.entries(values).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return `${path}?${new URLSearchParams(given).toString()}`;
}

export const sumsExport = ({ t }: Ctx, query: ListQuery): Action => ({
  look: 'quiet',
  icon: 'file-spreadsheet',
  label: t('common:action.exportExcel'),
  href: listHref({ ...query, spec: { ...query.spec, path: `${query.spec.path}.xlsx` } }),
  wideOnly: true,
});

export function sumsFile({ t, services }: Ctx, name: string, columns: ExportColumn[], rows: ExportRow[]): Reply {
  const words = { timeZone: services.timeZone, yes: t('common:yes'), no: t('common:no') };
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
  return file(`${name}.xlsx`, type, writeXlsx([{ name: name.slice(0, 28), columns, rows }], words));
}
