import { file, type Reply, type Ctx } from '../http';
import { type ExportColumn, type ExportRow, writeXlsx } from '../spreadsheet';
import type { Action } from '../views';
import { listHref, type ListQuery } from './list-query';

/** Rows of an export in one file; more are cut off and the last row says so. */
export const EXPORT_ROW_LIMIT = 200_000;
const EXPORT_PAGE = 2000;

/** The button of a list's page head: all rows of the list as it is filtered and sorted, from the page's address with `.xlsx`. */
export function exportAction({ t }: Pick<Ctx, 't'>, query: ListQuery): Action {
  const href = listHref({ ...query, spec: { ...query.spec, path: `${query.spec.path}.xlsx` } });
  return { look: 'quiet', icon: 'file-spreadsheet', label: t('common:action.exportExcel'), href, wideOnly: true };
}

/**
 * All rows of a list as .xlsx, read page by page with the list's own keyset query, so memory stays flat. `load` runs the
 * list's query for a ListQuery; columns the reader has no right to (cost) must not be in `columns` at all.
 */
export function exportReply<R extends { id: number; sortValue: string | number }>(
  ctx: Pick<Ctx, 't' | 'services'>,
  {
    name,
    sheet,
    columns,
    query,
    load,
    toRow,
  }: {
    /** File name without ending. */
    name: string;
    sheet: string;
    columns: readonly ExportColumn[];
    query: ListQuery;
    load: (query: ListQuery) => Promise<readonly R[]>;
    toRow: (row: R) => ExportRow;
  },
): Reply {
  const rows = async function* (): AsyncGenerator<ExportRow> {
    let at: ListQuery = { ...query, size: EXPORT_PAGE, after: null, before: null };
    for (let written = 0; written < EXPORT_ROW_LIMIT;) {
      const found = await load(at);
      for (const row of found.slice(0, EXPORT_PAGE)) yield toRow(row);
      written += Math.min(found.length, EXPORT_PAGE);
      const last = found[EXPORT_PAGE - 1];
      if (found.length <= EXPORT_PAGE || !last) return;
      at = { ...at, after: { value: last.sortValue, id: last.id } };
    }
    yield [ctx.t('common:list.exportCut', { limit: EXPORT_ROW_LIMIT })];
  };
  const body = writeXlsx([{ name: sheet, columns: [...columns], rows: rows() }], {
    timeZone: ctx.services.timeZone,
    yes: ctx.t('common:yes'),
    no: ctx.t('common:no'),
  });
  return file(`${name}.xlsx`, 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', body);
}
